package io.crmbridge.crm.oauth;

import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.oauth.OAuthFlow.Consent;
import io.crmbridge.crm.oauth.OAuthFlow.Redirected;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.Tokens;
import io.crmbridge.state.Tokens.Entry;
import io.crmbridge.state.Tokens.Issued;
import io.crmbridge.web.Request;
import io.crmbridge.web.WebServer.Answer;
import io.crmbridge.web.WebServer.Taker;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs of published apps: {@code /oauth/<app>/install} leads a browser to the CRM's consent page, and
 * {@code /oauth/<app>/callback} stores the tokens it comes back with under a connection of its own, {@code <app>-<location id>}.
 * A callback counts only in the browser where the install was begun. Thread-safe.
 *
 * <p>The bridge's server speaks plain HTTP on a loopback address. For browsers elsewhere a reverse proxy puts TLS before it, and
 * the app's redirect URI is the proxy's address of the callback; nothing a request says of its host is relied on.
 */
public final class OAuthInstall {
    /** Where they stand on the web server. */
    public static final String INSTALL = "/oauth/{name}/install";

    public static final String CALLBACK = "/oauth/{name}/callback";

    private static final Logger LOG = LoggerFactory.getLogger(OAuthInstall.class);
    private static final int SECONDS_TO_CONSENT = 600;
    private static final int CALLS_AT_ONCE = 4;
    private static final int REMEMBERED = 10_000;
    private static final Pattern IDENTITY = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Map<String, OAuthFlow> flows;
    private final Set<String> scopes;
    private final Tokens tokens;
    private final Consumer<String> installed;
    private final Semaphore calls = new Semaphore(CALLS_AT_ONCE);
    /** States of the newest callbacks. */
    private final Set<String> finished = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    /**
     * @param flows by the app's name; an app without a redirect URI cannot be installed
     * @param scopes what the routes need
     * @param installed is told the connection's name when its tokens are durable, also when it is installed again; on a thread of the
     *     web server
     */
    public OAuthInstall(Map<String, OAuthFlow> flows, Set<String> scopes, Tokens tokens, Consumer<String> installed) {
        this.flows = Map.copyOf(flows);
        this.scopes = Set.copyOf(scopes);
        this.tokens = tokens;
        this.installed = installed;
    }

    public Map<String, Taker> takers() {
        return Map.of(INSTALL, this::install, CALLBACK, this::callback);
    }

    /** The connections of an app's installs, also of those that need a consent again. */
    public static List<Entry> stored(Tokens tokens, String app) {
        return tokens.all().stream()
                .filter(entry -> entry.app().equals(app)
                        && !entry.identity().isEmpty()
                        && entry.connection().equals(connection(app, entry.identity())))
                .toList();
    }

    /** The name of the connection that an install makes. */
    public static String connection(String app, String identity) {
        return app + "-" + identity;
    }

    private Answer install(Request request) {
        OAuthFlow flow = flows.get(request.name());
        Optional<Answer> no = refusal(flow, request);
        return no.isPresent() ? no.get() : begin(flow);
    }

    private static Optional<Answer> refusal(OAuthFlow flow, Request request) {
        if (flow == null || flow.app().redirectUri().isEmpty()) {
            return Optional.of(said(404, "there is no app of this name that can be installed"));
        }
        return request.method().equals("GET")
                ? Optional.empty()
                : Optional.of(said(405, "this page takes GET", Map.of("Allow", "GET")));
    }

    private Answer begin(OAuthFlow flow) {
        Consent consent = flow.begin(scopes, redirectUri(flow));
        return said(
                302,
                "the CRM asks for your consent",
                Map.of(
                        "Location",
                        consent.url().toString(),
                        "Set-Cookie",
                        cookie(flow, consent.state() + "." + consent.verifier(), SECONDS_TO_CONSENT)));
    }

    private Set<String> asked(OAuthFlow flow) {
        return flow.app().scopes().isEmpty() ? scopes : flow.app().scopes();
    }

