package io.crmbridge.crm.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.oauth.TokenServer.Fault;
import io.crmbridge.state.Store;
import io.crmbridge.state.Tokens.Entry;
import io.crmbridge.state.Tokens.State;
import io.crmbridge.web.WebServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Installs by browsers somewhere else, behind a proxy that speaks TLS. */
@Timeout(30)
class OAuthInstallTest {
    private static final URI PUBLIC = URI.create("https://bridge.example.com/oauth/shop/callback");
    private static final HttpClient BROWSER = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private final DrivenClock clock = new DrivenClock();
    private final List<String> installed = new CopyOnWriteArrayList<>();
    private TokenServer server;
    private Store store;
    private OAuthFlow flow;
    private WebServer web;

    @BeforeEach
    void begin() throws IOException {
        server = new TokenServer();
        store = Store.open(folder, clock);
        flow = new OAuthFlow(
                new OAuthApp("shop", TokenServer.CLIENT, new Secret(TokenServer.SECRET), Set.of(), Optional.of(PUBLIC)),
                server.endpoints(),
                OAuthCredentialTest.QUICK,
                clock);
        web = WebServer.start(
                0,
                Map.of(),
                new OAuthInstall(Map.of("shop", flow), Set.of("contacts.read"), store.tokens(), installed::add)
                        .takers());
    }

    @AfterEach
    void end() {
        web.close();
        flow.close();
        store.close();
        server.close();
    }

    private HttpResponse<String> get(String pathAndQuery, String cookie) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + pathAndQuery));
        if (!cookie.isEmpty()) {
            request.header("Cookie", "theme=dark; " + cookie);
        }
        return BROWSER.send(request.build(), BodyHandlers.ofString());
    }

    private record Begun(String cookie, String callback) {}

    /** As far as the browser's way back from the page of consent. */
    private Begun begun() throws Exception {
        HttpResponse<String> answer = get("/oauth/shop/install", "");
        assertThat(answer.statusCode()).isEqualTo(302);
        return begun(answer);
    }

    private Begun begun(HttpResponse<String> answer) {
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        URI back = server.consent(
                URI.create(answer.headers().firstValue("Location").orElseThrow()));
        assertThat(back.toString()).startsWith(PUBLIC.toString());
        return new Begun(cookie.substring(0, cookie.indexOf(';')), back.getPath() + "?" + back.getRawQuery());
    }

    @Test
    void an_install_makes_a_connection_of_its_own() throws Exception {
        HttpResponse<String> answer = get("/oauth/shop/install", "");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("__Host-crm-oauth-shop=")
                .contains("Path=/;", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=600");
        Begun begun = begun(answer);

        HttpResponse<String> done = get(begun.callback(), begun.cookie());

        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(done.body()).contains("installed").doesNotContain("s3cret");
        assertThat(installed).containsExactly("shop-loc1");
        assertThat(OAuthInstall.stored(store.tokens(), "shop"))
                .extracting(Entry::connection, Entry::state, Entry::scopes)
                .containsExactly(tuple("shop-loc1", State.VALID, Set.of("contacts.read")));
        assertThat(OAuthInstall.stored(store.tokens(), "other")).isEmpty();
        assertThat(new OAuthCredential("shop-loc1", flow, store.tokens(), clock)
                        .current()
                        .value())
                .startsWith("s3cret-access");
    }

    @Test
    void a_callback_that_comes_twice_redeems_its_code_once() throws Exception {
        Begun begun = begun(get("/oauth/shop/install", ""));
        assertThat(get(begun.callback(), begun.cookie()).statusCode()).isEqualTo(200);

        HttpResponse<String> again = get(begun.callback(), begun.cookie());

        assertThat(again.statusCode()).isEqualTo(400);
        assertThat(again.body()).contains("finished already");
        assertThat(OAuthInstall.stored(store.tokens(), "shop"))
                .extracting(Entry::state)
                .containsExactly(State.VALID);
    }

    @Test
    void a_callback_counts_only_in_the_browser_that_began() throws Exception {
        Begun mine = begun();
        Begun another = begun();

        assertThat(get(mine.callback(), "").statusCode()).isEqualTo(400);
        assertThat(get(mine.callback(), another.cookie()).statusCode()).isEqualTo(400);
        assertThat(get(mine.callback(), "__Host-crm-oauth-shop=x.y").statusCode())
                .isEqualTo(400);
        assertThat(server.calls()).isEmpty();
        assertThat(installed).isEmpty();
        assertThat(store.tokens().all()).isEmpty();
    }

    @Test
    void an_install_that_the_crm_began_is_begun_once_more_here() throws Exception {
        HttpResponse<String> answer = get("/oauth/shop/callback?code=from-somebody", "");

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(server.calls()).isEmpty();
        Begun begun = begun(answer);
        assertThat(get(begun.callback(), begun.cookie()).statusCode()).isEqualTo(200);
        assertThat(installed).containsExactly("shop-loc1");
    }

    @Test
    void an_uninstall_needs_consent_and_another_install_heals_it() throws Exception {
        Begun first = begun();
        get(first.callback(), first.cookie());
        server.uninstall();
        clock.forward(Duration.ofHours(1));
        OAuthCredential credential = new OAuthCredential("shop-loc1", flow, store.tokens(), clock);

        assertThatThrownBy(credential::current)
                .isInstanceOf(CrmException.class)
                .hasMessageContaining("consent is needed again");
        assertThat(OAuthInstall.stored(store.tokens(), "shop"))
                .extracting(Entry::state)
                .containsExactly(State.CONSENT_NEEDED);

        Begun second = begun();
        get(second.callback(), second.cookie());
        assertThat(credential.current().value()).startsWith("s3cret-access");
        assertThat(installed).containsExactly("shop-loc1", "shop-loc1");
    }

    @Test
    void what_fails_is_told_and_stores_nothing() throws Exception {
        Begun no = begun();
        String state = no.callback().replaceAll(".*state=", "");
        assertThat(get("/oauth/shop/callback?error=access_denied&state=" + state, no.cookie()))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(403))
                .satisfies(answer -> assertThat(answer.body()).contains("access_denied"));

        server.next(Fault.UNAVAILABLE);
        Begun down = begun();
        assertThat(get(down.callback(), down.cookie()).statusCode()).isEqualTo(502);

        server.location = "../evil";
        Begun odd = begun();
        assertThat(get(odd.callback(), odd.cookie()).statusCode()).isEqualTo(502);

        assertThat(get("/oauth/none/install", "").statusCode()).isEqualTo(404);
        assertThat(store.tokens().all()).isEmpty();
        assertThat(installed).isEmpty();
    }
}
