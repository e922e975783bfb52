package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Change;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries posted to a real process that is killed without warning, by senders that send again until they get an answer. */
@Timeout(180)
class InboxKillTest extends KilledBridges {
    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final int SENDERS = 4;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger repeats = new AtomicInteger();
    private volatile boolean enough;

    @Test
    void what_was_acknowledged_is_there_once_and_is_delivered() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            bundle(sandbox, "bridge.inbox.leads.rate=1000000");
            Files.writeString(folder.resolve("routes/routes.yaml"), """
                    - route:
                        id: leads
                        from:
                          uri: inbox:leads
                          parameters: { parallel: 4 }
                          steps:
                            - to: { uri: "hook:erp" }
                    """);
            Process bridge = begin(0);
            List<CompletableFuture<Void>> senders = IntStream.range(0, SENDERS)
                    .mapToObj(sender -> CompletableFuture.runAsync(() -> post(sender)))
                    .toList();
            for (int kill = 1; kill <= KILLS; kill++) {
                int until = acknowledged.size() + 50;
                await().atMost(Duration.ofSeconds(30)).until(() -> acknowledged.size() >= until);
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(40)).toNanos());
                bridge.destroyForcibly().waitFor();
                bridge = begin(kill);
            }
            enough = true;
            senders.forEach(CompletableFuture::join);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(delivered(sandbox)).containsAll(acknowledged.keySet()));
            bridge.destroy();
            bridge.waitFor();

            Map<String, String> inTheLog = new HashMap<>();
            for (Change entry : log()) {
                assertThat(inTheLog.put(entry.recordId(), entry.version()))
                        .as("the key %s is in the log once", entry.recordId())
                        .isNull();
            }
            assertThat(inTheLog).containsExactlyInAnyOrderEntriesOf(acknowledged);
            System.out.printf("%d entries, %d kills, %d sent again%n", inTheLog.size(), KILLS, repeats.get());
        }
    }

    private void post(int sender) {
        for (int i = 0; !enough; i++) {
            String key = sender + "-" + i;
            while (!isAcknowledged(key)) {
                repeats.incrementAndGet();
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    private boolean isAcknowledged(String key) {
        HttpRequest request = HttpRequest.newBuilder(inbox)
                .timeout(Duration.ofSeconds(5))
                .headers("Content-Type", "application/json", "Idempotency-Key", key)
                .POST(BodyPublishers.ofString("{\"key\":\"" + key + "\"}"))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 202) {
                acknowledged.put(
                        key,
                        JSON.readTree(answer.body()).at("/entries/0/receipt").asText());
                return true;
            }
        } catch (IOException e) {
            // The bridge is dead; whether it took the entry nobody knows.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return false;
    }

    private static List<String> delivered(Sandbox sandbox) {
        return sandbox.receiver().received().stream()
                .map(call -> {
                    try {
                        JsonNode body = JSON.readTree(call.body());
                        return body.path("key").asText();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    private List<Change> log() {
        try (Store store = Store.attach(folder.resolve("data"), Clock.systemUTC())) {
            long feed = store.sources().feeds().stream()
                    .filter(state -> state.name().equals("inbox/leads"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            return store.log().read(feed, 0, 0, 1_000_000);
        }
    }
}
