package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Writes of a real process that is killed without warning, to a CRM that loses one answer in five. */
class WriteKillTest extends KilledBridges {
    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final int DEALS = Integer.getInteger("creates", 200) / 20;
    private static final int EACH = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30 + DEALS * 5);

    @Test
    void nothing_is_created_twice_and_each_intent_is_settled() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            bundle(sandbox, "bridge.crm.settle=200ms");
            routes();
            // So that the list of the newest reaches back to before the first one.
            sandbox.workspace()
                    .put(
                            "companies",
                            Map.of(
                                    "id", "old",
                                    "name", "Old",
                                    "createdAt", "2020-01-01T00:00:00.000Z",
                                    "updatedAt", "2020-01-01T00:00:00.000Z"));
            for (int i = 0; i < DEALS; i++) {
                sandbox.workspace().create("deals", Map.of("name", "Deal " + i));
            }
            sandbox.faults()
                    .on("POST", "/api/zapier/companies")
                    .chance(0.2, 7)
                    .resetEitherSide()
                    .arm();
            int expected = DEALS * EACH;
            Process bridge = start("data");
            for (int kill = 1; kill <= KILLS; kill++) {
                int until = expected * kill / (KILLS + 1);
                await().atMost(PATIENCE).until(() -> created(sandbox) >= until);
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(40)).toNanos());
                bridge.destroyForcibly().waitFor();
                bridge = start("data");
            }
            await().atMost(PATIENCE).until(() -> settled(expected));
            bridge.destroy();
            bridge.waitFor();
            check(sandbox, expected);
        }
    }

    private static long created(Sandbox sandbox) {
        return sandbox.workspace().all("companies").size() - 1;
    }

    private List<Intent> intents() {
        try (Store store = Store.attach(folder.resolve("data"), Clock.systemUTC())) {
            return store.intents().list(EnumSet.allOf(IntentState.class), 1_000_000);
        }
    }

    private boolean settled(int expected) {
        List<Intent> intents = intents();
        return intents.size() == expected
                && intents.stream()
                        .allMatch(intent ->
                                intent.state() == IntentState.CONFIRMED || intent.state() == IntentState.UNKNOWN);
    }

    private void check(Sandbox sandbox, int expected) {
        Map<String, Long> byName = sandbox.workspace().all("companies").stream()
                .collect(Collectors.groupingBy(row -> row.get("name").toString(), Collectors.counting()));
        assertThat(byName.values()).as("no company is there twice").containsOnly(1L);
        List<Intent> intents = intents();
        Map<IntentState, Long> states =
                intents.stream().collect(Collectors.groupingBy(Intent::state, Collectors.counting()));
        System.out.printf(
                "%d creates, %d kills: %s; %d sent more than once, %d found by a look-up%n",
                expected,
                KILLS,
                states,
                intents.stream().filter(intent -> intent.sends() > 1).count(),
                intents.stream()
                        .filter(intent -> intent.reason().orElse("").contains("found by"))
                        .count());
        assertThat(intents.stream().filter(intent -> intent.state() == IntentState.UNKNOWN))
                .allSatisfy(intent -> assertThat(intent.reason()).isPresent());
        assertThat(created(sandbox)).isGreaterThanOrEqualTo(states.getOrDefault(IntentState.CONFIRMED, 0L));
        Map<String, Map<String, Object>> byId = sandbox.workspace().all("companies").stream()
                .collect(Collectors.toMap(row -> row.get("id").toString(), Function.identity()));
        assertThat(intents.stream().filter(intent -> intent.state() == IntentState.CONFIRMED))
                .as("what is confirmed is there")
                .allSatisfy(
                        intent -> assertThat(byId).containsKey(intent.recordId().orElseThrow()));
    }

    /** Each deal becomes twenty companies. */
    private void routes() throws IOException {
        Files.createDirectories(folder.resolve("mappings"));
        Files.writeString(
                folder.resolve("mappings/companies.jslt"),
                "let id = (.id)\n[for ([%s]) {\"name\": $id + \"-\" + .}]"
                        .formatted(IntStream.range(0, EACH)
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining(", "))));
        Files.writeString(folder.resolve("routes/routes.yaml"), """
                - route:
                    id: companies
                    from:
                      uri: impactiveai:deals
                      parameters: { delay: 500ms, startFrom: mirror, parallel: 4 }
                      steps:
                        - to: { uri: "map:companies" }
                        - to: { uri: "impactiveai:companies", parameters: { operation: create } }
                """);
    }
}
