package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import io.crmbridge.state.Store;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deploys and rolls back beside a bridge in a process of its own, while the CRM makes 500 changes a second. {@code -Ddeploys=200}
 * does it 200 times, in two minutes.
 */
@Timeout(600)
class DeployUnderLoadTest {
    private static final int DEPLOYS = Integer.getInteger("deploys", 10);
    private static final List<String> FEEDS = List.of("contacts", "companies", "deals", "invoices", "projects");
    private static final int EACH_PER_SECOND = 100;
    /** So that no record changes twice between two polls: then the version between would be seen by nobody. */
    private static final int RECORDS = 90;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ADDRESS = Pattern.compile("Ops page: (http://127\\.0\\.0\\.1:\\d+/)");

    @TempDir
    private Path folder;

    private Process bridge;
    private final Map<String, Integer> made = new ConcurrentHashMap<>();
    private volatile boolean over;

    @AfterEach
    void end() throws Exception {
        over = true;
        if (bridge != null) {
            bridge.destroyForcibly().waitFor();
        }
    }

    @Test
    void deploys_and_rollbacks_lose_nothing_repeat_only_what_was_in_flight_and_miss_no_poll() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            Map<String, List<String>> records = records(sandbox);
            version(sandbox, 0, FEEDS);
            deploy(List.of("--data", data()), "0.0.1");
            start();
            String address = address();
            List<String> place =
                    List.of("--url", address, "--token", Files.readString(folder.resolve("data/api-token")));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> FEEDS.stream().allMatch(feed -> polls(sandbox, feed) > 1));
            Thread load = thread(() -> change(sandbox, records));
            Intervals intervals = new Intervals(sandbox);
            Thread counting = thread(intervals::count);
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            Duration before = intervals.restart();
            long begun = System.nanoTime();

            int rollbacks = 0;
            for (int number = 1; number <= DEPLOYS; number++) {
                if (number % 4 == 0) {
                    execute("rollback", place);
                    rollbacks++;
                } else {
                    version(sandbox, number, List.of(FEEDS.get(number % 5), FEEDS.get((number + 1) % 5)));
                    deploy(place, "0.1." + number);
                }
            }

            double seconds = (System.nanoTime() - begun) / 1e9;
            Duration during = intervals.longest();
            over = true;
            load.join();
            counting.join();
            awaitAll(sandbox);
            Repeats repeats = Repeats.of(sandbox.receiver().received());
            bridge.destroy();
            assertThat(bridge.waitFor(20, TimeUnit.SECONDS)).isTrue();
            System.out.printf(
                    "%d deploys and %d rollbacks in %.1f s; %d changes, %.0f a second; lost 0; repeated %d, with another key %d;"
                            + " gaps %d; longest time between two polls of a feed %d ms, before %d ms%n",
                    DEPLOYS - rollbacks,
                    rollbacks,
                    seconds,
                    made.size(),
                    made.size() / (seconds + 2),
                    repeats.same(),
                    repeats.otherKey(),
                    gaps(),
                    during.toMillis(),
                    before.toMillis());

            assertThat(repeats.otherKey()).isZero();
            assertThat(repeats.same()).as("a swap waits for what is in flight").isZero();
            assertThat(repeats.versions()).as("versions that were seen to run").hasSizeGreaterThan(DEPLOYS / 2);
            assertThat(gaps()).isZero();
            assertThat(during).as("a page of 100 changes takes a second").isLessThan(Duration.ofMillis(900));
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private static Map<String, List<String>> records(Sandbox sandbox) {
        Map<String, List<String>> records = new TreeMap<>();
        for (String feed : FEEDS) {
            records.put(
                    feed,
                    IntStream.range(0, RECORDS)
                            .mapToObj(number -> sandbox.workspace().create(feed, Map.of("token", "none")))
                            .toList());
        }
        return records;
    }

    /** A round through the records of all feeds takes 0.9 seconds. */
    private void change(Sandbox sandbox, Map<String, List<String>> records) {
        long begun = System.nanoTime();
        for (int round = 0; !over; round++) {
            for (String feed : FEEDS) {
                String token = feed + "-" + round;
                made.put(token, round);
                sandbox.workspace().update(feed, records.get(feed).get(round % RECORDS), Map.of("token", token));
            }
            long due = begun + (round + 1) * (1_000_000_000L / EACH_PER_SECOND);
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private static long polls(Sandbox sandbox, String feed) {
        return sandbox.workspace().requests("/api/zapier/" + feed);
    }

    /** How long the CRM waits from one poll of a feed to the next. */
    private final class Intervals {
        private final Sandbox sandbox;
        private final AtomicLong longest = new AtomicLong();

        Intervals(Sandbox sandbox) {
            this.sandbox = sandbox;
        }

        void count() {
            Map<String, Long> seen = new HashMap<>();
            Map<String, Long> since = new HashMap<>();
            while (!over) {
                for (String feed : FEEDS) {
                    long now = System.nanoTime();
                    long polls = polls(sandbox, feed);
                    longest.accumulateAndGet(now - since.getOrDefault(feed, now), Math::max);
                    if (!Long.valueOf(polls).equals(seen.put(feed, polls))) {
                        since.put(feed, now);
                    }
                }
                LockSupport.parkNanos(5_000_000);
            }
        }

        Duration longest() {
            return Duration.ofNanos(longest.get());
        }

        Duration restart() {
            return Duration.ofNanos(longest.getAndSet(0));
        }
    }

    /** What came more than once: with the same key, which marks it, or with another. */
    private record Repeats(long same, long otherKey, Set<Integer> versions) {
        static Repeats of(List<Received> calls) throws Exception {
            Map<String, String> keys = new HashMap<>();
            Set<Integer> versions = new TreeSet<>();
            long same = 0;
            long other = 0;
            for (Received call : calls) {
                JsonNode body = JSON.readTree(call.body());
                versions.add(body.path("v").asInt());
                String key = call.headers().get("webhook-id");
                String before = keys.putIfAbsent(body.path("token").asText() + body.path("id"), key);
                if (before != null) {
                    same += before.equals(key) ? 1 : 0;
                    other += before.equals(key) ? 0 : 1;
                }
            }
            return new Repeats(same, other, versions);
        }
    }

    private void awaitAll(Sandbox sandbox) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Set<String> missing = new TreeSet<>(made.keySet());
            for (Received call : sandbox.receiver().received()) {
                missing.remove(JSON.readTree(call.body()).path("token").asText());
            }
            assertThat(missing).as("changes that no route was given").isEmpty();
        });
    }

    private long gaps() {
        try (Store store = Store.open(folder.resolve("data"), Clock.systemUTC())) {
            return store.sources().gaps(true).size();
        }
    }

    private void version(Sandbox sandbox, int number, List<String> changed) throws Exception {
        write("application.properties", """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.allow-fast-poll=true
                bridge.hook.sink.url=%s
                bridge.hook.sink.allow-private=true
                """.formatted(
                sandbox.baseUrl(), Sandbox.DEFAULT_KEY, sandbox.receiver().url()));
        for (String feed : FEEDS) {
            if (number == 0) {
                write("routes/" + feed + ".yaml", """
                        - route:
                            id: %s
                            from:
                              uri: impactiveai:%s
                              parameters: { delay: 150ms }
                              steps:
                                - to: { uri: "map:%s" }
                                - to: { uri: "hook:sink" }
                        """.formatted(feed, feed, feed));
            }
            if (changed.contains(feed)) {
                write("mappings/" + feed + ".jslt", "{\"token\": .token, \"id\": .id, \"v\": %d}".formatted(number));
            }
        }
    }

    private void write(String file, String text) throws Exception {
        Path path = folder.resolve("bundle").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void deploy(List<String> place, String version) {
        List<String> arguments =
                new ArrayList<>(List.of(folder.resolve("bundle").toString(), "--version", version));
        arguments.addAll(place);
        execute("deploy", arguments);
    }

    private static void execute(String command, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(arguments);
        StringWriter said = new StringWriter();
        picocli.CommandLine program = new picocli.CommandLine(new CrmBridge());
        program.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
        assertThat(program.execute(all.toArray(new String[0])))
                .as(said.toString())
                .isZero();
    }

    private void start() throws Exception {
        bridge = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // As the program's own script.
                        "-Xmx192m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:MaxMetaspaceSize=128m",
                        "-XX:ReservedCodeCacheSize=64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.crmbridge.App",
                        "run",
                        "--data",
                        data(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run.log").toFile())
                .start();
    }

    private String address() {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            Matcher address = ADDRESS.matcher(Files.readString(folder.resolve("run.log")));
                            return address.find() ? address.group(1) : "";
                        },
                        found -> !found.isEmpty());
    }
}
