package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.console.Status;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A connection with a key keeps the quota that the bundle gives it, counted where the CRM counts. */
@Timeout(60)
class IntellivizzQuotaTest {
    @TempDir
    private Path folder;

    @Test
    void no_more_calls_are_made_than_the_connection_has() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            IntellivizzSandbox crm = sandbox.intellivizz();
            Files.createDirectories(folder.resolve("routes"));
            Files.writeString(folder.resolve("application.properties"), """
                    bridge.allow-fast-poll=true
                    bridge.connection.default.type=intellivizz
                    bridge.connection.default.base-url=%s
                    bridge.connection.default.api-key=%s
                    bridge.connection.default.location-id=%s
                    bridge.connection.default.quota=6/1h
                    """.formatted(
                            crm.baseUrl(), crm.location().key(), crm.location().id()));
            Files.writeString(folder.resolve("routes/contacts.yaml"), """
                    - route:
                        id: contacts
                        from:
                          uri: intellivizz:contacts
                          parameters:
                            delay: 100ms
                          steps:
                            - to:
                                uri: export:contacts.ndjson
                    """);
            try (BridgeProcess bridge = BridgeProcess.start(
                    Bundle.at(folder, Map.of()), folder.resolve("data"), 0, Map.of(), Activity.NONE)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> Status.of(bridge.store(), true).feeds().stream()
                                .anyMatch(feed -> feed.error() != null));

                assertThat(crm.requests(crm.location().key())).isBetween(1L, 6L);
            }
        }
    }
}
