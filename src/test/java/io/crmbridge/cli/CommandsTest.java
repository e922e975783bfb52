package io.crmbridge.cli;

import static io.crmbridge.cli.Said.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.console.Status;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.PostgresServer;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Commands as a person or a script calls them. */
@Timeout(60)
class CommandsTest {
    @TempDir
    private Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void begin() throws IOException {
        sandbox = Sandbox.start(SandboxOptions.defaults().withSeedRecords(3));
        Files.createDirectories(folder.resolve("bundle/routes"));
        Files.writeString(folder.resolve("bundle/application.properties"), """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.hook.erp.url=%serp
                bridge.hook.erp.allow-private=true
                bridge.allow-fast-poll=true
                """.formatted(
                sandbox.baseUrl(), Sandbox.DEFAULT_KEY, sandbox.receiver().url()));
        Files.writeString(folder.resolve("bundle/routes/deals.yaml"), """
                - route:
                    id: deals-to-erp
                    description: Each deal goes to the ERP
                    from:
                      uri: impactiveai:deals
                      parameters:
                        delay: 200ms
                        startFrom: mirror
                      steps:
                        - to:
                            uri: hook:erp
                - route:
                    id: contacts-to-shop
                    description: This one has no target
                    from:
                      uri: impactiveai:contacts
                      steps:
                        - to:
                            uri: hook:shop
                """);
    }

