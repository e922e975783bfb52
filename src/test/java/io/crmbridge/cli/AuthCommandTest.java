package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.crm.oauth.TokenServer;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Consents as a person gives them. */
@Timeout(60)
class AuthCommandTest {
    private static final Pattern PAGE = Pattern.compile("(?m)^(https://\\S+)$");

    @TempDir
    private Path folder;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final InputStream realIn = System.in;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private TokenServer server;

    @BeforeEach
    void begin() throws IOException {
        server = new TokenServer();
        bundle("");
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() {
        System.setOut(realOut);
        System.setErr(realErr);
        System.setIn(realIn);
        server.close();
        assertThat(said()).doesNotContain("s3cret").doesNotContain("fault of the program");
    }

    private void bundle(String more) throws IOException {
        Files.createDirectories(folder.resolve("bundle/routes"));
        Files.writeString(folder.resolve("bundle/application.properties"), """
                bridge.connection.iv.type=intellivizz
                bridge.connection.iv.base-url=%s
                bridge.connection.iv.oauth=shop
                bridge.oauth.shop.client-id=%s
                bridge.oauth.shop.client-secret=%s
                bridge.oauth.shop.scopes=contacts.read forms.read
                %s
                """.formatted(
                        server.base(), TokenServer.CLIENT, TokenServer.SECRET, more));
    }

    private Path data() {
        return folder.resolve("data");
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private int login(String... more) {
        String[] arguments = {
            "auth",
            "login",
            "--connection",
            "iv",
            "--bundle",
            folder.resolve("bundle").toString(),
            "--data",
            data().toString()
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return CrmBridge.execute(all);
    }

    private URI page() {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> PAGE.matcher(said()).find());
        Matcher page = PAGE.matcher(said());
        page.find();
        return URI.create(page.group(1));
    }

    private static int open(URI address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .statusCode();
    }

    private JsonNode status() throws IOException {
        out.reset();
        assertThat(CrmBridge.execute("auth", "status", "--json", "--data", data().toString()))
                .isZero();
        return new ObjectMapper().readTree(said());
    }

    @Test
    void a_person_consents_in_a_browser_looks_at_it_and_takes_it_back() throws Exception {
        CompletableFuture<Integer> login = CompletableFuture.supplyAsync(this::login);
        URI back = server.consent(page());

        assertThat(open(URI.create(back.toString().replaceAll("state=.*", "state=forged"))))
                .isEqualTo(400);
        assertThat(login).isNotDone();
        assertThat(open(back)).isEqualTo(200);

        assertThat(login.join()).isZero();
        assertThat(said())
                .contains("connection iv may call now, for Location loc1")
                .doesNotContain("not granted");
        assertThat(Files.exists(data().resolve("store.key"))).isTrue();
        JsonNode grant = status().get(0);
        assertThat(grant.get("connection").asText()).isEqualTo("iv");
        assertThat(grant.get("state").asText()).isEqualTo("VALID");
        assertThat(grant.get("identity").asText()).isEqualTo("loc1");
        assertThat(grant.get("expiresAt").asText()).isNotEmpty();
        assertThat(grant.get("scopes").toString()).isEqualTo("[\"contacts.read\",\"forms.read\"]");

        out.reset();
        CrmBridge.execute("auth", "status", "--data", data().toString());
        assertThat(said()).containsPattern("iv +shop +VALID +loc1 +Location");
        assertThat(CrmBridge.execute("auth", "logout", "--connection", "iv", "--data", data().toString()))
                .isZero();
        assertThat(status()).isEmpty();
        assertThat(CrmBridge.execute("auth", "logout", "--connection", "iv", "--data", data().toString()))
                .isEqualTo(1);
    }

    @Test
    void on_a_machine_without_a_browser_the_address_is_pasted() throws Exception {
        try (PipedOutputStream typed = new PipedOutputStream()) {
            System.setIn(new PipedInputStream(typed));
            CompletableFuture<Integer> login = CompletableFuture.supplyAsync(() -> login("--no-browser"));
            typed.write((server.consent(page()) + "\n").getBytes(StandardCharsets.UTF_8));
            typed.flush();
            assertThat(login.join()).isZero();
        }
        assertThat(status().get(0).get("identity").asText()).isEqualTo("loc1");

        out.reset();
        System.setIn(new ByteArrayInputStream("http://127.0.0.1/?code=c&state=other\n".getBytes()));
        assertThat(login("--no-browser")).isEqualTo(1);
        assertThat(said()).contains("its state is another one");

        System.setIn(new ByteArrayInputStream("what now?\n".getBytes()));
        assertThat(login("--no-browser")).isEqualTo(2);
        assertThat(said()).contains("this is no address");
    }

    @Test
    void a_running_bridge_takes_the_grant_over() throws Exception {
        Path running = folder.resolve("running");
        Files.createDirectories(running.resolve("routes"));
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            Files.writeString(
                    running.resolve("application.properties"),
                    "bridge.connection.default.type=impactiveai\nbridge.connection.default.base-url=%s\nbridge.connection.default.api-key=%s\n"
                            .formatted(sandbox.baseUrl(), Sandbox.DEFAULT_KEY));
            try (BridgeProcess bridge =
                    BridgeProcess.start(Bundle.at(running, Map.of()), data(), 0, Map.of(), Activity.NONE)) {
                CompletableFuture<Integer> login = CompletableFuture.supplyAsync(this::login);
                assertThat(open(server.consent(page()))).isEqualTo(200);
                assertThat(login.join()).isZero();

                assertThat(bridge.store()
                                .tokens()
                                .find("iv")
                                .orElseThrow()
                                .issued()
                                .access())
                        .startsWith("s3cret-access");
                assertThat(CrmBridge.execute("auth", "logout", "--connection", "iv", "--data", data().toString()))
                        .isZero();
                assertThat(bridge.store().tokens().all()).isEmpty();
            }
        }
        try (Store store = Store.attach(data(), Clock.systemUTC())) {
            assertThat(store.commands().open()).isEmpty();
        }
        for (Path file : Files.list(data()).filter(Files::isRegularFile).toList()) {
            assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void a_login_of_another_location_is_not_stored_under_a_connections_name() throws Exception {
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(this::login);
        assertThat(open(server.consent(page()))).isEqualTo(200);
        assertThat(first.join()).isZero();
        out.reset();
        server.location = "loc2";

        CompletableFuture<Integer> second = CompletableFuture.supplyAsync(this::login);
        assertThat(open(server.consent(page()))).isEqualTo(200);

        assertThat(second.join()).isEqualTo(1);
        assertThat(said()).contains("has the grant of loc1, and this one is of loc2");
        try (Store store = Store.attach(data(), Clock.systemUTC())) {
            assertThat(store.tokens().find("iv").orElseThrow().entry().identity())
                    .isEqualTo("loc1");
        }
    }

    @Test
    void a_login_of_an_install_is_of_the_location_that_it_is_named_after() throws Exception {
        bundle("bridge.oauth.shop.base-url=" + server.base());
        CompletableFuture<Integer> login = CompletableFuture.supplyAsync(() -> CrmBridge.execute(
                "auth",
                "login",
                "--connection",
                "shop-loc9",
                "--bundle",
                folder.resolve("bundle").toString(),
                "--data",
                data().toString()));
        assertThat(open(server.consent(page()))).isEqualTo(200);

        assertThat(login.join()).isEqualTo(1);
        assertThat(said()).contains("this consent is of Location loc1, and connection shop-loc9 of another one");
    }

    @Test
    void what_is_not_set_and_who_does_not_come_are_told() throws IOException {
        assertThat(login("--for", "1s")).isEqualTo(1);
        assertThat(said()).contains("nobody consented within 1 s");
        assertThat(data()).as("nothing is begun").doesNotExist();

        assertThat(CrmBridge.execute(
                        "auth", "login", "--bundle", folder.resolve("bundle").toString()))
                .isEqualTo(2);
        assertThat(said()).contains("connection default does not call with OAuth");

        bundle("bridge.oauth.shop.scopes=");
        assertThat(login()).isEqualTo(2);
        assertThat(said()).contains("set bridge.oauth.shop.scopes");
        assertThat(CrmBridge.execute("auth")).isEqualTo(2);
    }
}
