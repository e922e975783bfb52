package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests share that kill real bridges: a bundle, changes in a sandbox, and what must be true of what came out. */
abstract class KilledBridges {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ADDRESS = Pattern.compile("Ops page: (http://127\\.0\\.0\\.1:\\d+/)");

    @TempDir
    Path folder;

    protected final Random random = new Random(7);
    private final List<Process> started = new ArrayList<>();
    /** Of the bridge that was begun last. */
    protected volatile URI inbox;

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    protected void nothingIsLost(Sandbox sandbox) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(missing(latest(sandbox, "deals"), latestDelivered(sandbox)))
                    .as("deals whose last version was not delivered")
                    .isEmpty();
            assertThat(missing(latest(sandbox, "contacts"), exported()))
                    .as("contacts whose last version is in no file")
                    .isEmpty();
        });
    }

    /** About as much as a sandbox's day in a second, but never a page full between two polls. */
    protected void change(Sandbox sandbox, List<String> deals, int changes) {
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

    static Map<String, String> latest(Sandbox sandbox, String resource) {
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

    protected static void keysMarkRepeats(Sandbox sandbox) throws IOException {
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

    private Map<String, String> exported() throws IOException {
        Map<String, String> rows = new HashMap<>();
        for (CSVRecord row : rows()) {
            rows.merge(row.get("id"), row.get("updatedAt"), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
        return rows;
    }

    protected void eachRowOnce() throws IOException {
        Set<String> seen = new HashSet<>();
        for (CSVRecord row : rows()) {
            assertThat(seen.add(row.get("id") + " " + row.get("updatedAt")))
                    .as("row %s is in the files once", row.get("id"))
                    .isTrue();
        }
    }

    /** Of every file, the growing one too: nothing runs over the recorded end while the bridge is alive. */
    private List<CSVRecord> rows() throws IOException {
        Path exports = folder.resolve("exports");
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
    protected void awaitPoll(Sandbox sandbox) {
        long deals = sandbox.workspace().requests("/api/zapier/deals");
        long contacts = sandbox.workspace().requests("/api/zapier/contacts");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> sandbox.workspace().requests("/api/zapier/deals") > deals
                        && sandbox.workspace().requests("/api/zapier/contacts") > contacts);
    }

    /** Starts a bridge with a data folder and a log of that name. */
    protected Process start(String name) throws IOException {
        Process bridge = new ProcessBuilder(
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
                        folder.resolve(name).toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()))
                .start();
        started.add(bridge);
        return bridge;
    }

    /**
     * Starts a bridge with the data folder "data" and waits until leads can be posted to it.
     *
     * @param earlier how many of them were started before
     */
    protected Process begin(int earlier) throws IOException {
        Process bridge = start("data");
        await().atMost(Duration.ofSeconds(30)).until(() -> addresses().size() > earlier);
        inbox = URI.create(addresses().get(earlier) + "inbox/leads");
        return bridge;
    }

    private List<String> addresses() throws IOException {
        return ADDRESS.matcher(Files.readString(folder.resolve("data.log")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    protected void bundle(Sandbox sandbox, String more) throws IOException {
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.allow-fast-poll=true
                bridge.hook.erp.url=%s
                bridge.hook.erp.allow-private=true
                bridge.export.dir=%s
                %s
                """.formatted(
                sandbox.baseUrl(), Sandbox.DEFAULT_KEY, sandbox.receiver().url(), folder.resolve("exports"), more));
        Files.writeString(folder.resolve("routes/routes.yaml"), """
                - route:
                    id: deals
                    from:
                      uri: impactiveai:deals
                      parameters: { delay: 500ms, startFrom: mirror, parallel: 4 }
                      steps:
                        - to: { uri: "hook:erp" }
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