    @AfterEach
    void end() {
        sandbox.close();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private String bundle() {
        return folder.resolve("bundle").toString();
    }

    private BridgeProcess bridge() {
        return BridgeProcess.start(Bundle.at(Path.of(bundle()), Map.of()), Path.of(data()), 0, Map.of(), Activity.NONE);
    }

    private static void awaitDelivered(BridgeProcess bridge, long count) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Status.of(bridge.store(), true).routes().stream()
                        .anyMatch(r -> r.delivered() != null && r.delivered() == count));
    }

    @Test
    void a_running_bridge_takes_entries_into_an_inbox_and_status_counts_them() throws Exception {
        Files.writeString(folder.resolve("bundle/routes/leads.yaml"), """
                - route:
                    id: leads
                    from:
                      uri: inbox:leads
                      steps:
                        - to:
                            uri: hook:erp
                """);
        HttpClient http = HttpClient.newHttpClient();
        try (BridgeProcess bridge = bridge()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(bridge.address() + "inbox/leads"))
                    .headers("Content-Type", "application/json", "Idempotency-Key", "k");
            for (int status : List.of(202, 202, 400)) {
                String body = status == 202 ? "{\"name\":\"Ann\"}" : "no JSON";
                assertThat(http.send(
                                        request.POST(HttpRequest.BodyPublishers.ofString(body))
                                                .build(),
                                        BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(status);
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Status.of(bridge.store(), true).routes().stream()
                            .anyMatch(r -> r.id().equals("leads") && r.delivered() == 1));
        }

        JsonNode inbox = run("status", "--json", "--data", data()).json().at("/inboxes/0");
        assertThat(inbox.toString())
                .isEqualTo("{\"name\":\"leads\",\"accepted\":1,\"duplicates\":1,\"refused\":1,\"dropped\":0,"
                        + "\"readers\":1,\"waiting\":0}");
        assertThat(run("status", "--data", data()).out()).containsPattern("leads +1 +1 +1 +0 +1 +0");
    }

    static Stream<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        collect(new CommandLine(new CrmBridge()), List.of(), all);
        return all.stream();
    }

    private static void collect(CommandLine command, List<String> path, List<List<String>> all) {
        all.add(path);
        command.getSubcommands().forEach((name, sub) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            collect(sub, longer, all);
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_explains_itself(List<String> path) {
        List<String> arguments = new ArrayList<>(path);
        arguments.add("--help");

        Said said = run(arguments.toArray(String[]::new));

        assertThat(said.exit()).isZero();
        assertThat(said.out()).contains("Usage: crm-bridge").contains("--help");
        assertThat(said.err()).isEmpty();
    }

    @Test
    void what_is_typed_wrongly_ends_with_2_and_a_hint() {
        assertThat(run("rnu").exit()).isEqualTo(2);
        assertThat(run("rnu").err()).contains("rnu").contains("run");
        assertThat(run("status", "--jsno").exit()).isEqualTo(2);
        assertThat(run("status", "--jsno").err()).contains("--json");
        assertThat(run().exit()).isEqualTo(2);
        assertThat(run("routes").exit()).isEqualTo(2);
        assertThat(run("routes").err()).contains("list, pause or resume");
        assertThat(run("run", "--for", "soon").exit()).isEqualTo(2);
        assertThat(run("run", "--for", "soon").err()).contains("20s, 5m or 1h");
        assertThat(run("dead-letters", "replay").exit()).isEqualTo(2);
        for (String duration : List.of("-5s", "0s", "5")) {
            assertThat(run("run", "--for", duration).exit()).as(duration).isEqualTo(2);
            assertThat(run("run", "--for", duration).err()).contains("20s, 5m or 1h");
        }
    }

    @Test
    void run_without_a_key_ends_with_2_and_says_what_to_do() {
        Said said = run("run", "--data", data(), "--port", "0", "--for", "1s");

        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err())
                .contains("bridge.connection.default.api-key is not set")
                .contains("export IMPACTIVEAI_API_KEY=icrm_");
        assertThat(Path.of(data())).as("nothing is begun").doesNotExist();
    }

    @Test
    void run_in_a_folder_that_is_no_bundle_ends_with_2() {
        Said said = run("run", "--bundle", folder.toString(), "--data", data());

        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains("is no bundle").contains("--bundle");
    }

    @Test
    void a_folder_that_is_not_there_is_told_as_such_with_how_each_command_names_one() {
        Path nowhere = folder.resolve("nowhere");

        for (String command : new String[] {"validate", "test"}) {
            Said said = run("bundle", command, nowhere.toString());

            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err())
                    .contains(nowhere + " is no bundle, because there is no such folder", "`bundle validate DIR`");
        }
    }

    @Test
    void run_with_findings_ends_with_2_and_lists_them() throws IOException {
        Files.writeString(
                folder.resolve("bundle/routes/bad.yaml"),
                "- route:\n    id: bad\n    from:\n      uri: impactiveai:dealz\n      steps:\n        - log:\n            message: x\n");

        Said said = run("run", "--bundle", bundle(), "--data", data(), "--for", "1s");

        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains("routes/bad.yaml:4").contains("did you mean \"deals\"?");
    }

    @Test
    void run_delivers_and_tells_what_is_off() {
        Said said = run("run", "--bundle", bundle(), "--data", data(), "--port", "0", "--for", "3s");

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .contains("Routes: 1 run, 0 paused, 1 off. Ops page")
                .contains("contacts-to-shop is off: no target: set bridge.hook.shop.url")
                .contains("stopped; every route keeps its place");
        assertThat(sandbox.receiver().count()).isEqualTo(3);
    }

    @Test
    void a_port_that_is_taken_is_told() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            Said said = run("run", "--bundle", bundle(), "--data", data(), "--port", port, "--for", "1s");
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("port " + port).contains("--port");

            Said none = run("run", "--bundle", bundle(), "--data", data(), "--port", "99999", "--for", "1s");
            assertThat(none.exit()).isEqualTo(2);
            assertThat(none.err()).contains("there is no port 99999: choose one from 0 to 65535 with --port");

            Said other = run("sandbox", "--port", port, "--for", "1s");
            assertThat(other.exit()).isEqualTo(2);
            assertThat(other.err()).contains(port).doesNotContain("fault of the program");
        }
    }

    @Test
    void the_form_of_a_sandbox_posts_to_nothing_but_a_web_address() {
        Said said = run(
                "sandbox",
                "--port",
                "0",
                "--intellivizz-port",
                "0",
                "--inbox",
                "ftp://bridge.example.com/inbox/leads",
                "--for",
                "1s");

        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.err()).contains("--inbox", "http or https").doesNotContain("fault of the program");
    }

    @Test
    void a_sandbox_says_how_to_run_a_bundle_against_each_crm() {
        Said said = run("sandbox", "--port", "0", "--intellivizz-port", "0", "--for", "1s");

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .containsPattern(
                        "IMPACTIVEAI_BASE_URL=http://127.0.0.1:\\d+ IMPACTIVEAI_API_KEY=icrm_0+ crm-bridge run")
                .containsPattern("INTELLIVIZZ_BASE_URL=http://127.0.0.1:\\d+ INTELLIVIZZ_API_KEY=ivz_0+"
                        + " INTELLIVIZZ_LOCATION_ID=loc_sandbox crm-bridge run");
    }

    @Test
    void a_sandbox_has_an_app_to_consent_to_and_sends_webhooks_where_it_is_told() {
        Said said = run(
                "sandbox",
                "--port",
                "0",
                "--intellivizz-port",
                "0",
                "--oauth-redirect",
                "http://127.0.0.1:8123/oauth/shop/callback",
                "--webhooks",
                "http://127.0.0.1:8123/inbox/ivz",
                "--for",
                "1s");

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .contains("client-id=app_sandbox", ".redirect-uri=http://127.0.0.1:8123/oauth/shop/callback")
                .containsPattern("authorize: \"http://127.0.0.1:\\d+/v2/oauth/chooselocation\"")
                .contains("Webhooks to http://127.0.0.1:8123/inbox/ivz", ".signature-header=x-wh-signature");

        Said wrong = run("sandbox", "--port", "0", "--intellivizz-port", "0", "--webhooks", "inbox/ivz", "--for", "1s");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("--webhooks is no URL").doesNotContain("fault of the program");
    }

    @Test
    void commands_on_a_folder_where_nothing_ran_end_with_2() {
        for (String[] command : new String[][] {
            {"status"}, {"routes", "list"}, {"dead-letters", "list"}, {"gaps", "list"}, {"routes", "pause", "x"}
        }) {
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(List.of("--data", data()));
            Said said = run(arguments.toArray(String[]::new));
            assertThat(said.exit()).as(arguments.toString()).isEqualTo(2);
            assertThat(said.err()).contains("no bridge has run in").contains("--data");
        }
    }

    @Test
    void commands_tell_the_same_while_a_bridge_runs_and_while_none_does() throws Exception {
        try (BridgeProcess bridge = bridge()) {
            awaitDelivered(bridge, 3);
            JsonNode running = run("status", "--json", "--data", data()).json();
            assertThat(running.at("/running").asBoolean()).isTrue();
            assertThat(run("status", "--data", data()).out()).startsWith("The bridge runs.");
            assertThat(run("status", "--check", "--data", data()).exit()).isZero();
        }
        Said said = run("status", "--json", "--data", data());
        JsonNode status = said.json();
        assertThat(said.exit()).isZero();
        assertThat(status.at("/running").asBoolean()).isFalse();
        assertThat(status.at("/connections/0/workspaceId").asText()).isEqualTo("ws_sandbox");
        assertThat(status.at("/feeds/0/feed").asText()).isEqualTo("deals");
        assertThat(status.at("/feeds/0/provenUntil").asText()).isNotEmpty();
        assertThat(status.toString()).doesNotContain(Sandbox.DEFAULT_KEY);
        assertThat(status.at("/connections/0").has("quota")).isFalse();

        JsonNode routes = run("routes", "list", "--json", "--data", data()).json();
        assertThat(routes.findValuesAsText("id")).containsExactly("contacts-to-shop", "deals-to-erp");
        assertThat(routes.get(1).get("delivered").asInt()).isEqualTo(3);
        assertThat(routes.get(0).get("state").asText()).isEqualTo("OFF");
        assertThat(routes.get(0).get("reason").asText()).contains("bridge.hook.shop.url");
        assertThat(run("gaps", "list", "--json", "--data", data()).json().isArray())
                .isTrue();
        assertThat(run("dead-letters", "list", "--json", "--data", data())
                        .json()
                        .isEmpty())
                .isTrue();
    }

    @Test
    void a_second_bridge_on_one_folder_is_refused() {
        try (BridgeProcess bridge = bridge()) {
            Said said = run("run", "--bundle", bundle(), "--data", data(), "--port", "0", "--for", "1s");

            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("in use by another bridge").contains("--data");
            assertThat(bridge.address()).isNotEmpty();
        }
    }

    @Test
    void commands_reach_a_store_in_postgresql_by_the_data_folder_of_a_bridge() throws Exception {
        useAPostgresStore();
        try (BridgeProcess bridge = bridge()) {
            awaitDelivered(bridge, 3);
            Said status = run("status", "--data", data());
            assertThat(status.out()).contains("The bridge runs.").containsPattern("\\d+@.* is active since");
            assertThat(run("routes", "pause", "deals-to-erp", "--data", data()).exit())
                    .isZero();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Status.of(bridge.store(), true).routes().stream()
                            .anyMatch(r -> r.state().equals("PAUSED")));
            assertThat(Path.of(data()).resolve("crm-bridge.db")).doesNotExist();
        }
        Said status = run("status", "--data", data(), "--json");
        assertThat(status.json().get("running").asBoolean()).isFalse();
        assertThat(status.json().at("/routes/1/state").asText()).isEqualTo("PAUSED");
    }

    @Test
    void run_stands_by_while_another_bridge_is_active_and_says_so() throws Exception {
        useAPostgresStore();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        String other = folder.resolve("other").toString();
        try (BridgeProcess bridge = bridge()) {
            awaitDelivered(bridge, 3);
            CompletableFuture<Said> standby = CompletableFuture.supplyAsync(() ->
                    run("run", "--bundle", bundle(), "--data", other, "--port", Integer.toString(port), "--for", "3s"));
            HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                    .build();
            await().ignoreExceptions()
                    .until(() -> HttpClient.newHttpClient()
                            .send(health, BodyHandlers.ofString())
                            .body()
                            .contains("STANDBY"));

            Said said = standby.get();
            assertThat(said.exit()).isZero();
            assertThat(said.out())
                    .containsPattern(
                            "bridge \\d+@.* is active on the database postgres on 127.0.0.1: this one stands by")
                    .doesNotContain("Routes:");
            assertThat(run("status", "--data", other).out()).contains("is active since", "stands by since");
        }
    }

    private void useAPostgresStore() throws IOException {
        StoreSettings store = PostgresServer.shared().empty();
        Files.writeString(
                folder.resolve("bundle/application.properties"),
                "bridge.store.url=%s\nbridge.store.username=%s\n"
                        .formatted(store.url().orElseThrow(), store.username().orElseThrow()),
                StandardOpenOption.APPEND);
    }

    @Test
    void a_demo_does_not_wipe_the_folder_of_a_running_bridge() {
        try (BridgeProcess bridge = bridge()) {
            awaitDelivered(bridge, 3);
            Said said = run("demo", "--data", data(), "--port", "0", "--for", "1s");

            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("in use");
            assertThat(Files.exists(Path.of(data()).resolve("crm-bridge.db"))).isTrue();
        }
    }

    @Test
    void a_demo_does_not_wipe_a_folder_that_no_demo_made() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own"));
        Files.writeString(own.resolve("letter.txt"), "dear");

        Said said = run("demo", "--data", own.toString(), "--port", "0", "--for", "1s");

        assertThat(said.exit()).isEqualTo(2);
        assertThat(own.resolve("letter.txt")).exists();
    }

    @Test
    void a_route_is_paused_and_resumed_while_a_bridge_runs() {
        try (BridgeProcess bridge = bridge()) {
            awaitDelivered(bridge, 3);
            assertThat(run("routes", "pause", "deals-to-erp", "--data", data()).exit())
                    .isZero();
            sandbox.workspace().create("deals", Map.of("name", "while paused"));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Status.of(bridge.store(), true).routes().stream()
                            .anyMatch(r -> r.state().equals("PAUSED") && r.waiting() == 1));

            Said resumed = run("routes", "resume", "deals-to-erp", "--data", data());
            assertThat(resumed.out()).contains("resumed");
            awaitDelivered(bridge, 4);
        }
        Said unknown = run("routes", "pause", "deals-to-epr", "--data", data());
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("did you mean \"deals-to-erp\"?");
    }

    @Test
    void a_route_that_was_paused_while_nothing_ran_stays_paused() {
        try (BridgeProcess bridge = bridge()) {
            awaitDelivered(bridge, 3);
        }
        assertThat(run("routes", "pause", "deals-to-erp", "--data", data()).exit())
                .isZero();
        sandbox.workspace().create("deals", Map.of("name", "while paused"));
        try (BridgeProcess bridge = bridge()) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> Status.of(bridge.store(), true).routes().stream()
                            .anyMatch(r -> r.state().equals("PAUSED") && r.waiting() == 1));
            assertThat(sandbox.receiver().count()).isEqualTo(3);
        }
    }

    @Test
    void a_paused_route_that_is_on_no_feed_stays_paused_over_a_restart() throws Exception {
        Files.writeString(folder.resolve("bundle/routes/tick.yaml"), """
                - route:
                    id: tick
                    from:
                      uri: timer:tick
                      parameters:
                        delay: 0
                        period: 50
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: tick
                        - to:
                            uri: hook:tick
                """);
        Files.writeString(
                folder.resolve("bundle/application.properties"),
                "bridge.hook.tick.url=%stick\nbridge.hook.tick.allow-private=true\n"
                        .formatted(sandbox.receiver().url()),
                StandardOpenOption.APPEND);
        try (BridgeProcess bridge = bridge()) {
            await().atMost(Duration.ofSeconds(10)).until(() -> ticks() > 0);
            assertThat(run("routes", "pause", "tick", "--data", data()).exit()).isZero();
            awaitDelivered(bridge, 3);
            assertThat(health(bridge)).isEqualTo(200);
        }
        long before = ticks();

        try (BridgeProcess bridge = bridge()) {
            sandbox.workspace().create("deals", Map.of("name", "after the restart"));
            awaitDelivered(bridge, 4);
            assertThat(ticks()).isEqualTo(before);
            assertThat(health(bridge)).isEqualTo(200);
            assertThat(run("routes", "list", "--data", data()).out())
                    .containsPattern("tick +PAUSED .*paused by a person");
            assertThat(run("status", "--json", "--data", data())
                            .json()
                            .at("/routes/2/state")
                            .asText())
                    .isEqualTo("PAUSED");

            assertThat(run("routes", "resume", "tick", "--data", data()).exit()).isZero();
            await().atMost(Duration.ofSeconds(10)).until(() -> ticks() > before);
        }
    }

    private static int health(BridgeProcess bridge) throws Exception {
        URI health = URI.create(bridge.address()).resolve("health");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString())
                .statusCode();
    }

    private long ticks() {
        return sandbox.receiver().received().stream()
                .filter(call -> call.path().equals("/tick"))
                .count();
    }

    @Test
    void a_route_that_was_paused_while_it_was_off_is_paused_when_it_starts() throws IOException {
        try (BridgeProcess bridge = bridge()) {
            awaitDelivered(bridge, 3);
        }
        assertThat(run("routes", "pause", "contacts-to-shop", "--data", data()).exit())
                .isZero();
        Files.writeString(
                folder.resolve("bundle/application.properties"),
                "bridge.hook.shop.url=%sshop\n".formatted(sandbox.receiver().url()),
                StandardOpenOption.APPEND);

        Said said = run("run", "--bundle", bundle(), "--data", data(), "--port", "0", "--for", "1s");

        assertThat(said.out()).contains("Routes: 1 run, 1 paused, 0 off.");
        assertThat(said.out()).contains("contacts-to-shop is paused: `routes resume contacts-to-shop` lets it go on");
        assertThat(run("routes", "list", "--data", data()).out()).containsPattern("contacts-to-shop +PAUSED +contacts");
    }

    @Test
    void a_dead_letter_is_listed_shown_replayed_and_dropped() throws Exception {
        sandbox.receiver().answer(400);
        try (BridgeProcess bridge = bridge()) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bridge.store().deadLetters().list(false).size() == 3);
            JsonNode letters =
                    run("dead-letters", "list", "--json", "--data", data()).json();
            assertThat(letters).hasSize(3);
            assertThat(letters.get(0).get("route").asText()).isEqualTo("deals-to-erp");
            String id = letters.get(0).get("id").asText();
            assertThat(run("status", "--check", "--data", data()).exit()).isEqualTo(3);
            assertThat(run("status", "--data", data()).out()).contains("! route deals-to-erp: 3 dead letters");
            assertThat(run("dead-letters", "show", id, "--data", data()).out()).contains("Deal 000");

            sandbox.receiver().answer(200);
            assertThat(run("dead-letters", "replay", id, "--data", data()).out())
                    .contains("1 replayed");
            awaitDelivered(bridge, 1);
            assertThat(run("dead-letters", "drop", "--all", "--data", data()).out())
                    .contains("2 dropped");
            assertThat(run("dead-letters", "drop", "--all", "--data", data()).exit())
                    .isEqualTo(1);
            Said none = run("dead-letters", "replay", "--route", "deals-to-erp", "--data", data());
            assertThat(none.exit()).isEqualTo(1);
            assertThat(none.out()).contains("0 replayed: no such dead letter waits, see `dead-letters list`");
            assertThat(run("dead-letters", "list", "--all", "--json", "--data", data())
                            .json())
                    .hasSize(3);
            assertThat(run("dead-letters", "show", "999", "--data", data()).exit())
                    .isEqualTo(2);
            assertThat(run("status", "--check", "--data", data()).exit()).isZero();
        }
    }

    @Test
    void an_open_gap_is_listed_and_degrades() throws Exception {
        Instant at = Instant.parse("2026-03-01T10:00:00Z");
        try (Store store = Store.open(Path.of(data()), Clock.systemUTC())) {
            var feed = store.sources()
                    .lease(store.sources().source("default", "impactiveai").id(), "deals");
            store.log()
                    .commit(new PollCommit(
                            feed,
                            List.of(),
                            List.of(),
                            Optional.of(new PollCommit.NewGap(at, at.plusSeconds(60), "the page was full")),
                            List.of()));
        }

        JsonNode gap = run("gaps", "list", "--json", "--data", data()).json().get(0);
        assertThat(gap.get("from").asText()).isEqualTo("2026-03-01T10:00:00Z");
        assertThat(gap.get("to").asText()).isEqualTo("2026-03-01T10:01:00Z");
        assertThat(run("gaps", "list", "--data", data()).out()).contains("the page was full");
        assertThat(run("status", "--check", "--data", data()).exit()).isEqualTo(3);

        String id = gap.get("id").asText();
        assertThat(run("gaps", "close", id, "--data", data()).exit())
                .as("without evidence")
                .isEqualTo(2);
        assertThat(run("gaps", "close", id, "--evidence", " ", "--data", data()).exit())
                .isEqualTo(2);
        assertThat(run("gaps", "close", "4711", "--evidence", "x", "--data", data())
                        .err())
                .contains("there is no open gap 4711");
        assertThat(run("gaps", "close", id, "--evidence", "compared with an export", "--data", data())
                        .exit())
                .isZero();
        assertThat(run("status", "--check", "--data", data()).exit()).isZero();
        assertThat(run("gaps", "list", "--all", "--json", "--data", data())
                        .json()
                        .get(0)
                        .get("evidence")
                        .asText())
                .isEqualTo("compared with an export");
    }

    private List<Long> intents(String... keys) {
        try (Store store = Store.open(Path.of(data()), Clock.systemUTC())) {
            long source = store.sources().source("default", "impactiveai").id();
            byte[] request = "{\"body\":{\"firstName\":\"Ada\"}}".getBytes(StandardCharsets.UTF_8);
            List<Long> ids = new ArrayList<>();
            for (String key : keys) {
                ids.add(store.intents()
                        .plan(List.of(new Intent.Plan(source, key, "contacts", "create", "leads", "n" + key, request)))
                        .get(0)
                        .id());
            }
            store.intents().happened(ids, IntentState.Event.HELD, Intent.Note.reason("two records may be it"));
            return ids;
        }
    }

    @Test
    void a_write_whose_outcome_is_unknown_degrades_until_a_person_has_decided() throws Exception {
        List<Long> ids = intents("a", "b", "c");
        String first = ids.get(0).toString();

        assertThat(run("status", "--check", "--data", data()).exit()).isEqualTo(3);
        assertThat(run("intents", "list", "--data", data()).out())
                .contains("contacts create", "UNKNOWN", "two records may be it")
                .doesNotContain("Ada");
        assertThat(run("intents", "show", first, "--data", data()).out())
                .contains("Ada", "intents confirm " + first, "intents drop " + first);

        assertThat(run("intents", "confirm", first, "--record", "c1", "--data", data())
                        .out())
                .contains("is CONFIRMED", "dead-letters replay --route leads");
        assertThat(run("intents", "retry", ids.get(1).toString(), "--data", data())
                        .out())
                .contains("is PLANNED");
        assertThat(run("intents", "drop", ids.get(2).toString(), "--data", data())
                        .out())
                .contains("is DROPPED");

        assertThat(run("status", "--check", "--data", data()).exit()).isZero();
        JsonNode left = run("intents", "list", "--json", "--data", data()).json();
        assertThat(left).hasSize(1);
        assertThat(left.get(0).get("reason").asText()).isEqualTo(Intent.RELEASED);
        assertThat(run("intents", "list", "--all", "--json", "--data", data()).json())
                .hasSize(3);
    }

    @Test
    void who_stands_in_a_file_is_suppressed_and_allowed_again() throws Exception {
        try (Store store = Store.open(Path.of(data()), Clock.systemUTC())) {
            store.sources().source("default", "impactiveai");
        }
        Path file = folder.resolve("stop.csv");
        Files.writeString(file, "\uFEFFAda@example.com;2026\n\"bob@example.com\"\n\nc17\nada@example.com\n");

        assertThat(run("leads", "suppress", file.toString(), "--data", data()).out())
                .contains("3 must not be enrolled");
        JsonNode counts = run("leads", "suppressed", "--json", "--data", data()).json();
        assertThat(counts).hasSize(1);
        assertThat(counts.get(0).get("subjects").asInt()).isEqualTo(3);
        assertThat(run("leads", "suppressed", "--data", data()).out())
                .contains("suppressed by a person")
                .doesNotContain("ada@");
        assertThat(run("leads", "allow", file.toString(), "--data", data()).out())
                .contains("3 may be enrolled again");
        assertThat(run("leads", "allow", file.toString(), "--data", data()).exit())
                .isEqualTo(1);
        assertThat(run("leads", "suppress", "nowhere.csv", "--data", data())).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("nowhere.csv");
        });
        assertThat(run("leads", "suppress", file.toString(), "--connection", "x", "--data", data())
                        .err())
                .contains("no connection \"x\"");
    }

    @Test
    void there_is_nothing_to_decide_on_an_intent_that_is_settled_or_not_there() {
        String id = intents("a").get(0).toString();
        run("intents", "drop", id, "--data", data());

        assertThat(run("intents", "drop", id, "--data", data())).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(1);
            assertThat(said.out()).contains("is DROPPED: nothing is to be decided");
        });
        assertThat(run("intents", "retry", id, "--data", data()).out()).contains("is PLANNED", "it is sent by");
        assertThat(run("intents", "show", id, "--data", data()).out()).contains("It was not done");
        assertThat(run("intents", "show", "4711", "--data", data())).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.err()).contains("there is no intent 4711");
        });
        assertThat(run("intents", "confirm", id, "--data", data()).exit())
                .as("without --record")
                .isEqualTo(2);
    }

    @Test
    void rows_in_quarantine_degrade_for_a_day() throws Exception {
        Clock now = Clock.systemUTC();
        quarantine(Clock.offset(now, Duration.ofHours(-25)), "no id");
        assertThat(run("status", "--check", "--data", data()).exit()).isZero();

        quarantine(Clock.offset(now, Duration.ofHours(-23)), "no id", "no stamp");

        Said said = run("status", "--check", "--data", data());
        assertThat(said.exit()).isEqualTo(3);
        assertThat(said.out())
                .containsPattern(
                        "! feed deals of default: 2 rows without an id or a readable stamp in the last 24 h, the first at \\S+Z,"
                                + " are in quarantine: no route gets them. Mend them in the CRM; this is told until 24 h after the last one");
        JsonNode feed = run("status", "--json", "--data", data()).json().at("/feeds/0");
        assertThat(feed.get("quarantined").asLong()).isEqualTo(2);
        assertThat(feed.get("quarantinedLately").asLong()).isEqualTo(2);
        Instant first = Instant.parse(feed.get("quarantinedSince").asText());
        assertThat(Duration.between(first, now.instant()).toHours()).isEqualTo(25);
        assertThat(Instant.parse(feed.get("quarantinedLast").asText())).isAfter(first);
    }

    /** As a poll at that time would. */
    private void quarantine(Clock clock, String... reasons) {
        try (Store store = Store.open(Path.of(data()), clock)) {
            var feed = store.sources()
                    .lease(store.sources().source("default", "impactiveai").id(), "deals");
            List<PollCommit.QuarantinedRow> rows = Stream.of(reasons)
                    .map(reason -> new PollCommit.QuarantinedRow(
                            reason.getBytes(StandardCharsets.UTF_8), reason, new byte[] {'{', '}'}))
                    .toList();
            store.log().commit(new PollCommit(feed, List.of(), List.of(), Optional.empty(), rows));
        }
    }

    @Test
    void connections_are_listed_without_their_keys_and_tested() throws Exception {
        Said listed = run("connection", "list", "--json", "--bundle", bundle());
        assertThat(listed.json().get(0).get("baseUrl").asText())
                .isEqualTo(sandbox.baseUrl().toString());
        assertThat(listed.out()).doesNotContain(Sandbox.DEFAULT_KEY);

        Said tested = run("connection", "test", "--bundle", bundle());
        assertThat(tested.exit()).isZero();
        assertThat(tested.out()).contains("ws_sandbox");

        sandbox.workspace().revokeKey();
        Said refused = run("connection", "test", "default", "--json", "--bundle", bundle());
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.json().get(0).get("ok").asBoolean()).isFalse();
        assertThat(refused.out()).doesNotContain(Sandbox.DEFAULT_KEY);
        assertThat(refused.out()).contains("check bridge.connection.default.api-key");
        assertThat(run("connection", "test", "defalt", "--bundle", bundle()).err())
                .contains("did you mean \"default\"?");
        assertThat(run("connection", "test", "nothing", "--bundle", bundle()).err())
                .contains("there are default");
        Files.writeString(
                folder.resolve("bundle/application.properties"),
                "bridge.connection.default.base-url=%s/elsewhere\n".formatted(sandbox.baseUrl()),
                StandardOpenOption.APPEND);
        assertThat(run("connection", "test", "--bundle", bundle()).out())
                .contains("answered 404")
                .contains("check bridge.connection.default.base-url");
    }

    @Test
    void the_ops_page_answers_to_this_machine_and_to_no_other_name() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        try (BridgeProcess bridge = bridge()) {
            awaitDelivered(bridge, 3);
            URI base = URI.create(bridge.address());
            for (String path : List.of("", "api/status", "api/gaps", "api/dead-letters", "health")) {
                HttpResponse<String> answer =
                        client.send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.body()).doesNotContain(Sandbox.DEFAULT_KEY).doesNotContain("Deal 000");
            }
            try (var socket = new java.net.Socket("127.0.0.1", base.getPort())) {
                socket.getOutputStream()
                        .write("GET /api/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 403");
            }
            sandbox.receiver().answer(401);
            sandbox.workspace().create("deals", Map.of("name", "refused"));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(client.send(
                                            HttpRequest.newBuilder(base.resolve("health"))
                                                    .build(),
                                            BodyHandlers.ofString())
                                    .statusCode())
                            .isEqualTo(503));
        }
    }

    @Test
    void the_shipped_bundle_starts_without_a_warning() {
        Logger root = (Logger) org.slf4j.LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try (BridgeProcess bridge = BridgeProcess.start(
                Bundle.at(
                        Path.of("."),
                        Map.of(
                                "bridge.connection.default.base-url",
                                sandbox.baseUrl().toString(),
                                "bridge.connection.default.api-key",
                                Sandbox.DEFAULT_KEY)),
                Path.of(data()),
                0,
                Map.of(),
                Activity.NONE)) {
            awaitDelivered(bridge, 3);
        } finally {
            root.detachAppender(log);
        }

        assertThat(List.copyOf(log.list))
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    @Test
    void the_demo_runs_the_shipped_bundle_and_sums_up() throws IOException {
        Path data = folder.resolve("demo");
        Said said = run("demo", "--data", data.toString(), "--port", "0", "--for", "8s", "--activity", "10");

        assertThat(said.exit()).as(said.err()).isZero();
        List<String> lines = said.out().lines().toList();
        int summary = lines.indexOf(lines.stream()
                .filter(line -> line.startsWith("Summary: delivered "))
                .findFirst()
                .orElseThrow());
        long delivered = Long.parseLong(lines.get(summary).substring("Summary: delivered ".length()));
        assertThat(delivered).isGreaterThanOrEqualTo(180);
        assertThat(lines.subList(summary + 1, lines.size()))
                .anyMatch(line -> line.startsWith("deal-won-to-erp"))
                .anyMatch(line -> line.startsWith("deals-report"))
                .allSatisfy(line -> assertThat(line).doesNotContain("ALARM", "TARGET_DOWN"));
        assertThat(said.out()).containsPattern("deal \"Deal \\d+\" won → smtp office \\(sent\\), \\d+ ms");
        assertThat(said.out()).containsPattern("the mailbox [1-9]\\d* mails");
        assertThat(said.out()).containsPattern("deal \"Deal \\d+\" won → hook erp \\(200\\), \\d+ ms");
        assertThat(said.out()).containsPattern("The webhook receiver got [1-9]\\d* calls");
        assertThat(said.out()).containsPattern("Form \\(send a lead\\): http://127\\.0\\.0\\.1:\\d+/form");
        try (Stream<Path> files = Files.walk(data.resolve("exports"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(f -> f.getFileName().toString()))
                    .anyMatch(name -> name.matches("contacts-.*\\.csv"))
                    .anyMatch(name -> name.matches("companies-.*\\.csv"))
                    .anyMatch(name -> name.matches("projects-.*\\.ndjson"));
        }
        assertThat(said.out()).containsPattern("lead \".*\" created → sequence Welcome \\(enrolled\\)");
        assertThat(said.err().lines()).allMatch(line -> line.contains(" INFO  CsvProducer: "));
    }
}
