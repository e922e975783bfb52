package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.console.Status;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A CRM that takes calls and never answers, beside another one. */
@Timeout(60)
class SilentCrmTest {
    @TempDir
    private Path folder;

    @Test
    void a_crm_that_does_not_answer_keeps_the_feeds_of_another_one_waiting_for_nothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            bundle(sandbox, silent.getLocalPort());
            try (BridgeProcess bridge = BridgeProcess.start(
                    Bundle.at(folder, Map.of()), folder.resolve("data"), 0, Map.of(), Activity.NONE)) {
                assertTimeoutPreemptively(
                        Duration.ofSeconds(5), () -> bridge.feeds().retry("silent"));
                sandbox.workspace().create("contacts", Map.of("firstName", "Ann", "lastName", "L"));

                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(
                                () -> assertThat(Status.of(bridge.store(), true).routes())
                                        .filteredOn(route -> route.id().equals("r9-contacts"))
                                        .singleElement()
                                        .satisfies(route ->
                                                assertThat(route.delivered()).isEqualTo(1)));
            }
        }
    }

    private void bundle(Sandbox sandbox, int silent) throws Exception {
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.allow-fast-poll=true
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.connection.silent.type=intellivizz
                bridge.connection.silent.base-url=http://127.0.0.1:%d
                bridge.connection.silent.location-id=loc
                bridge.connection.silent.api-key=key-for-tests
                """.formatted(
                        sandbox.baseUrl(), Sandbox.DEFAULT_KEY, silent));
        for (String feed : new String[] {"contacts", "opportunities", "appointments", "invoices", "forms"}) {
            route("r1-" + feed, "intellivizz:" + feed, "silent");
        }
        route("r9-contacts", "impactiveai:contacts", "default");
    }

    private void route(String id, String uri, String connection) throws Exception {
        Files.writeString(folder.resolve("routes/" + id + ".yaml"), """
                - route:
                    id: %s
                    from:
                      uri: %s
                      parameters:
                        connection: %s
                        startFrom: beginning
                        delay: 200ms
                      steps:
                        - log: got one
                """.formatted(id, uri, connection));
    }
}
