package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Problem;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The authorization server: OAuth 2.0's authorization code, with PKCE by S256. The page is {@code /v2/oauth/chooselocation}, tokens come
 * from {@code POST /oauth/token}. A code is good for one exchange within ten minutes of the clock, a refresh token for one refresh;
 * used again, either ends its grant. Thread-safe.
 */
public final class OAuth {
    private static final Duration CODE_LIVES = Duration.ofMinutes(10);

    private final Clock clock;
    private final RateLimits limits;
    private final Locations locations;
    private final Map<String, App> apps = new HashMap<>();
    private final Map<String, Code> codes = new HashMap<>();
    private final Map<String, OAuthGrant> redeemed = new HashMap<>();
    private final Map<String, OAuthGrant> byRefreshToken = new HashMap<>();
    private final Map<String, AccessToken> accessTokens = new HashMap<>();
    private final List<OAuthGrant> grants = new ArrayList<>();
    private int given;
    private boolean refusesPkce;
    private boolean camelCase;
    private Duration accessTokensLive = Duration.ofSeconds(86_399);
    private volatile Duration refreshTakes = Duration.ZERO;

    private record App(String secret, Set<URI> redirectUris) {}

    private record Code(AuthorizationRequest request, String locationId, Instant until) {}

    private record AccessToken(OAuthGrant grant, Instant until) {}

    /** What the token endpoint gives. */
    record Tokens(String access, String refresh, OAuthGrant grant, Duration lives, boolean camelCase) {}

    OAuth(Clock clock, RateLimits limits, Locations locations) {
        this.clock = clock;
        this.limits = limits;
        this.locations = locations;
    }

    /** Registers an app; an app that is there already is replaced. */
    public synchronized void addApp(String clientId, String clientSecret, URI... redirectUris) {
        apps.put(clientId, new App(clientSecret, Set.of(redirectUris)));
    }

    /**
     * Does what somebody does on the page: allows what is asked, for this location or, with the agency's id, for the agency.
     *
     * @param authorizeUrl where the browser was sent, whatever its host
     * @return where the browser is sent back to, with the code and the state
     * @throws IllegalArgumentException with a sentence where the page would be answered with an error
     */
    public URI consent(URI authorizeUrl, String locationId) {
        return consent(authorizeUrl.getRawQuery(), locationId);
    }

    /** Somebody cancels on the page; returns where the browser is sent back to. */
    public URI deny(URI authorizeUrl) {
        return deny(authorizeUrl.getRawQuery());
    }

    /** Whether the parameters of PKCE are an error, as with a server that does not know them; off unless set. */
    public synchronized void refusePkce(boolean refuse) {
        refusesPkce = refuse;
    }

    /** Whether tokens are answered as {@code accessToken} instead of {@code access_token}; off unless set. */
    public synchronized void camelCase(boolean camel) {
        camelCase = camel;
    }

    /** How long new access tokens are good, by the clock; a day less a second unless set. */
    public synchronized void accessTokensLive(Duration time) {
        accessTokensLive = Objects.requireNonNull(time, "time");
    }

    /** How long, in real time, a refresh that has used its refresh token up takes to answer; not at all unless set. */
    public void refreshTakes(Duration time) {
        refreshTakes = Objects.requireNonNull(time, "time");
    }

    /** Every grant, the oldest first, revoked ones too. */
    public synchronized List<OAuthGrant> grants() {
        return List.copyOf(grants);
    }

    Duration refreshTime() {
        return refreshTakes;
    }

    /** What an access token may do; empty where it is not valid. */
    synchronized Optional<Access> find(String token) {
        AccessToken found = accessTokens.get(token);
        return found == null || found.grant().isRevoked() || !clock.instant().isBefore(found.until())
                ? Optional.empty()
                : Optional.of(found.grant().access());
    }

