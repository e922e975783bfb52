package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first promise, on a real process that is killed without warning. */
class KillTest {
    private static final int KILLS = Integer.getInteger("kills", 10);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final Random random = new Random(7);
    private Process bridge;

    @AfterEach
    void end() throws Exception {
        if (bridge != null) {
            bridge.destroyForcibly().waitFor();
        }
    }

    @Test
    void loses_nothing_and_repeats_only_with_the_same_key_when_it_is_killed_again_and_again() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            bundle(sandbox);
            startAndPoll(sandbox);
            List<String> deals = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                change(sandbox, deals, 20 + random.nextInt(40));
                bridge.destroyForcibly().waitFor();
                change(sandbox, deals, 10);
                startAndPoll(sandbox);
            }
            change(sandbox, deals, 20);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(missing(latest(sandbox, "deals"), latestDelivered(sandbox)))
                        .as("deals whose last version was not delivered")
                        .isEmpty();
                assertThat(missing(latest(sandbox, "contacts"), exported()))
                        .as("contacts whose last version is in no file")
                        .isEmpty();
                assertThat(upserted()).as("rows of the database").isEqualTo(latest(sandbox, "deals"));
            });
            keysMarkRepeats(sandbox);
            eachRowOnce();
        }
    }

    @Test
    void says_that_it_stops_when_it_is_interrupted_while_it_starts() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            bundle(sandbox);
            start();
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(folder.resolve("data/bridge.lock")));
            bridge.destroy();
            assertThat(bridge.waitFor()).isEqualTo(143);
        }
        assertThat(Files.readString(folder.resolve("log")))
                .contains("every route keeps its place")
                .doesNotContain("Shutdown in progress");
    }

    /** About as much as a sandbox's day in a second, but never a page full between two polls. */
    private void change(Sandbox sandbox, List<String> deals, int changes) {
        for (int i = 0; i < changes; i++) {
            if (deals.isEmpty() || random.nextInt(3) > 0) {
                deals.add(sandbox.workspace().create("deals", Map.of("name", "Deal " + deals.size())));
            } else {
                sandbox.workspace()
                        .update(
                                "deals",
                                deals.get(random.nextInt(deals.size())),
                                Map.of("amount", random.nextInt(9000)));
            }
            if (random.nextInt(2) == 0) {
                sandbox.workspace().create("contacts", Map.of("firstName", "Contact", "lastName", "N" + i));
            }
            LockSupport.parkNanos(Duration.ofMillis(20 + random.nextInt(30)).toNanos());
        }
    }

    private static Map<String, String> missing(Map<String, String> wanted, Map<String, String> there) {
        Map<String, String> missing = new HashMap<>(wanted);
        missing.entrySet().removeAll(there.entrySet());
        return missing;
    }

    private static Map<String, String> latest(Sandbox sandbox, String resource) {
        Map<String, String> latest = new HashMap<>();
        sandbox.workspace()
                .all(resource)
                .forEach(row -> latest.put(
                        row.get("id").toString(), row.get("updatedAt").toString()));
        return latest;
    }

    private static Map<String, String> latestDelivered(Sandbox sandbox) throws IOException {
        Map<String, String> latest = new HashMap<>();
        for (Received call : sandbox.receiver().received()) {
            JsonNode deal = JSON.readTree(call.body());
            latest.merge(
                    deal.path("id").asText(), deal.path("updatedAt").asText(), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
        return latest;
    }

    private static void keysMarkRepeats(Sandbox sandbox) throws IOException {
        Map<String, String> keyOfVersion = new HashMap<>();
        Map<String, String> versionOfKey = new HashMap<>();
        Map<String, String> lastFirst = new HashMap<>();
        for (Received call : sandbox.receiver().received()) {
            JsonNode deal = JSON.readTree(call.body());
            String stamp = deal.path("updatedAt").asText();
            String version = deal.path("id").asText() + " " + stamp;
            String key = call.headers().get("webhook-id");
            if (keyOfVersion.putIfAbsent(version, key) == null) {
                String before = lastFirst.put(deal.path("id").asText(), stamp);
                assertThat(before == null || before.compareTo(stamp) <= 0)
                        .as("first deliveries of a record are in order")
                        .isTrue();
            }
            assertThat(keyOfVersion.get(version))
                    .as("a repeat has the same webhook-id")
                    .isEqualTo(key);
            assertThat(versionOfKey.computeIfAbsent(key, k -> version))
                    .as("a webhook-id stands for one version")
                    .isEqualTo(version);
        }
    }

    private Connection warehouse() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("warehouse.db"));
    }

    private Map<String, String> upserted() throws SQLException {
        try (Connection connection = warehouse();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, version FROM deals")) {
            Map<String, String> rows = new HashMap<>();
            while (found.next()) {
                rows.put(found.getString(1), found.getString(2));
            }
            return rows;
        }
    }

    private Map<String, String> exported() throws IOException {
        Map<String, String> rows = new HashMap<>();
        for (CSVRecord row : rows()) {
            rows.merge(row.get("id"), row.get("updatedAt"), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
        return rows;
    }

    private void eachRowOnce() throws IOException {
        Set<String> seen = new HashSet<>();
        for (CSVRecord row : rows()) {
            assertThat(seen.add(row.get("id") + " " + row.get("updatedAt")))
                    .as("row %s is in the files once", row.get("id"))
                    .isTrue();
        }
    }

    /** Of every file, the growing one too: nothing runs over the recorded end while the bridge is alive. */
    private List<CSVRecord> rows() throws IOException {
        Path exports = folder.resolve("data/exports/default");
        if (!Files.isDirectory(exports)) {
            return List.of();
        }
        List<CSVRecord> rows = new ArrayList<>();
        try (Stream<Path> files = Files.list(exports)) {
            for (Path file : files.sorted().toList()) {
                try (CSVParser parser = CSVParser.parse(
                        Files.readString(file),
                        CSVFormat.RFC4180
                                .builder()
                                .setHeader()
                                .setSkipHeaderRecord(true)
                                .get())) {
                    rows.addAll(parser.getRecords());
                }
            }
        }
        return rows;
    }

    /** Waits for a poll of each feed, so that no more changes gather than one page can show. */
    private void startAndPoll(Sandbox sandbox) throws IOException {
        long deals = sandbox.workspace().requests("/api/zapier/deals");
        long contacts = sandbox.workspace().requests("/api/zapier/contacts");
        start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> sandbox.workspace().requests("/api/zapier/deals") > deals
                        && sandbox.workspace().requests("/api/zapier/contacts") > contacts);
    }

    private void start() throws IOException {
        bridge = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.crmbridge.App",
                        "run",
                        "--bundle",
                        folder.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    private void bundle(Sandbox sandbox) throws Exception {
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.allow-fast-poll=true
                bridge.hook.erp.url=%s
                bridge.hook.erp.allow-private=true
                bridge.datasource.warehouse.url=jdbc:sqlite:%s
                """.formatted(
                sandbox.baseUrl(), Sandbox.DEFAULT_KEY, sandbox.receiver().url(), folder.resolve("warehouse.db")));
        try (Connection connection = warehouse();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE deals (id text PRIMARY KEY, version text)");
        }
        Files.writeString(folder.resolve("routes/routes.yaml"), """
                - route:
                    id: deals
                    from:
                      uri: impactiveai:deals
                      parameters: { delay: 500ms, startFrom: mirror, parallel: 4 }
                      steps:
                        - to: { uri: "hook:erp" }
                - route:
                    id: database
                    from:
                      uri: impactiveai:deals
                      parameters: { delay: 500ms, startFrom: mirror, parallel: 2 }
                      steps:
                        - to:
                            uri: sql
                            parameters:
                              query: >-
                                INSERT INTO deals VALUES (:#${body[id]}, :#${body[updatedAt]})
                                ON CONFLICT (id) DO UPDATE SET version = excluded.version
                              dataSource: "#warehouse"
                - route:
                    id: contacts
                    from:
                      uri: impactiveai:contacts
                      parameters: { delay: 500ms, startFrom: mirror, batchSize: 7 }
                      steps:
                        - to: { uri: "export:contacts.csv", parameters: { columns: "id,lastName,updatedAt", roll: 25rows } }
                """);
    }
}
