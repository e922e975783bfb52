package io.crmbridge.component.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.DeadLetters.DeadLetter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(60)
class MapTest {
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

    private Map<?, ?> mapped(String jslt, String stepsBefore, Map<String, Object> record) throws IOException {
        bridge = bundle().mapping("deal", jslt)
                .route("deals", "deals", "", stepsBefore + "- to: map:deal\n- to: mock:out")
                .start();
        bridge.create("deals", record);
        bridge.awaitDelivered("deals", 1);
        return bridge.mock("out").getExchanges().get(0).getMessage().getBody(Map.class);
    }

    @Test
    void a_mapping_makes_the_new_body() throws IOException {
        Map<?, ?> body = mapped(
                "{\"title\": .name, \"items\": [for (.items) {\"no\": .}], \"none\": .missing}",
                "",
                Map.of("name", "Grüße", "items", List.of(1, 2)));

        assertThat(body.get("title")).isEqualTo("Grüße");
        assertThat(body.get("items")).isEqualTo(List.of(Map.of("no", 1), Map.of("no", 2)));
        assertThat(body.containsKey("none")).as("JSLT leaves out what is null").isFalse();
    }

    @Test
    void headers_and_properties_are_variables() throws IOException {
        Map<?, ?> body = mapped(
                "{\"feed\": $CamelCrmFeed, \"first\": $CamelCrmFirstSeen, \"changed\": $CamelCrmChangedFields,"
                        + " \"own\": $tenant, \"size\": $size}",
                "- setHeader:\n    name: tenant\n    expression:\n      constant:\n        expression: acme\n"
                        + "- setProperty:\n    name: size\n    expression:\n      simple:\n        expression: \"7\"\n"
                        + "        resultType: int\n",
                Map.of("name", "x"));

        assertThat(body.get("feed")).isEqualTo("deals");
        assertThat(body.get("first")).isEqualTo(true);
        assertThat(body.get("own")).isEqualTo("acme");
        assertThat(body.get("size")).isEqualTo(7);
    }

    @Test
    void the_body_before_and_the_changed_fields_are_variables() throws IOException {
        bridge = bundle().mapping(
                        "deal", "{\"was\": $crmPrevious.amount, \"is\": .amount, \"changed\": $CamelCrmChangedFields}")
                .route("deals", "deals", "", "- to: map:deal\n- to: mock:out")
                .start();
        String id = bridge.create("deals", Map.of("amount", 5));
        bridge.awaitDelivered("deals", 1);
        sandbox.workspace().update("deals", id, Map.of("amount", 7));
        bridge.poll("deals");
        bridge.awaitDelivered("deals", 2);

        Map<?, ?> body = bridge.mock("out").getExchanges().get(1).getMessage().getBody(Map.class);
        assertThat(body.get("was")).isEqualTo(5);
        assertThat(body.get("is")).isEqualTo(7);
        assertThat((List<?>) body.get("changed")).asList().contains("amount");
    }

    @Test
    void a_variable_that_is_not_there_is_null() throws IOException {
        bridge = bundle().mapping("deal", "{\"id\": .id, \"tenant\": fallback($tenant, \"none\")}")
                .route("deals", "deals", "", "- to: map:deal\n- to: mock:out")
                .start();
        bridge.create("deals", Map.of("name", "x"));
        bridge.awaitDelivered("deals", 1);

        assertThat(bridge.mock("out")
                        .getExchanges()
                        .get(0)
                        .getMessage()
                        .getBody(Map.class)
                        .get("tenant"))
                .isEqualTo("none");
    }

    @Test
    void a_failing_mapping_is_permanent_and_no_record_data_gets_out() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            bridge = bundle().mapping("deal", "{\n  \"amount\": .name - 2\n}")
                    .route("deals", "deals", "", "- to: map:deal\n- to: mock:out")
                    .start();
            bridge.create("deals", Map.of("name", "jane.roe@example.com"));
            bridge.awaitDead("deals", 1);
        } finally {
            root.detachAppender(log);
        }

        DeadLetter letter = bridge.store().deadLetters().list(false).get(0);
        assertThat(letter.attempts()).isEqualTo(1);
        assertThat(letter.reason()).contains("mapping deal failed").contains("deal.jslt:2");
        assertThat(List.copyOf(log.list))
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .noneMatch(event -> text(event).contains("jane.roe"));
    }

    @Test
    void a_failing_step_of_camel_tells_no_record_data_either() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            bridge = bundle().route(
                            "deals",
                            "deals",
                            "",
                            "- setBody:\n    expression:\n      simple:\n        expression:"
                                    + " \"${body.nonsense(1)}\"")
                    .start();
            bridge.create("deals", Map.of("name", "jane.roe@example.com"));
            bridge.awaitDead("deals", 1);
        } finally {
            root.detachAppender(log);
        }

        assertThat(bridge.store().deadLetters().list(false).get(0).reason()).doesNotContain("jane.roe");
        assertThat(List.copyOf(log.list))
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .noneMatch(event -> text(event).contains("jane.roe"));
    }

    @Test
    void a_stop_that_finds_a_change_at_work_tells_no_record_data_either() throws IOException {
        CountDownLatch begun = new CountDownLatch(1);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        try {
            bridge = bundle().route("deals", "deals", "", "- threads:\n    poolSize: 1\n- to: mock:out")
                    .start()
                    .at("out", exchange -> {
                        begun.countDown();
                        new CountDownLatch(1).await();
                    });
            bridge.create("deals", Map.of("name", "jane.roe@example.com"));
            await().until(() -> begun.getCount() == 0);
            bridge.camel().getShutdownStrategy().setTimeout(1);
            bridge.close();
            bridge = bundle().start();
            assertThat(bridge.store().deadLetters().list(true))
                    .as("what a stop interrupted")
                    .isEmpty();
        } finally {
            root.detachAppender(log);
        }

        assertThat(List.copyOf(log.list)).noneMatch(event -> text(event).contains("jane.roe"));
    }

    private static String text(ILoggingEvent event) {
        return event.getFormattedMessage()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }

    @Test
    void a_missing_mapping_names_the_nearest() {
        assertThatThrownBy(() -> bundle().mapping("deal-to-erp", ".")
                        .route("deals", "deals", "", "- to: map:deal-to-epr")
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("deal-to-epr")
                .hasMessageContaining("did you mean \"deal-to-erp\"?");
    }

    @Test
    void a_mapping_stays_in_its_folder() {
        assertThatThrownBy(() -> bundle().mapping("deal", ".")
                        .route("deals", "deals", "", "- to: map:../mappings/deal")
                        .start())
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("no mapping");
    }
}
