package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With once= a snapshot answers each combination one time, unless what was done with it failed. */
@Timeout(60)
class SnapshotOnceTest {
    private static final String TO = """
            - to:
                uri: impactiveai:invoices
                parameters: { operation: snapshot, delay: 1h, once: "number,dueDate" }
            """;
    private static final String OUT = "- to: mock:out\n";

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private static String route(String id, String steps) {
        return "- route:\n    id: %s\n    from:\n      uri: direct:%s\n      steps:\n%s"
                .formatted(id, id, steps.indent(8));
    }

    private void start(String... routes) throws IOException {
        bridge = TestBridge.in(folder, sandbox).yaml(String.join("", routes)).start();
    }

    private void restart(String... routes) throws IOException {
        bridge.close();
        start(routes);
    }

    private String create(String number, String dueDate) {
        return bridge.create("invoices", Map.of("number", number, "dueDate", dueDate));
    }

    private Exchange request(String route) {
        return bridge.camel().createProducerTemplate().request("direct:" + route, exchange -> {});
    }

    private List<Object> ask(String route) {
        Exchange exchange = request(route);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(CrmBatch.class).stream()
                .<Object>map(record -> ((CrmRecord) record).get("number"))
                .toList();
    }

    @Test
    void each_combination_is_answered_once_also_after_a_restart() throws IOException {
        String ask = route("ask", TO + OUT);
        start(ask);
        String first = create("A", "2026-05-01");
        create("B", "2026-05-01");
        assertThat(ask("ask")).containsExactly("A", "B");
        assertThat(ask("ask")).isEmpty();

        restart(ask);
        assertThat(ask("ask")).isEmpty();

        sandbox.workspace().update("invoices", first, Map.of("status", "sent"));
        bridge.poll("invoices");
        assertThat(ask("ask")).as("the same combination in a new version").isEmpty();

        sandbox.workspace().update("invoices", first, Map.of("dueDate", "2026-06-01"));
        bridge.poll("invoices");
        assertThat(ask("ask")).as("a new combination").containsExactly("A");
    }

    @Test
    void records_with_the_same_combination_are_answered_as_one_and_missing_fields_count_as_null() throws IOException {
        start(route("ask", TO + OUT));
        for (int i = 0; i < 2; i++) {
            bridge.create("invoices", Map.of("number", "A"));
        }
        create("A", "2026-05-01");
        create("A", "2026-05-01");

        assertThat(ask("ask")).containsExactly("A", "A");
        assertThat(ask("ask")).isEmpty();
    }

    @Test
    void what_failed_is_answered_again_until_it_succeeds() throws IOException {
        AtomicBoolean down = new AtomicBoolean(true);
        start(route("ask", TO + OUT));
        bridge.at("out", exchange -> {
            if (down.get()) {
                throw new ConnectException("down");
            }
        });
        create("A", "2026-05-01");

        assertThat(request("ask").getException()).isInstanceOf(ConnectException.class);
        assertThat(request("ask").getException()).isInstanceOf(ConnectException.class);
        assertThat(bridge.mock("out").getExchanges())
                .extracting(exchange -> exchange.getMessage().getHeader("CamelCrmCount"))
                .containsExactly(1, 1);

        down.set(false);
        assertThat(ask("ask")).containsExactly("A");
        assertThat(ask("ask")).isEmpty();
    }

    @Test
    void what_a_route_rolls_back_is_answered_again() throws IOException {
        start(route("ask", TO + "- rollback:\n    markRollbackOnly: true\n"));
        create("A", "2026-05-01");

        for (int i = 0; i < 2; i++) {
            assertThat(request("ask").getMessage().getBody(List.class)).hasSize(1);
        }
    }

    @Test
    void a_failure_that_the_route_deals_with_counts_as_done() throws IOException {
        start(route("ask", TO + """
                - doTry:
                    steps:
                      - to: mock:out
                    doCatch:
                      - exception: [ "java.io.IOException" ]
                        steps:
                          - to: mock:told
                """));
        bridge.at("out", exchange -> {
            throw new ConnectException("down");
        });
        create("A", "2026-05-01");

        assertThat(ask("ask")).containsExactly("A");
        assertThat(ask("ask")).isEmpty();
    }

    @Test
    void what_is_with_one_exchange_is_not_answered_to_another_one() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        start(route(
                "ask",
                TO + "- filter:\n    expression: { simple: { expression: \"${header.CamelCrmCount} > 0\" } }\n"
                        + "    steps:\n      - to: mock:out\n"));
        bridge.at("out", exchange -> {
            begun.countDown();
            mayEnd.await();
            throw new ConnectException("down");
        });
        create("A", "2026-05-01");

        CompletableFuture<Exchange> slow = CompletableFuture.supplyAsync(() -> request("ask"));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ask("ask")).isEmpty();
        mayEnd.countDown();
        assertThat(slow.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(ConnectException.class);

        assertThat(request("ask").getMessage().getHeader("CamelCrmCount")).isEqualTo(1);
    }

    @Test
    void each_route_and_each_step_with_an_id_is_answered_for_itself_also_behind_a_direct() throws IOException {
        String two = TO.replace("- to:\n", "- to:\n    id: second\n");
        start(
                route("one", TO + OUT),
                route("two", TO.replace("- to:\n", "- to:\n    id: first\n") + "- to: mock:first\n" + two + OUT),
                route("calling", "- to: direct:two\n"),
                route("empty", TO + "- to: mock:none\n"));
        create("A", "2026-05-01");

        assertThat(ask("one")).containsExactly("A");
        assertThat(ask("calling")).containsExactly("A");
        assertThat(bridge.mock("first").getExchanges().get(0).getMessage().getHeader("CamelCrmCount"))
                .isEqualTo(1);
        assertThat(ask("two")).as("asked by the other route before").isEmpty();
        assertThat(ask("empty")).containsExactly("A");
    }

    @Test
    void enriching_with_a_snapshot_counts_when_the_enriched_exchange_ends_well() throws IOException {
        AtomicBoolean down = new AtomicBoolean(true);
        start(route("ask", """
                - enrich:
                    expression:
                      constant: { expression: "impactiveai:invoices?operation=snapshot&delay=1h&once=number" }
                - to: mock:out
                """));
        bridge.at("out", exchange -> {
            if (down.get()) {
                throw new ConnectException("down");
            }
        });
        sandbox.workspace().create("invoices", Map.of("number", "A"));

        assertThat(request("ask").getException()).isInstanceOf(ConnectException.class);
        down.set(false);
        assertThat(ask("ask")).containsExactly("A");
        assertThat(ask("ask")).isEmpty();
    }
}