    /** Throws {@link Problem} 400 where the page is an error. */
    synchronized AuthorizationRequest request(String rawQuery) {
        AuthorizationRequest request = AuthorizationRequest.of(rawQuery, refusesPkce);
        App app = apps.get(request.clientId());
        if (app == null) {
            throw new Problem(400, "There is no app with the client_id '%s'.".formatted(request.clientId()));
        }
        if (!app.redirectUris().contains(request.redirectUri())) {
            throw new Problem(400, "redirect_uri '%s' is none of the app's.".formatted(request.redirectUri()));
        }
        return request;
    }

    synchronized URI consent(String rawQuery, String locationId) {
        AuthorizationRequest request = request(rawQuery);
        boolean agency = IntellivizzSandbox.AGENCY.equals(locationId);
        if (!agency && locations.find(String.valueOf(locationId)).isEmpty()) {
            throw new Problem(400, "There is no location '%s'.".formatted(locationId));
        }
        String code = next("code");
        codes.put(
                code,
                new Code(request, agency ? null : locationId, clock.instant().plus(CODE_LIVES)));
        return request.back("code", code);
    }

    synchronized URI deny(String rawQuery) {
        return request(rawQuery).back("error", "access_denied");
    }

    /** Throws {@link OAuthProblem} unless the secret is the client's. */
    synchronized void authenticate(String clientId, String clientSecret) {
        App app = apps.get(clientId);
        if (app == null || !app.secret().equals(clientSecret)) {
            throw new OAuthProblem(401, "invalid_client", "The client_id or the client_secret is not valid.");
        }
    }

    synchronized Tokens exchange(String clientId, String code, String redirectUri, String verifier) {
        if (verifier != null && refusesPkce) {
            throw new OAuthProblem(400, "invalid_request", "code_verifier is no parameter of this endpoint.");
        }
        if (redeemed.containsKey(code)) {
            redeemed.get(code).revoke();
        }
        Code found = codes.remove(code);
        if (found == null
                || !found.request().clientId().equals(clientId)
                || !clock.instant().isBefore(found.until())) {
            throw invalidGrant("The code is not valid, was used or has expired.");
        }
        if (redirectUri != null
                && !redirectUri.equals(found.request().redirectUri().toString())) {
            throw invalidGrant("redirect_uri is not the one that the code was given to.");
        }
        if (found.request().challenge() != null && !found.request().challenge().equals(challenge(verifier))) {
            throw invalidGrant("code_verifier does not fit the code_challenge.");
        }
        OAuthGrant grant = new OAuthGrant(
                "grant_%d".formatted(grants.size() + 1),
                clientId,
                new Access(found.locationId(), found.request().scopes()));
        grants.add(grant);
        redeemed.put(code, grant);
        String refreshToken = next("rt");
        grant.start(refreshToken);
        return give(grant, refreshToken);
    }

    synchronized Tokens refresh(String clientId, String refreshToken) {
        OAuthGrant grant = byRefreshToken.get(refreshToken);
        if (grant == null || !grant.clientId().equals(clientId)) {
            throw invalidGrant("The refresh_token is not valid.");
        }
        String next = next("rt");
        if (!grant.use(refreshToken, next)) {
            throw invalidGrant("The refresh_token was used or revoked.");
        }
        return give(grant, next);
    }

    private Tokens give(OAuthGrant grant, String refreshToken) {
        String token = next("at");
        byRefreshToken.put(refreshToken, grant);
        accessTokens.put(token, new AccessToken(grant, clock.instant().plus(accessTokensLive)));
        limits.count(token, grant.arrivals());
        return new Tokens(token, refreshToken, grant, accessTokensLive, camelCase);
    }

    /** Obviously fake. */
    private String next(String kind) {
        return "ivz_%s_%032x".formatted(kind, ++given);
    }

    private static String challenge(String verifier) {
        if (verifier == null) {
            return "";
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    private static OAuthProblem invalidGrant(String description) {
        return new OAuthProblem(400, "invalid_grant", description);
    }
}
