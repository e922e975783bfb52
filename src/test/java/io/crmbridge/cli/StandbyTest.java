package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.PostgresServer;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two real bridges on one database: the active one is killed, frozen or stopped, and the other goes on. */
class StandbyTest extends KilledBridges {
    private static final int KILLS = Integer.getInteger("kills", 3);

    private void sharedBundle(Sandbox sandbox) throws IOException {
        StoreSettings store = PostgresServer.shared().empty();
        bundle(sandbox, """
                bridge.store.url=%s
                bridge.store.username=%s
                bridge.store.takeover=3s
                """.formatted(
                        store.url().orElseThrow(), store.username().orElseThrow()));
    }

    private Process startStandby(String name) throws IOException {
        Process bridge = start(name);
        await().atMost(Duration.ofSeconds(60)).until(() -> said(name).contains("this one stands by"));
        return bridge;
    }

    private String said(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    /** Where it said what it said before is forgotten. */
    private void forget(String name) throws IOException {
        Files.writeString(folder.resolve(name + ".log"), "");
    }

    @Test
    void the_other_bridge_goes_on_when_the_active_one_is_killed_again_and_again() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            sharedBundle(sandbox);
            Process active = start("a");
            awaitPoll(sandbox);
            Process standby = startStandby("b");
            String next = "a";
            List<String> deals = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                change(sandbox, deals, 20 + random.nextInt(40));
                active.destroyForcibly().waitFor();
                change(sandbox, deals, 10);
                awaitPoll(sandbox);
                active = standby;
                forget(next);
                standby = startStandby(next);
                next = next.equals("a") ? "b" : "a";
            }
            change(sandbox, deals, 20);
            nothingIsLost(sandbox);
            keysMarkRepeats(sandbox);
            eachRowOnce();
        }
    }

    @Test
    void a_bridge_that_was_frozen_finds_that_it_was_replaced_and_stands_by() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            sharedBundle(sandbox);
            Process active = start("a");
            awaitPoll(sandbox);
            startStandby("b");
            List<String> deals = new ArrayList<>();
            change(sandbox, deals, 40);
            signal(active, "STOP");
            change(sandbox, deals, 10);
            awaitPoll(sandbox);
            signal(active, "CONT");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> said("a").contains("another bridge has taken over the store")
                            && said("a").contains("this one stands by"));
            change(sandbox, deals, 20);
            nothingIsLost(sandbox);
            keysMarkRepeats(sandbox);
            eachRowOnce();
        }
    }

    @Test
    void a_clean_end_hands_over_at_once_and_status_tells_who_is_active() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            sharedBundle(sandbox);
            Process active = start("a");
            awaitPoll(sandbox);
            startStandby("b");
            try (Store store =
                    Store.attach(folder, StoreSettings.ofFolder(folder.resolve("b"), Map.of()), Clock.systemUTC())) {
                assertThat(store.nodes())
                        .extracting(node -> node.name().split("@")[0] + " " + node.active())
                        .hasSize(2)
                        .contains(active.pid() + " true");
            }
            active.destroy();
            active.waitFor();
            awaitPoll(sandbox);
            assertThat(said("a")).contains("stopped; every route keeps its place");
        }
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
