package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.console.Status;
import io.crmbridge.crm.oauth.OAuthApp;
import io.crmbridge.crm.oauth.OAuthFlow;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.sandbox.intellivizz.OAuthGrant;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole bridge whose connections call with OAuth, against a CRM whose refresh tokens are of one use. */
@Timeout(60)
class OAuthBridgeTest {
    private static final String SECRET = "secret-of-the-app-for-tests-only";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private final IntellivizzSandbox crm = sandbox.intellivizz();
    private final HttpClient browser = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private BridgeProcess start(int port) throws Exception {
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.allow-fast-poll=true
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.connection.iv.type=intellivizz
                bridge.connection.iv.base-url=%s
                bridge.connection.iv.oauth=shop
                bridge.oauth.shop.client-id=app-1
                bridge.oauth.shop.client-secret=%s
                bridge.oauth.shop.base-url=%s
                bridge.oauth.shop.catalogue=catalogue.yaml
                bridge.oauth.shop.redirect-uri=http://127.0.0.1:%d/oauth/shop/callback
                """.formatted(
                        sandbox.baseUrl(), Sandbox.DEFAULT_KEY, crm.baseUrl(), SECRET, crm.baseUrl(), port));
        Files.writeString(
                folder.resolve("catalogue.yaml"),
                "oauth:\n  authorize: %s/v2/oauth/chooselocation\n".formatted(crm.baseUrl()));
        Files.writeString(folder.resolve("routes/contacts.yaml"), """
                - route:
                    id: contacts
                    from:
                      uri: intellivizz:contacts
                      parameters:
                        connection: "*"
                        startFrom: beginning
                        delay: 200ms
                      steps:
                        - to:
                            uri: export:{connection}.ndjson
                """);
        return BridgeProcess.start(Bundle.at(folder, Map.of()), folder.resolve("data"), port, Map.of(), Activity.NONE);
    }

    private HttpResponse<String> get(URI address, String cookie) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void install(BridgeProcess bridge, String location) throws Exception {
        HttpResponse<String> asked = get(URI.create(bridge.address()).resolve("/oauth/shop/install"), "");
        URI page = URI.create(asked.headers().firstValue("Location").orElseThrow());
        assertThat(page.getQuery()).contains("contacts.read").doesNotContain("contacts.write");
        String cookie = asked.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        URI back = crm.oauth().consent(page, location);
        assertThat(get(back, cookie).statusCode()).isEqualTo(200);
    }

    /** Of {@code iv}, as auth login does it. */
    private void login(BridgeProcess bridge, String location) {
        BridgeConfig config = bridge.reading().config();
        OAuthApp app = config.crm().oauthApp("shop");
        try (OAuthFlow flow =
                new OAuthFlow(app, OAuthConnections.endpoints(config, "shop"), OAuthFlow.LIMITS, Clock.systemUTC())) {
            OAuthFlow.Consent asked = flow.begin(
                    Set.of("contacts.read", "locations.read"), app.redirectUri().orElseThrow());
            URI back = crm.oauth().consent(asked.url(), location);
            new StoredGrants(folder.resolve("data"), config.store(), Clock.systemUTC())
                    .save("iv", "shop", flow.finish(asked, OAuthFlow.Redirected.of(back)));
        }
    }

    @Test
    void after_a_logout_another_locations_grant_is_not_used_for_the_one_before() throws Exception {
        int port = free();
        crm.addLocation("loc_2", "Second location").create("contacts", Map.of("firstName", "Bea"));
        crm.location().create("contacts", Map.of("firstName", "Ann"));
        crm.oauth().addApp("app-1", SECRET, URI.create("http://127.0.0.1:" + port + "/oauth/shop/callback"));
        try (BridgeProcess bridge = start(port)) {
            login(bridge, crm.location().id());
            await().atMost(Duration.ofSeconds(10)).until(() -> delivered(bridge) == 1);

            bridge.store().tokens().remove("iv");
            login(bridge, "loc_2");

            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(connections(bridge))
                            .filteredOn(connection -> connection.name().equals("iv"))
                            .singleElement()
                            .satisfies(connection ->
                                    assertThat(connection.toString()).contains("its key now answers for loc_2")));
            assertThat(delivered(bridge)).isEqualTo(1);
        }
    }

    private List<Status.ConnectionStatus> connections(BridgeProcess bridge) {
        return Status.of(bridge.store(), true).connections();
    }

    private long delivered(BridgeProcess bridge) {
        return Status.of(bridge.store(), true).routes().stream()
                .filter(route -> route.delivered() != null)
                .mapToLong(Status.RouteStatus::delivered)
                .sum();
    }

    private static int free() throws Exception {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void an_install_makes_a_connection_that_refreshes_survives_restarts_and_tells_when_it_is_revoked()
            throws Exception {
        int port = free();
        crm.addLocation("loc_2", "Second location")
                .create("contacts", Map.of("firstName", "Bea", "email", "bea@example.com"));
        crm.location().create("contacts", Map.of("firstName", "Ann", "email", "ann@example.com"));
        crm.oauth().addApp("app-1", SECRET, URI.create("http://127.0.0.1:" + port + "/oauth/shop/callback"));
        crm.oauth().accessTokensLive(Duration.ofSeconds(2));
        try (BridgeProcess bridge = start(port)) {
            install(bridge, crm.location().id());
            install(bridge, "loc_2");

            await().atMost(Duration.ofSeconds(10)).until(() -> delivered(bridge) == 2);
            assertThat(connections(bridge))
                    .extracting(Status.ConnectionStatus::name)
                    .contains("shop-loc_sandbox", "shop-loc_2");
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> crm.oauth().grants().stream().allMatch(grant -> grant.refreshes() > 1));
        }
        crm.location().create("contacts", Map.of("firstName", "Cid", "email", "cid@example.com"));
        try (BridgeProcess bridge = start(port)) {
            await().atMost(Duration.ofSeconds(10)).until(() -> delivered(bridge) == 3);
            assertThat(crm.oauth().grants()).allSatisfy(grant -> {
                assertThat(grant.reuses()).isZero();
                assertThat(grant.isRevoked()).isFalse();
            });

            OAuthGrant revoked = crm.oauth().grants().stream()
                    .filter(grant -> grant.locationId().equals("loc_2"))
                    .findFirst()
                    .orElseThrow();
            revoked.revoke();

            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(connections(bridge))
                            .filteredOn(connection -> connection.name().equals("shop-loc_2"))
                            .singleElement()
                            .satisfies(connection -> assertThat(connection.toString())
                                    .contains("consent is needed again: run auth login --connection shop-loc_2")));
            crm.location().create("contacts", Map.of("firstName", "Dan", "email", "dan@example.com"));
            await().atMost(Duration.ofSeconds(10)).until(() -> delivered(bridge) == 4);

            install(bridge, "loc_2");
            crm.oauth();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(connections(bridge))
                            .filteredOn(connection -> connection.name().equals("shop-loc_2"))
                            .singleElement()
                            .satisfies(connection ->
                                    assertThat(connection.toString()).doesNotContain("consent is needed")));
        }
    }
}
