package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The main job over real HTTP, as somebody runs it. */
class MainJobTest {
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("outage", 6));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void delivers_everything_in_order_after_the_target_was_down_and_polls_on_meanwhile() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
                BridgeProcess bridge = start(sandbox, "500ms")) {
            polled(sandbox, 2);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                ids.add(sandbox.workspace().create("deals", Map.of("name", "Deal " + i)));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> sandbox.receiver().count() == 60);
            sandbox.receiver().stop();
            long polls = sandbox.workspace().requests("/api/zapier/deals");
            long pause = OUTAGE.toNanos() / 300;
            for (int i = 0; i < 300; i++) {
                sandbox.workspace().update("deals", ids.get(i % 60), Map.of("amount", i));
                LockSupport.parkNanos(pause);
            }
            long polledMeanwhile = sandbox.workspace().requests("/api/zapier/deals") - polls;
            assertThat(polledMeanwhile).as("polls while the target was down").isGreaterThan(OUTAGE.toSeconds());
            String state = bridge.store().subscriptions().all().get(0).state().name();
            assertThat(state).isEqualTo("TARGET_DOWN");
            sandbox.receiver().restart();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(lastAmounts(sandbox)).containsAllEntriesOf(amountsOf(sandbox)));
            assertThat(bridge.store().sources().gaps(true)).isEmpty();
            assertThat(bridge.store().deadLetters().list(true)).isEmpty();
            assertInOrder(sandbox);
            System.out.printf(
                    "Outage of %d s: %d polls meanwhile, %d webhooks in all, none lost%n",
                    OUTAGE.toSeconds(), polledMeanwhile, sandbox.receiver().count());
        }
    }

    @Test
    void tells_the_gap_when_350_deals_change_between_two_polls() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSeedRecords(400));
                BridgeProcess bridge = start(sandbox, "1h")) {
            polled(sandbox, 1);
            List<Map<String, Object>> deals = sandbox.workspace().all("deals");
            for (int i = 0; i < 350; i++) {
                sandbox.workspace().update("deals", deals.get(i).get("id").toString(), Map.of("amount", i));
                LockSupport.parkNanos(1_500_000);
            }
            bridge.feeds().poll("default", "deals");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> sandbox.receiver().count() == 100);
        }
        JsonNode gaps = JSON.readTree(command("gaps", "list", "--json", "--data", data().toString()));
        assertThat(gaps).hasSize(1);
        assertThat(gaps.get(0).path("feed").asText()).isEqualTo("deals");
        assertThat(gaps.get(0).path("from").asText())
                .isLessThan(gaps.get(0).path("to").asText());
        System.out.println("350 changes at once: 100 webhooks, and " + gaps);
    }

    private static Map<String, String> amountsOf(Sandbox sandbox) {
        Map<String, String> amounts = new HashMap<>();
        sandbox.workspace()
                .all("deals")
                .forEach(row ->
                        amounts.put(row.get("id").toString(), row.get("amount").toString()));
        return amounts;
    }

    private static Map<String, String> lastAmounts(Sandbox sandbox) throws IOException {
        Map<String, String> amounts = new HashMap<>();
        for (Received call : sandbox.receiver().received()) {
            JsonNode deal = JSON.readTree(call.body());
            amounts.put(deal.path("id").asText(), deal.path("amount").asText());
        }
        return amounts;
    }

    private static void assertInOrder(Sandbox sandbox) throws IOException {
        Map<String, String> last = new HashMap<>();
        for (Received call : sandbox.receiver().received()) {
            JsonNode deal = JSON.readTree(call.body());
            String stamp = deal.path("updatedAt").asText();
            String before = last.put(deal.path("id").asText(), stamp);
            assertThat(before == null || before.compareTo(stamp) <= 0).isTrue();
        }
    }

    private static void polled(Sandbox sandbox, int times) {
        await().atMost(Duration.ofSeconds(20)).until(() -> sandbox.workspace().requests("/api/zapier/deals") >= times);
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static String command(String... arguments) {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new CrmBridge()).setOut(new PrintWriter(out)).execute(arguments);
        assertThat(code).isZero();
        return out.toString();
    }

    private BridgeProcess start(Sandbox sandbox, String delay) throws IOException {
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.allow-fast-poll=true
                bridge.hook.erp.url=%s
                bridge.hook.erp.allow-private=true
                """.formatted(
                sandbox.baseUrl(), Sandbox.DEFAULT_KEY, sandbox.receiver().url()));
        Files.writeString(folder.resolve("routes/deals.yaml"), """
                - route:
                    id: deals
                    from:
                      uri: impactiveai:deals
                      parameters: { delay: %s, parallel: 4 }
                      steps:
                        - to: { uri: "hook:erp" }
                """.formatted(delay));
        return BridgeProcess.start(Bundle.at(folder, Map.of()), data(), 0, Map.of(), Activity.NONE);
    }
}
