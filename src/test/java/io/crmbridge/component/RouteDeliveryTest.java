package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.feed.EffectKeys;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import io.crmbridge.sandbox.WebhookReceiver.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a route gets, and how its end becomes an outcome. */
@Timeout(60)
class RouteDeliveryTest {
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

    private TestBridge.Draft bundle() {
        return TestBridge.in(folder, sandbox);
    }

    private List<String> webhookIds(String path) {
        return sandbox.receiver().received().stream()
                .filter(call -> call.path().equals("/" + path))
                .map(call -> call.headers().get("webhook-id"))
                .toList();
    }

    @Test
    void a_change_brings_all_headers_that_are_documented() throws IOException {
        bridge = bundle().route("deals", "deals", "", "- to: mock:out").start();

        String id = bridge.create("deals", Map.of("name", "First", "amount", 5));
        bridge.awaitDelivered("deals", 1);
        sandbox.workspace().update("deals", id, Map.of("amount", 7));
        bridge.poll("deals");
        bridge.awaitDelivered("deals", 2);

        Message created = bridge.mock("out").getExchanges().get(0).getMessage();
        assertThat(created.getHeaders())
                .containsEntry("CamelCrmConnection", "default")
                .containsEntry("CamelCrmFeed", "deals")
                .containsEntry("CamelCrmRecordId", id)
                .containsEntry("CamelCrmChange", "created")
                .containsEntry("CamelCrmFirstSeen", true)
                .containsEntry(
                        "CamelCrmChangedFields",
                        List.copyOf(created.getBody(Map.class).keySet()))
                .containsEntry("CamelCrmVersion", created.getBody(Map.class).get("updatedAt"));
        Message updated = bridge.mock("out").getExchanges().get(1).getMessage();
        assertThat(updated.getHeaders())
                .containsEntry("CamelCrmChange", "updated")
                .doesNotContainKey("CamelCrmFirstSeen");
        assertThat(updated.getHeader("CamelCrmChangedFields", List.class))
                .contains("amount")
                .doesNotContain("name");
        assertThat(updated.getHeader("CamelCrmIdempotencyKey", String.class))
                .isNotBlank()
                .isNotEqualTo(created.getHeader("CamelCrmIdempotencyKey"));
    }

    @Test
    void the_body_before_is_a_property_and_is_read_only_when_looked_at() throws IOException {
        bridge = bundle().route("deals", "deals", "fields=name,amount", "- to: mock:out")
                .start();
        String id = bridge.create("deals", Map.of("name", "First", "amount", 5));
        bridge.awaitDelivered("deals", 1);

        sandbox.workspace().update("deals", id, Map.of("amount", 7));
        bridge.poll("deals");
        bridge.awaitDelivered("deals", 2);

        Exchange first = bridge.mock("out").getExchanges().get(0);
        Exchange second = bridge.mock("out").getExchanges().get(1);
        assertThat(first.getProperty("crmPrevious", Map.class)).isEmpty();
        assertThat(second.getProperty("crmPrevious", Map.class))
                .containsOnlyKeys("name", "amount")
                .containsEntry("amount", 5);
        assertThat(second.getMessage().getBody(Map.class)).containsOnlyKeys("name", "amount");
        assertThat(second.getMessage().getHeaders().keySet()).noneMatch(name -> name.contains("revious"));
    }

    @Test
    void no_header_of_ours_leaves_with_a_http_call() throws IOException {
        bridge = bundle().route(
                        "deals",
                        "deals",
                        "",
                        "- marshal:\n    json: {}\n- to: \""
                                + sandbox.receiver().url() + "plain?httpMethod=POST\"")
                .start();

        bridge.create("deals", Map.of("name", "Secret name"));
        bridge.awaitDelivered("deals", 1);

        Received call = sandbox.receiver().received().get(0);
        assertThat(call.text()).contains("Secret name");
        assertThat(call.headers().keySet()).noneMatch(name -> name.contains("crm"));
    }

