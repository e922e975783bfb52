package io.crmbridge.component.hook;

import io.crmbridge.crm.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * {@code bridge.hook.<name>.*}.
 *
 * @param secret of Standard Webhooks: whsec_ and base64, or any text
 * @param allowPrivate whether loopback and other inward addresses are allowed
 */
public record HookSettings(
        URI url, Optional<Secret> secret, boolean allowPrivate, Map<String, String> headers, Duration timeout) {}
