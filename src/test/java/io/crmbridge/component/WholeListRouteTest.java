package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routes and snapshots on lists that show everything. */
@Timeout(60)
class WholeListRouteTest {
    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void stop() {
        bridge.close();
        sandbox.close();
    }

    private static final String ASK = """
            - route:
                id: ask
                from:
                  uri: direct:ask
                  steps:
                    - to:
                        uri: impactiveai:bookings
                        parameters: { operation: snapshot, delay: 1h }
            """;

    @Test
    void a_route_is_told_of_what_is_new_and_what_is_gone_and_a_snapshot_shows_what_is_there() throws Exception {
        sandbox.workspace().book(Map.of("title", "Before"));
        bridge = TestBridge.in(folder, sandbox)
                .route("bookings", "bookings", "", "- to: mock:bookings")
                .yaml(ASK)
                .start();
        String one = sandbox.workspace().book(Map.of("title", "One"));
        String two = sandbox.workspace().book(Map.of("title", "Two"));
        bridge.poll("bookings");
        bridge.awaitDelivered("bookings", 2);
        List<Map<String, Object>> rows = sandbox.workspace().bookings();
        sandbox.faults()
                .on("GET", "/api/agent/bookings")
                .body(new String(CrmRecord.toJson(rows.subList(0, 2))), "application/json")
                .arm();
        bridge.poll("bookings");
        bridge.awaitDelivered("bookings", 3);

        List<Exchange> got = bridge.mock("bookings").getExchanges();
        assertThat(got)
                .extracting(e -> e.getMessage().getHeader("CamelCrmRecordId"))
                .containsExactly(one, two, two);
        assertThat(got)
                .extracting(e -> e.getMessage().getHeader("CamelCrmChange"))
                .containsExactly("created", "created", "gone");
        assertThat(got.get(2).getMessage().getBody(Map.class)).containsEntry("title", "Two");
        Message answer = bridge.camel()
                .createProducerTemplate()
                .request("direct:ask", exchange -> {})
                .getMessage();
        assertThat(answer.getBody(CrmBatch.class).stream().map(record -> ((CrmRecord) record).get("title")))
                .containsExactly("Before", "One");
        assertThat(answer.getHeader("CamelCrmComplete")).isEqualTo(true);
    }

    @Test
    void a_snapshot_after_a_list_that_is_not_believed_is_not_complete() throws Exception {
        sandbox.workspace().book(Map.of("title", "Before"));
        bridge = TestBridge.in(folder, sandbox).yaml(ASK).start();
        sandbox.faults()
                .on("GET", "/api/agent/bookings")
                .body("[]", "application/json")
                .arm();
        bridge.poll("bookings");

        Message answer = bridge.camel()
                .createProducerTemplate()
                .request("direct:ask", exchange -> {})
                .getMessage();

        assertThat(answer.getBody(CrmBatch.class)).hasSize(1);
        assertThat(answer.getHeader("CamelCrmComplete")).isEqualTo(false);
        assertThat(answer.getHeader("CamelCrmIncomplete", String.class)).contains("not listed any more");
    }
}