    @Test
    void a_record_and_a_batch_convert_to_json_in_every_shape() throws Exception {
        bridge = bundle().route("one", "deals", "", "- to: mock:one")
                .route("many", "deals", "batchSize=10", "- to: mock:many")
                .start();

        bridge.create("deals", Map.of("name", "Grüße", "nested", Map.of("list", List.of(1, 2))));
        bridge.awaitDelivered("one", 1);
        bridge.awaitDelivered("many", 1);

        for (String mock : List.of("one", "many")) {
            Message message = bridge.mock(mock).getExchanges().get(0).getMessage();
            JsonNode tree = message.getMandatoryBody(JsonNode.class);
            JsonNode record = mock.equals("many") ? tree.get(0) : tree;
            assertThat(record.at("/nested/list/1").asInt()).isEqualTo(2);
            String text = message.getMandatoryBody(String.class);
            assertThat(text).contains("\"Grüße\"").isEqualTo(tree.toString());
            assertThat(new String(message.getMandatoryBody(byte[].class), StandardCharsets.UTF_8))
                    .isEqualTo(text);
            assertThat(new String(message.getMandatoryBody(InputStream.class).readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(text);
        }
    }

    @Test
    void an_effect_that_succeeded_is_not_repeated_after_a_later_step_failed() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        bridge = bundle().hook("erp")
                .route("deals", "deals", "retry.delay=10ms", "- to: hook:erp\n- to: mock:later")
                .start()
                .at("later", exchange -> {
                    if (tries.incrementAndGet() < 3) {
                        throw new ConnectException("down");
                    }
                });

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        assertThat(tries).hasValue(3);
        assertThat(webhookIds("erp")).hasSize(1);
    }

    @Test
    void two_routes_with_the_same_source_get_each_change_both() throws IOException {
        bridge = bundle().route("one", "deals", "", "- to: mock:one")
                .route("other", "deals", "", "- to: mock:other")
                .start();

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("one", 1);
        bridge.awaitDelivered("other", 1);

        assertThat(bridge.mock("one").getReceivedCounter()).isEqualTo(1);
        assertThat(bridge.mock("other").getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void a_hook_that_a_loop_passes_twice_has_a_key_for_each_pass() throws IOException {
        bridge = bundle().hook("erp").route("deals", "deals", "", """
                        - loop:
                            expression:
                              constant:
                                expression: "2"
                            steps:
                              - to: hook:erp
                        """).start();

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        assertThat(webhookIds("erp")).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void a_steps_own_id_makes_its_key_and_survives_an_edit_of_the_route() throws IOException {
        bridge = bundle().hook("erp")
                .route(
                        "deals",
                        "deals",
                        "",
                        "- to:\n    id: announce\n    uri: hook:erp\n- to:\n    id: confirm\n    uri: hook:erp\n- to: mock:out")
                .start();

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        String base =
                bridge.mock("out").getExchanges().get(0).getMessage().getHeader("CamelCrmIdempotencyKey", String.class);
        assertThat(webhookIds("erp"))
                .containsExactly(
                        "msg_" + EffectKeys.effect(base, "announce", -1),
                        "msg_" + EffectKeys.effect(base, "confirm", -1));
    }

    @Test
    void a_steps_own_id_counts_behind_direct_too() throws IOException {
        bridge = bundle().hook("erp")
                .route("deals", "deals", "", "- to: direct:tell\n- to: mock:out")
                .yaml("""
                        - route:
                            id: tell
                            from:
                              uri: direct:tell
                              steps:
                                - to:
                                    id: announce
                                    uri: hook:erp
                        """)
                .start();

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        String base =
                bridge.mock("out").getExchanges().get(0).getMessage().getHeader("CamelCrmIdempotencyKey", String.class);
        assertThat(webhookIds("erp")).containsExactly("msg_" + EffectKeys.effect(base, "announce", -1));
    }

    @Test
    void a_step_that_camel_redelivers_does_not_swallow_its_next_pass() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        sandbox.receiver().answer(call -> calls.incrementAndGet() == 1 ? Reply.of(503) : Reply.ok());
        bridge = bundle().hook("erp").yaml("""
                        - route:
                            id: deals
                            errorHandler:
                              defaultErrorHandler:
                                redeliveryPolicy:
                                  maximumRedeliveries: 2
                                  redeliveryDelay: 10
                            from:
                              uri: impactiveai:deals?delay=1h
                              steps:
                                - loop:
                                    expression:
                                      constant:
                                        expression: "2"
                                    steps:
                                      - to: hook:erp
                        """).start();

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        List<String> ids = webhookIds("erp");
        assertThat(ids).hasSize(3);
        assertThat(ids.get(1)).as("the repetition").isEqualTo(ids.get(0));
        assertThat(ids.get(2)).as("the second pass").isNotEqualTo(ids.get(0));
        assertThat(bridge.route("deals").handledByRoute()).isZero();
    }

    @Test
    void parts_of_a_split_have_stable_keys_and_only_the_failed_one_is_repeated() throws IOException {
        Set<String> failed = ConcurrentHashMap.newKeySet();
        sandbox.receiver().answer(call -> call.text().equals("b") && failed.add("b") ? Reply.of(503) : Reply.ok());
        bridge = bundle().hook("erp")
                .route("deals", "deals", "retry.delay=10ms", """
                        - split:
                            expression:
                              simple:
                                expression: "${body[items]}"
                            steps:
                              - to: hook:erp
                        """)
                .start();

        bridge.create("deals", Map.of("name", "Deal", "items", List.of("a", "b", "c")));
        bridge.awaitDelivered("deals", 1);

        Map<String, List<String>> idsByPart = sandbox.receiver().received().stream()
                .collect(Collectors.groupingBy(
                        Received::text, Collectors.mapping(c -> c.headers().get("webhook-id"), Collectors.toList())));
        assertThat(idsByPart).containsOnlyKeys("a", "b", "c");
        assertThat(idsByPart.get("b")).hasSize(2);
        assertThat(Set.copyOf(idsByPart.get("b"))).hasSize(1);
        assertThat(idsByPart.get("a")).hasSize(1);
        assertThat(idsByPart.get("c")).hasSize(1);
        assertThat(Set.copyOf(webhookIds("erp"))).hasSize(3);
    }

    @Test
    void what_the_routes_own_handler_dealt_with_counts_as_handled_by_the_route() throws IOException {
        bridge = bundle().yaml("""
                        - route:
                            id: deals
                            from:
                              uri: impactiveai:deals?delay=1h
                              steps:
                                - onException:
                                    exception: [ "java.io.IOException" ]
                                    handled: { constant: { expression: "true" } }
                                    steps:
                                      - to: mock:told
                                - to: mock:out
                        """).start().at("out", exchange -> {
            throw new ConnectException("down");
        });

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        assertThat(bridge.route("deals").handledByRoute()).isEqualTo(1);
        assertThat(bridge.mock("told").getReceivedCounter()).isEqualTo(1);
    }

    @Test
    void what_a_catch_clause_swallowed_counts_as_handled_by_the_route() throws IOException {
        bridge = bundle().route("deals", "deals", "", """
                        - doTry:
                            steps:
                              - to: mock:out
                            doCatch:
                              - exception: [ "java.io.IOException" ]
                                steps:
                                  - to: mock:told
                        """).start().at("out", exchange -> {
            throw new ConnectException("down");
        });

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        assertThat(bridge.mock("told").getReceivedCounter()).isEqualTo(1);
        assertThat(bridge.route("deals").handledByRoute()).isEqualTo(1);
    }

    @Test
    void a_route_that_rolls_back_has_not_delivered() throws IOException {
        bridge = bundle().route("deals", "deals", "", "- rollback:\n    markRollbackOnly: true")
                .start();

        bridge.create("deals", Map.of("name", "Deal"));
        await().atMost(Duration.ofSeconds(10))
                .until(() -> bridge.route("deals").parked()
                                + bridge.route("deals").dead()
                                + bridge.route("deals").delivered()
                        > 0);

        assertThat(bridge.route("deals").delivered()).isZero();
    }

    @Test
    void a_delivery_ends_where_the_work_behind_a_thread_pool_ends() throws Exception {
        assertEndsWithTheWork("- threads:\n    poolSize: 1\n- to: mock:work");
    }

    @Test
    void a_delivery_ends_where_the_work_behind_a_waiting_seda_ends() throws Exception {
        assertEndsWithTheWork("- to: \"seda:behind?waitForTaskToComplete=Always\"");
    }

    private void assertEndsWithTheWork(String steps) throws IOException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        TestBridge.Draft draft = bundle();
        if (steps.contains("seda")) {
            draft.yaml(
                    "- route:\n    id: behind\n    from:\n      uri: seda:behind\n      steps:\n        - to: mock:work\n");
        }
        bridge = draft.yaml("- route:\n    id: deals\n    from:\n      uri: impactiveai:deals?delay=1h\n      steps:\n"
                        + steps.indent(8))
                .start()
                .at("work", exchange -> {
                    begun.countDown();
                    mayEnd.await();
                });

        bridge.create("deals", Map.of("name", "Deal"));
        await().atMost(Duration.ofSeconds(10)).until(() -> begun.getCount() == 0);
        assertThat(bridge.route("deals").delivered())
                .as("while the work goes on")
                .isZero();
        mayEnd.countDown();
        bridge.awaitDelivered("deals", 1);
    }

    @Test
    void a_failure_behind_a_waiting_seda_is_the_deliverys_failure() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        bridge = bundle().yaml(
                        "- route:\n    id: behind\n    from:\n      uri: seda:behind\n      steps:\n        - to: mock:work\n")
                .route("deals", "deals", "retry.delay=10ms", "- to: \"seda:behind?waitForTaskToComplete=Always\"")
                .start()
                .at("work", exchange -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new ConnectException("down");
                    }
                });

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitDelivered("deals", 1);

