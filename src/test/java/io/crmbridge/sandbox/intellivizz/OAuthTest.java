package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OAuthTest extends IntellivizzTest {
    private static final String CALLBACK = "http://127.0.0.1:9/callback?from=crm";
    private static final Map<String, String> FORM = Map.of("Content-Type", "application/x-www-form-urlencoded");

    private OAuth oauth;
    private Caller nobody;

    @BeforeEach
    void register() {
        oauth = sandbox.oauth();
        oauth.addApp("app", "app-secret", URI.create(CALLBACK));
        nobody = new Caller(sandbox.baseUrl(), null);
    }

    private static String form(Object... pairs) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            parts.add(pairs[i] + "=" + URLEncoder.encode((String) pairs[i + 1], StandardCharsets.UTF_8));
        }
        return String.join("&", parts);
    }

    private URI page(Object... more) {
        String usual = form(
                "response_type",
                "code",
                "client_id",
                "app",
                "redirect_uri",
                CALLBACK,
                "scope",
                "contacts.read locations.read");
        return sandbox.baseUrl()
                .resolve("/v2/oauth/chooselocation?" + usual + (more.length == 0 ? "" : "&" + form(more)));
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : uri.getRawQuery().split("&")) {
            query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return query;
    }

    private String code(Object... more) {
        return query(oauth.consent(page(more), "loc_sandbox")).get("code");
    }

    private HttpResponse<String> token(Object... pairs) throws IOException {
        return nobody.send(
                "POST",
                "/oauth/token",
                form("client_id", "app", "client_secret", "app-secret") + "&" + form(pairs),
                FORM);
    }

    private HttpResponse<String> exchange(String code, Object... more) throws IOException {
        List<Object> pairs = new ArrayList<>(List.of("grant_type", "authorization_code", "code", code));
        pairs.addAll(List.of("redirect_uri", CALLBACK));
        pairs.addAll(List.of(more));
        return token(pairs.toArray());
    }

    private HttpResponse<String> refresh(String refreshToken) throws IOException {
        return token("grant_type", "refresh_token", "refresh_token", refreshToken);
    }

    private JsonNode tokens() throws IOException {
        return Caller.json(exchange(code()));
    }

    private int call(String accessToken) throws IOException {
        return new Caller(sandbox.baseUrl(), accessToken)
                .get("/locations/loc_sandbox")
                .statusCode();
    }

    private static String error(HttpResponse<String> answer) {
        return answer.statusCode() + " " + Caller.json(answer).path("error").asText();
    }

    @Test
    void the_page_has_a_button_for_each_location_that_leads_back_with_code_and_state() throws IOException {
        sandbox.addLocation("loc_b", "B & <Sons>");
        URI url = page("state", "a b&c");
        var page = nobody.send("GET", url.getRawPath() + "?" + url.getRawQuery(), null, Map.of());
        assertThat(page.body())
                .contains("value=\"loc_sandbox\"", "value=\"loc_b\"", "B &amp; &lt;Sons&gt;", "contacts.read")
                .doesNotContain("<Sons>");
        var chosen = nobody.send("POST", url.getRawPath() + "?" + url.getRawQuery(), form("locationId", "loc_b"), FORM);
        assertThat(chosen.statusCode()).isEqualTo(302);
        URI back = URI.create(chosen.headers().firstValue("Location").orElseThrow());
        assertThat(back.toString()).startsWith(CALLBACK + "&code=").endsWith("&state=a+b%26c");
        JsonNode tokens = Caller.json(exchange(query(back).get("code")));
        assertThat(tokens.path("locationId").asText()).isEqualTo("loc_b");
        var denied = nobody.send("POST", url.getRawPath() + "?" + url.getRawQuery(), form("deny", "true"), FORM);
        assertThat(denied.headers().firstValue("Location"))
                .hasValueSatisfying(where -> assertThat(where).contains("error=access_denied", "state="));
        assertThat(query(oauth.deny(url)))
                .containsEntry("error", "access_denied")
                .doesNotContainKey("code");
    }

    @Test
    void a_page_that_asks_for_what_is_not_registered_is_an_error_and_no_redirect() throws IOException {
        for (String wrong : new String[] {
            "response_type=token&client_id=app&redirect_uri=x&scope=a",
            "response_type=code&client_id=none&redirect_uri=x&scope=a",
            "response_type=code&client_id=app&redirect_uri=https%3A%2F%2Fevil.example.com&scope=a",
            "response_type=code&client_id=app&redirect_uri="
                    + form("", CALLBACK).substring(1)
        }) {
            assertThat(nobody.send("GET", "/v2/oauth/chooselocation?" + wrong, null, Map.of())
                            .statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThatThrownBy(() -> oauth.consent(page(), "loc_none"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loc_none");
    }

    @Test
    void a_code_gives_tokens_once_within_ten_minutes() throws IOException {
        String code = code();
        var answer = exchange(code);
        JsonNode tokens = Caller.json(answer);
        assertThat(tokens.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(tokens.path("expires_in").asInt()).isEqualTo(86_399);
        assertThat(List.of(tokens.path("scope").asText().split(" ")))
                .containsExactlyInAnyOrder("contacts.read", "locations.read");
        assertThat(tokens.path("userType").asText()).isEqualTo("Location");
        assertThat(tokens.path("companyId").asText()).isEqualTo("agency_sandbox");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(call(tokens.path("access_token").asText())).isEqualTo(200);
        assertThat(error(exchange(code))).isEqualTo("400 invalid_grant");
        assertThat(call(tokens.path("access_token").asText()))
                .as("a code used twice ends the grant")
                .isEqualTo(401);
        String late = code();
        clock.advance(Duration.ofMinutes(10));
        assertThat(error(exchange(late))).isEqualTo("400 invalid_grant");
    }

    @Test
    void the_client_is_known_by_the_form_or_by_basic_and_refused_otherwise() throws IOException {
        String basic = Base64.getEncoder().encodeToString("app:app-secret".getBytes(StandardCharsets.UTF_8));
        Map<String, String> headers = new TreeMap<>(FORM);
        headers.put("Authorization", "Basic " + basic);
        var byBasic =
                nobody.send("POST", "/oauth/token", form("grant_type", "authorization_code", "code", code()), headers);
        assertThat(byBasic.statusCode()).isEqualTo(200);
        var wrong = nobody.send(
                "POST",
                "/oauth/token",
                form("client_id", "app", "client_secret", "x", "grant_type", "refresh_token", "refresh_token", "x"),
                FORM);
        assertThat(error(wrong)).isEqualTo("401 invalid_client");
        assertThat(error(token("grant_type", "password"))).isEqualTo("400 unsupported_grant_type");
        assertThat(error(token("grant_type", "refresh_token"))).isEqualTo("400 invalid_request");
        oauth.addApp("other", "s", URI.create(CALLBACK));
        var stolen = nobody.send(
                "POST",
                "/oauth/token",
                form("client_id", "other", "client_secret", "s", "grant_type", "authorization_code", "code", code()),
                FORM);
        assertThat(error(stolen)).isEqualTo("400 invalid_grant");
    }

    @Test
    void pkce_is_verified_where_a_challenge_was_given() throws IOException, NoSuchAlgorithmException {
        String verifier = "v".repeat(43);
        String challenge = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8)));
        Object[] asked = {"code_challenge", challenge, "code_challenge_method", "S256"};
        assertThat(error(exchange(code(asked)))).isEqualTo("400 invalid_grant");
        assertThat(error(exchange(code(asked), "code_verifier", "w".repeat(43))))
                .isEqualTo("400 invalid_grant");
        assertThat(exchange(code(asked), "code_verifier", verifier).statusCode())
                .isEqualTo(200);
        assertThatThrownBy(() -> code("code_challenge", "x", "code_challenge_method", "plain"))
                .hasMessageContaining("S256");
        oauth.refusePkce(true);
        assertThatThrownBy(() -> code(asked)).hasMessageContaining("code_challenge");
        assertThat(error(exchange(code(), "code_verifier", verifier))).isEqualTo("400 invalid_request");
    }

    @Test
    void an_access_token_ends_by_the_clock_and_a_refresh_gives_the_next() throws IOException {
        oauth.accessTokensLive(Duration.ofMinutes(5));
        JsonNode first = tokens();
        clock.advance(Duration.ofMinutes(5));
        assertThat(call(first.path("access_token").asText())).isEqualTo(401);
        JsonNode second = Caller.json(refresh(first.path("refresh_token").asText()));
        assertThat(call(second.path("access_token").asText())).isEqualTo(200);
        assertThat(second.path("refresh_token")).isNotEqualTo(first.path("refresh_token"));
        JsonNode third = Caller.json(refresh(second.path("refresh_token").asText()));
        assertThat(call(third.path("access_token").asText())).isEqualTo(200);
        assertThat(oauth.grants()).singleElement().satisfies(grant -> {
            assertThat(grant.refreshes()).isEqualTo(2);
            assertThat(grant.reuses()).isZero();
        });
        assertThat(sandbox.requests(third.path("access_token").asText()))
                .as("the tokens of a grant count together, and one that has expired counts on")
                .isEqualTo(3);
    }

    @Test
    void a_refresh_token_that_is_used_again_ends_the_whole_grant() throws IOException {
        JsonNode first = tokens();
        JsonNode second = Caller.json(refresh(first.path("refresh_token").asText()));
        assertThat(error(refresh(first.path("refresh_token").asText()))).isEqualTo("400 invalid_grant");
        assertThat(call(second.path("access_token").asText())).isEqualTo(401);
        assertThat(error(refresh(second.path("refresh_token").asText()))).isEqualTo("400 invalid_grant");
        OAuthGrant grant = oauth.grants().get(0);
        assertThat(grant.isRevoked()).isTrue();
        assertThat(grant.reuses()).isEqualTo(1);
        assertThat(grant.refreshes()).isEqualTo(1);
        assertThat(call(tokens().path("access_token").asText()))
                .as("another grant lives on")
                .isEqualTo(200);
    }

    @Test
    void of_two_refreshes_at_once_one_ends_the_grant_however_long_the_other_takes() throws Exception {
        oauth.refreshTakes(Duration.ofMillis(300));
        String token = tokens().path("refresh_token").asText();
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            Callable<Integer> refresh = () -> refresh(token).statusCode();
            List<Integer> statuses = new ArrayList<>();
            for (var done : two.invokeAll(List.of(refresh, refresh))) {
                statuses.add(done.get());
            }
            assertThat(statuses).containsExactlyInAnyOrder(200, 400);
            assertThat(oauth.grants().get(0).isRevoked()).isTrue();
        } finally {
            two.shutdownNow();
        }
    }

    @Test
    void a_grant_that_is_revoked_is_refused_and_scopes_are_enforced_by_name() throws IOException {
        JsonNode tokens = tokens();
        Caller app = new Caller(sandbox.baseUrl(), tokens.path("access_token").asText());
        assertThat(app.post("/contacts/search", Map.of("locationId", "loc_sandbox"))
                        .statusCode())
                .isEqualTo(200);
        var refused = app.post("/contacts/", Map.of("locationId", "loc_sandbox", "email", "a@example.com"));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(Caller.message(refused)).contains("contacts.write");
        assertThat(location.all("contacts")).isEmpty();
        OAuthGrant grant = oauth.grants().get(0);
        assertThat(grant.scopes()).containsExactlyInAnyOrder("contacts.read", "locations.read");
        grant.revoke();
        assertThat(app.get("/locations/loc_sandbox").statusCode()).isEqualTo(401);
        assertThat(error(refresh(tokens.path("refresh_token").asText()))).isEqualTo("400 invalid_grant");
    }

    @Test
    void the_agency_may_allow_an_app_too() throws IOException {
        String code = query(oauth.consent(page(), "agency_sandbox")).get("code");
        JsonNode tokens = Caller.json(exchange(code));
        assertThat(tokens.path("userType").asText()).isEqualTo("Company");
        assertThat(tokens.has("locationId")).isFalse();
        var list = new Caller(sandbox.baseUrl(), tokens.path("access_token").asText()).get("/locations/search");
        assertThat(Caller.column(list, "locations", "id")).containsExactly("loc_sandbox");
    }

    @Test
    void tokens_are_named_in_camel_case_where_it_is_asked_for() throws IOException {
        oauth.camelCase(true);
        JsonNode tokens = tokens();
        List<String> names = new ArrayList<>();
        tokens.fieldNames().forEachRemaining(names::add);
        assertThat(names.stream().filter(name -> name.contains("_")).collect(Collectors.toList()))
                .isEmpty();
        assertThat(call(tokens.path("accessToken").asText())).isEqualTo(200);
        assertThat(refresh(tokens.path("refreshToken").asText()).statusCode()).isEqualTo(200);
    }

    @Test
    void faults_strike_the_token_endpoint_too() throws IOException {
        sandbox.faults().on("POST", "/oauth/token").times(1).status(503).arm();
        String code = code();
        assertThat(exchange(code).statusCode()).isEqualTo(503);
        assertThat(exchange(code).statusCode()).isEqualTo(200);
    }
}
