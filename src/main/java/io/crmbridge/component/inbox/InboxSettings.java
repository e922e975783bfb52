package io.crmbridge.component.inbox;

import io.crmbridge.crm.Secret;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * {@code bridge.inbox.<name>.*}.
 *
 * @param secret without one only requests of this machine are taken
 * @param publicKey that proves signatures which are made without a secret of both sides
 * @param signatureHeader where a signature of the bundle's own choice stands
 * @param dedupe for how long the key of an entry is remembered
 * @param maxBody in bytes
 * @param rate most requests a minute
 * @param origins of pages that may post from a browser
 * @param honeypot field that a person leaves empty
 */
public record InboxSettings(
        Optional<Secret> secret,
        Signing signing,
        Optional<PublicKey> publicKey,
        Optional<String> signatureHeader,
        Duration dedupe,
        int maxBody,
        int rate,
        Set<String> origins,
        Optional<String> honeypot) {

    /** Of an inbox that no key names. */
    public static final InboxSettings USUAL = new InboxSettings(
            Optional.empty(),
            Signing.BEARER,
            Optional.empty(),
            Optional.empty(),
            Duration.ofHours(24),
            1 << 20,
            600,
            Set.of(),
            Optional.empty());
}
