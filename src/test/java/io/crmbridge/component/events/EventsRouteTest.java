package io.crmbridge.component.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsRouteTest {
    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void close() {
        bridge.close();
        sandbox.close();
    }

    private static String alerts(String id, String uri) {
        return """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - to: mock:%s
                """.formatted(id, uri, id);
    }

    private static List<String> bodies(List<Exchange> exchanges) {
        return exchanges.stream()
                .map(e -> e.getMessage().getBody(Map.class))
                .map(body -> body.get("state") + " " + body.get("kind") + " " + body.get("subject"))
                .toList();
    }

    @Test
    void a_route_that_paused_itself_and_a_dead_letter_are_told_to_the_routes_that_ask_for_their_kind()
            throws IOException {
        sandbox.receiver().answer(call -> Reply.of(call.text().contains("bad") ? 422 : 401));
        bridge = TestBridge.in(folder, sandbox)
                .hook("erp")
                .route("deals", "deals", "retry.delay=10ms", "- to: hook:erp")
                .yaml(alerts("alerts", "events:all"))
                .yaml(alerts("dead", "events:dead-letter?batchSize=10"))
                .start();

        bridge.create("deals", Map.of("name", "bad"));
        bridge.awaitDead("deals", 1);
        bridge.create("deals", Map.of("name", "good"));
        bridge.awaitState("deals", "ALARM");
        bridge.look();
        bridge.look();
        bridge.awaitDelivered("alerts", 2);
        bridge.awaitDelivered("dead", 2);

        assertThat(bodies(bridge.mock("alerts").getExchanges()))
                .containsExactlyInAnyOrder("new dead-letter deals", "new route-paused deals");
        assertThat(bridge.mock("dead").getExchanges())
                .singleElement()
                .satisfies(exchange -> assertThat(exchange.getMessage().getBody(List.class))
                        .singleElement()
                        .asString()
                        .contains("dead-letter")
                        .doesNotContain("bad"));
    }
}
