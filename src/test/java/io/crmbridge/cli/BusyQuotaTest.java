package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.sandbox.intellivizz.Location;
import io.crmbridge.sandbox.intellivizz.RateLimit;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Routes that would call far more often than the CRM allows, counted where the CRM counts. {@code -Dlimits=documented} does it with the
 * limits of Intellivizz' document, in four minutes.
 */
@Timeout(600)
class BusyQuotaTest {
    private static final boolean DOCUMENTED = "documented".equals(System.getProperty("limits"));
    private static final List<String> FEEDS = List.of(
            "contacts",
            "opportunities",
            "appointments",
            "conversations",
            "messages",
            "form-submissions",
            "survey-submissions",
            "invoices",
            "transactions",
            "forms",
            "members");

    private record Limits(int burst, Duration burstTime, int calls, Duration time) {
        static Limits now() {
            return DOCUMENTED
                    ? new Limits(30, Duration.ofSeconds(10), 100, Duration.ofMinutes(1))
                    : new Limits(30, Duration.ofSeconds(1), 70, Duration.ofSeconds(3));
        }
    }

    @TempDir
    private Path folder;

    @Test
    void no_window_is_exceeded_and_the_quota_is_used_while_every_route_is_busy() throws Exception {
        Limits limits = Limits.now();
        int people = DOCUMENTED ? 300 : 60;
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSeedRecords(20))) {
            IntellivizzSandbox crm = sandbox.intellivizz();
            crm.limits(new RateLimit(limits.burst(), limits.burstTime()), new RateLimit(limits.calls(), limits.time()));
            crm.startActivity(5);
            Location location = crm.location();
            int before = location.all("contacts").size();
            bundle(crm, limits);
            try (BridgeProcess bridge = BridgeProcess.start(
                    Bundle.at(folder, Map.of()), folder.resolve("data"), 0, Map.of(), Activity.NONE)) {
                post(bridge, people);
                String key = location.key();
                await().atMost(limits.time().multipliedBy(10))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> crm.requests(key) >= limits.calls());
                double share = 0;
                // A stretch in which the machine had no time for the bridge says nothing of the quota.
                for (int stretch = 0; stretch < 6 && share < 0.9; stretch++) {
                    share = Math.max(share, share(() -> crm.requests(key), limits));
                }

                int burst = crm.mostInWindow(key, limits.burstTime());
                int most = crm.mostInWindow(key, limits.time());
                System.out.printf(
                        "most in %s: %d of %d; most in %s: %d of %d; %.0f %% of it used; %d refused%n",
                        limits.burstTime(),
                        burst,
                        limits.burst(),
                        limits.time(),
                        most,
                        limits.calls(),
                        share * 100,
                        crm.refusedByLimit(key));
                assertThat(burst).isLessThanOrEqualTo(limits.burst());
                assertThat(most).isLessThanOrEqualTo(limits.calls());
                assertThat(crm.refusedByLimit(key)).isZero();
                assertThat(share).isGreaterThanOrEqualTo(0.9);
                // Writes go first, so they are done although the polls alone would use all of it.
                await().atMost(limits.time().multipliedBy(10))
                        .until(() -> location.all("contacts").size() >= before + people);
            }
        }
    }

    /** Calls come in bursts, and a stretch of time may hold one more or less of them; so those of two windows are timed. */
    private static double share(LongSupplier requests, Limits limits) {
        long began = System.nanoTime();
        long until = requests.getAsLong() + 2L * limits.calls();
        await().atMost(limits.time().multipliedBy(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> requests.getAsLong() >= until);
        return 2.0 * limits.time().toNanos() / (System.nanoTime() - began);
    }

    private void bundle(IntellivizzSandbox crm, Limits limits) throws Exception {
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.allow-fast-poll=true
                bridge.connection.default.type=intellivizz
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.connection.default.location-id=%s
                bridge.connection.default.quota=%d/%ds,%d/%ds
                """.formatted(
                        crm.baseUrl(),
                        crm.location().key(),
                        crm.location().id(),
                        limits.burst(),
                        limits.burstTime().toSeconds(),
                        limits.calls(),
                        limits.time().toSeconds()));
        Files.writeString(
                folder.resolve("routes/feeds.yaml"),
                FEEDS.stream().map(feed -> """
                                        - route:
                                            id: %1$s
                                            from:
                                              uri: intellivizz:%1$s
                                              parameters:
                                                delay: 100ms
                                              steps:
                                                - to:
                                                    uri: export:%1$s.ndjson
                                        """.formatted(feed)).collect(Collectors.joining()) + """
                        - route:
                            id: people
                            from:
                              uri: inbox:people
                              parameters:
                                parallel: 8
                              steps:
                                - to:
                                    uri: intellivizz:contacts
                                    parameters:
                                      operation: create
                        """);
    }

    private static void post(BridgeProcess bridge, int people) throws Exception {
        String entries = IntStream.range(0, people)
                .mapToObj(i -> "{\"firstName\":\"Ann\",\"lastName\":\"Example\",\"email\":\"busy%d@example.com\"}"
                        .formatted(i))
                .collect(Collectors.joining(",", "[", "]"));
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(bridge.address() + "inbox/people"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(entries))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(202);
    }
}