    private static URI redirectUri(OAuthFlow flow) {
        return flow.app().redirectUri().orElseThrow();
    }

    private static String cookieName(OAuthFlow flow) {
        // A name with this prefix can be set by nobody but the very host, over TLS.
        return (isSecure(flow) ? "__Host-" : "") + "crm-oauth-" + flow.app().name();
    }

    private static boolean isSecure(OAuthFlow flow) {
        return "https".equals(redirectUri(flow).getScheme());
    }

    private static String cookie(OAuthFlow flow, String value, int seconds) {
        return "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
                .formatted(cookieName(flow), value, seconds, isSecure(flow) ? "; Secure" : "");
    }

    private Answer callback(Request request) {
        OAuthFlow flow = flows.get(request.name());
        Optional<Answer> no = refusal(flow, request);
        if (no.isPresent()) {
            return no.get();
        }
        Redirected redirected =
                new Redirected(request.parameter("code"), request.parameter("state"), request.parameter("error"));
        Optional<Consent> begun = begun(flow, request);
        if (begun.isEmpty()
                && redirected.state().isEmpty()
                && redirected.error().isEmpty()) {
            // Begun on the CRM's own page: its code may be anybody's, so the browser consents here once more.
            return begin(flow);
        }
        if (begun.isEmpty()) {
            return said(
                    400,
                    "this browser has begun no install in the last ten minutes: open /oauth/%s/install"
                            .formatted(flow.app().name()));
        }
        if (!begunOnce(begun.get())) {
            return said(400, "this install was finished already, or has failed: begin again if it is not there");
        }
        if (!calls.tryAcquire()) {
            return said(503, "too many installs at once: try again in a minute", Map.of("Retry-After", "60"));
        }
        try {
            return finish(flow, begun.get(), redirected);
        } finally {
            calls.release();
        }
    }

    private Optional<Consent> begun(OAuthFlow flow, Request request) {
        Matcher cookie = Pattern.compile("(?:^|;\\s*)" + Pattern.quote(cookieName(flow))
                        + "=([A-Za-z0-9_-]{43,128})\\.([A-Za-z0-9_-]{43,128})(?:;|$)")
                .matcher(request.header("Cookie").orElse(""));
        return cookie.find()
                ? Optional.of(new Consent(
                        redirectUri(flow), cookie.group(1), cookie.group(2), redirectUri(flow), asked(flow)))
                : Optional.empty();
    }

    /** A callback that comes twice must not redeem its code twice: the CRM takes that for theft, and ends the grant. */
    private boolean begunOnce(Consent consent) {
        synchronized (finished) {
            return finished.add(consent.state());
        }
    }

    private Answer finish(OAuthFlow flow, Consent consent, Redirected redirected) {
        String app = flow.app().name();
        try {
            Issued issued = flow.finish(consent, redirected);
            if (!IDENTITY.matcher(issued.identity()).matches()) {
                return said(
                        502, "the CRM did not say which location this install is of: tell whoever runs this bridge");
            }
            String connection = connection(app, issued.identity());
            tokens.save(connection, app, issued);
            LOG.info("app {} is installed: connection {}", app, connection);
            installed.accept(connection);
            return said(200, "installed: you can close this window", Map.of("Set-Cookie", cookie(flow, "", 0)));
        } catch (CrmException e) {
            LOG.warn("app {}: an install failed: {}", app, e.getMessage());
            return said(
                    e.verdict() == Verdict.INVALID ? 400 : e.verdict() == Verdict.REFUSED ? 403 : 502,
                    "the install failed: " + (e.status() == 401 ? "the CRM does not accept the app" : e.getMessage()));
        } catch (StoreException e) {
            LOG.error("app {}: an install could not be stored: {}", app, e.getMessage());
            return said(503, "the install cannot be stored now: begin again later");
        }
    }

    private static Answer said(int status, String text) {
        return said(status, text, Map.of());
    }

    private static Answer said(int status, String text, Map<String, String> headers) {
        return new Answer(status, "text/plain; charset=utf-8", text + "\n", headers);
    }
}