        assertThat(tries).hasValue(2);
    }

    @Test
    void work_behind_a_seda_that_takes_too_long_is_tried_again() throws IOException {
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        bridge = bundle().yaml("- route:\n    id: behind\n    from:\n      uri: seda:behind\n      steps:\n"
                        + "        - to: mock:work\n")
                .route(
                        "deals",
                        "deals",
                        "retry.delay=50ms",
                        "- to: \"seda:behind?waitForTaskToComplete=Always&timeout=200\"")
                .start()
                .at("work", exchange -> {
                    if (tries.incrementAndGet() == 1) {
                        mayEnd.await();
                    }
                });

        bridge.create("deals", Map.of("name", "Deal"));
        await().atMost(Duration.ofSeconds(10)).until(() -> bridge.route("deals").parked() == 1);
        mayEnd.countDown();
        bridge.awaitDelivered("deals", 1);

        assertThat(bridge.route("deals").dead()).isZero();
    }

    @Test
    void a_refused_target_pauses_the_route_and_camels_health_says_so() throws IOException {
        sandbox.receiver().answer(401);
        bridge = bundle().hook("erp")
                .route("deals", "deals", "", "- to: hook:erp")
                .start();
        assertThat(down()).isEmpty();

        bridge.create("deals", Map.of("name", "Deal"));
        bridge.awaitState("deals", "ALARM");

        assertThat(down()).contains("consumer:deals");
        assertThat(bridge.route("deals").dead()).isZero();
        assertThat(bridge.route("deals").reason()).contains("hook erp answered 401");
    }

    private List<String> down() {
        return HealthCheckHelper.invoke(bridge.camel()).stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .map(result -> result.getCheck().getId())
                .toList();
    }

    @Test
    void changes_of_one_record_stay_in_order_while_another_one_fails() throws IOException {
        List<Object> order = new CopyOnWriteArrayList<>();
        AtomicInteger tries = new AtomicInteger();
        bridge = bundle().route("deals", "deals", "retry.delay=10ms&parallel=4", "- to: mock:out")
                .start()
                .at("out", exchange -> {
                    Map<?, ?> body = exchange.getMessage().getBody(Map.class);
                    if (body.get("name").equals("bad") && tries.incrementAndGet() < 4) {
                        throw new ConnectException("down");
                    }
                    order.add(body.get("name") + " " + body.get("amount"));
                });

        String bad = bridge.create("deals", Map.of("name", "bad", "amount", 1));
        String good = bridge.create("deals", Map.of("name", "good", "amount", 1));
        for (int amount = 2; amount < 5; amount++) {
            sandbox.workspace().update("deals", bad, Map.of("amount", amount));
            sandbox.workspace().update("deals", good, Map.of("amount", amount));
            bridge.poll("deals");
        }
        bridge.awaitDelivered("deals", 8);

        assertThat(order.stream().filter(o -> o.toString().startsWith("bad")))
                .containsExactly("bad 1", "bad 2", "bad 3", "bad 4");
        assertThat(order.stream().filter(o -> o.toString().startsWith("good")))
                .containsExactly("good 1", "good 2", "good 3", "good 4");
    }
}
