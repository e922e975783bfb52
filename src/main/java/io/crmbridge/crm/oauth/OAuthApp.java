package io.crmbridge.crm.oauth;

import io.crmbridge.crm.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * An app as registered with the CRM: {@code bridge.oauth.<name>.*}.
 *
 * @param scopes what is asked for whatever the routes need; none: what the routes need
 * @param redirectUri https, or http to a loopback host; empty: a free port of this machine
 */
public record OAuthApp(
        String name, String clientId, Secret clientSecret, Set<String> scopes, Optional<URI> redirectUri) {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    public OAuthApp {
        scopes = Set.copyOf(scopes);
    }

    /** Whether an address is one of the machine that opens it. */
    public static boolean isLoopback(URI address) {
        return address.getHost() != null && LOOPBACK.contains(address.getHost());
    }
}
