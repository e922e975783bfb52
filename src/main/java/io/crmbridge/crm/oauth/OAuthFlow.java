package io.crmbridge.crm.oauth;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.util.MultivaluedMapUtils;
import com.nimbusds.oauth2.sdk.util.URLUtils;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.CrmHttp.Limits;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.oauth.TokenAnswer.AppRefused;
import io.crmbridge.crm.oauth.TokenAnswer.GrantRefused;
import io.crmbridge.crm.oauth.TokenAnswer.Granted;
import io.crmbridge.crm.oauth.TokenAnswer.Passing;
import io.crmbridge.state.Tokens.Issued;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The authorization code flow of one app, with state and PKCE (S256). Thread-safe. */
public final class OAuthFlow implements AutoCloseable {
    /** A call to the token endpoint is small, and a claim in the store outlasts two of them. */
    public static final Limits LIMITS = new Limits(1 << 18, Duration.ofSeconds(10), Duration.ofSeconds(20));

    private final OAuthApp app;
    private final OAuthEndpoints endpoints;
    private final Limits limits;
    private final TokenEndpoint tokens;

    public OAuthFlow(OAuthApp app, OAuthEndpoints endpoints, Limits limits, Clock clock) {
        this.app = app;
        this.endpoints = endpoints;
        this.limits = limits;
        this.tokens = new TokenEndpoint(app, endpoints.token(), limits, clock);
    }

    /**
     * What a person is asked for, and what its answer is known by. State and verifier are this browser's or command's alone.
     *
     * @param url to open
     */
    public record Consent(URI url, String state, String verifier, URI redirectUri, Set<String> scopes) {
        @Override
        public String toString() {
            return "Consent[" + redirectUri + "]";
        }
    }

    /**
     * What the CRM sent the browser back with. An address that holds none of it is one too.
     *
     * @param error of RFC 6749, such as access_denied
     */
    public record Redirected(Optional<String> code, Optional<String> state, Optional<String> error) {

        /** @param address with all its parameters */
        public static Redirected of(URI address) {
            Map<String, List<String>> parameters = URLUtils.parseParameters(address.getRawQuery());
            return new Redirected(first(parameters, "code"), first(parameters, "state"), first(parameters, "error"));
        }

        private static Optional<String> first(Map<String, List<String>> parameters, String name) {
            return Optional.ofNullable(MultivaluedMapUtils.getFirstValue(parameters, name));
        }

        /** Whether it answers what was begun with that state. */
        public boolean isOf(String expected) {
            return state.filter(text -> MessageDigest.isEqual(
                            text.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8)))
                    .isPresent();
        }

        /** Without the code. */
        @Override
        public String toString() {
            return "Redirected[error=" + error.orElse("none") + "]";
        }
    }

    public OAuthApp app() {
        return app;
    }

    /**
     * Begins anew: each consent has its own state and verifier.
     *
     * @param needed the scopes that the routes need; those that the app's settings name come in their place
     */
    public Consent begin(Set<String> needed, URI redirectUri) {
        State state = new State(32);
        CodeVerifier verifier = new CodeVerifier();
        Set<String> scopes = new TreeSet<>(app.scopes().isEmpty() ? needed : app.scopes());
        AuthorizationRequest.Builder request = new AuthorizationRequest.Builder(
                        ResponseType.CODE, new ClientID(app.clientId()))
                .endpointURI(endpoints.authorize())
                .redirectionURI(redirectUri)
                .state(state)
                .codeChallenge(verifier, CodeChallengeMethod.S256);
        if (!scopes.isEmpty()) {
            request.scope(new Scope(scopes.toArray(String[]::new)));
        }
        return new Consent(request.build().toURI(), state.getValue(), verifier.getValue(), redirectUri, scopes);
    }

    /**
     * Checks the state and exchanges the code.
     *
     * @throws CrmException INVALID when it does not answer this consent, REFUSED when the person or the CRM refused, RETRY when the
     *     token endpoint did not answer
     */
    public Issued finish(Consent consent, Redirected redirected) {
        if (!redirected.isOf(consent.state())) {
            throw new CrmException(
                    Verdict.INVALID,
                    "this is no answer to the consent that was asked for here (its state is another one): begin again, and open the new address");
        }
        if (redirected.error().isPresent() || redirected.code().isEmpty()) {
            throw new CrmException(
                    Verdict.REFUSED,
                    "consent was not given (%s)"
                            .formatted(redirected
                                    .error()
                                    .filter(error -> error.matches("[a-z_]{1,40}"))
                                    .orElse("there is no code in the answer")));
        }
        return exchange(redirected.code().get(), consent);
    }

    private Issued exchange(String code, Consent consent) {
        TokenAnswer answer = tokens.ask(new AuthorizationCodeGrant(
                new AuthorizationCode(code), consent.redirectUri(), new CodeVerifier(consent.verifier())));
        if (answer instanceof Granted granted) {
            Issued issued = granted.issued();
            // RFC 6749: scopes that are those asked for may be left out.
            return issued.scopes().isEmpty() ? with(issued, consent.scopes()) : issued;
        }
        if (answer instanceof GrantRefused refused) {
            throw new CrmException(
                    Verdict.REFUSED, "%s: the code was not accepted, begin again".formatted(refused.why()));
        }
        if (answer instanceof AppRefused refused) {
            throw appRefused(refused.why());
        }
        Passing passing = (Passing) answer;
        throw new CrmException(
                Verdict.RETRY,
                "%s: the code works once, so begin again".formatted(passing.why()),
                passing.retryAfter(),
                null);
    }

    private static Issued with(Issued issued, Set<String> scopes) {
        return new Issued(
                issued.access(),
                issued.refresh(),
                issued.at(),
                issued.expires(),
                scopes,
                issued.identity(),
                issued.userType());
    }

    CrmException appRefused(String why) {
        return new CrmException(
                Verdict.REFUSED,
                "%s: the CRM does not accept the app; check bridge.oauth.%s.client-id and .client-secret"
                        .formatted(why, app.name()),
                Optional.empty(),
                null,
                401,
                false);
    }

    TokenAnswer refresh(String refreshToken) {
        return tokens.ask(new RefreshTokenGrant(new RefreshToken(refreshToken)));
    }

    /** What two calls take at most, with time to write the answer down. */
    Duration longest() {
        Duration call = limits.connectTime().plus(limits.answerTime().multipliedBy(2));
        return call.multipliedBy(2).plus(limits.answerTime());
    }

    @Override
    public void close() {
        tokens.close();
    }
}
