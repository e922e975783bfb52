package io.crmbridge.sandbox.intellivizz;

import java.util.HashSet;
import java.util.Set;

/** What somebody allowed an app. It ends when it is revoked, or when a refresh token comes a second time. Thread-safe. */
public final class OAuthGrant {
    private final String id;
    private final String clientId;
    private final Access access;
    private final Arrivals arrivals = new Arrivals();
    private final Set<String> used = new HashSet<>();
    private String refreshToken;
    private int refreshes;
    private int reuses;
    private boolean revoked;

    OAuthGrant(String id, String clientId, Access access) {
        this.id = id;
        this.clientId = clientId;
        this.access = access;
    }

    public String id() {
        return id;
    }

    /** Null where the agency allowed it. */
    public String locationId() {
        return access.locationId();
    }

    public Set<String> scopes() {
        return access.scopes();
    }

    /** How often new tokens were given for a refresh token. */
    public synchronized int refreshes() {
        return refreshes;
    }

    /** How often a refresh token came that had been used already. */
    public synchronized int reuses() {
        return reuses;
    }

    public synchronized boolean isRevoked() {
        return revoked;
    }

    /** As somebody does who uninstalls the app: its tokens are refused from the next request on. */
    public synchronized void revoke() {
        revoked = true;
    }

    String clientId() {
        return clientId;
    }

    Access access() {
        return access;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /** The first one. */
    synchronized void start(String newRefreshToken) {
        refreshToken = newRefreshToken;
    }

    /** Whether the token may be used, which it is thereby; one that was used before ends the grant. */
    synchronized boolean use(String token, String next) {
        if (used.contains(token)) {
            reuses++;
            revoked = true;
        }
        if (revoked || !token.equals(refreshToken)) {
            return false;
        }
        used.add(token);
        refreshToken = next;
        refreshes++;
        return true;
    }
}
