package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.feed.Outcome;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Gap;
import io.crmbridge.state.NewChange;
import io.crmbridge.state.PollCommit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a snapshot answers, and how far it says that it is complete. */
@Timeout(120)
class SnapshotTest {
    private static final String STAMP = "2026-05-01T00:00:00.000Z";

    @TempDir
    private Path folder;

    /** Each look takes a millisecond, so no two stamps are equal. */
    private final AtomicLong millis = new AtomicLong(System.currentTimeMillis());

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults()
            .withClock(
                    ((InstantSource) () -> Instant.ofEpochMilli(millis.getAndIncrement())).withZone(ZoneOffset.UTC)));
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private TestBridge bridge;

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    /** A route that asks for invoices, polled at the start and then when asked; options as YAML. */
    private TestBridge.Draft asking(String options) {
        return TestBridge.in(folder, sandbox).yaml("""
                - route:
                    id: ask
                    from:
                      uri: direct:ask
                      steps:
                        - to:
                            uri: impactiveai:invoices
                            parameters:
                              operation: snapshot
                              delay: 1h
                %s""".formatted(options.indent(14)));
    }

    private void ready(int count) {
        for (int i = 0; i < count; i++) {
            sandbox.workspace().create("invoices", Map.of("number", "N" + i));
        }
    }

    private Message ask() {
        return ask(Map.of());
    }

    private Message ask(Map<String, Object> headers) {
        Exchange exchange = request(headers);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage();
    }

    private Exchange request(Map<String, Object> headers) {
        return bridge.camel()
                .createProducerTemplate()
                .request("direct:ask", exchange -> exchange.getMessage().setHeaders(new java.util.HashMap<>(headers)));
    }

    private Outcome refusal() {
        Exception failure = request(Map.of()).getException();
        assertThat(failure).isInstanceOf(TargetException.class).hasNoCause();
        return ((TargetException) failure).outcome();
    }

    private static List<Object> numbers(Message answer) {
        return answer.getBody(CrmBatch.class).stream()
                .<Object>map(record -> ((CrmRecord) record).get("number"))
                .toList();
    }

    private static String incomplete(Message answer) {
        assertThat(answer.getHeader("CamelCrmComplete")).isEqualTo(false);
        return answer.getHeader("CamelCrmIncomplete", String.class);
    }

    private static void assertComplete(Message answer) {
        assertThat(answer.getHeaders()).containsEntry("CamelCrmComplete", true).doesNotContainKey("CamelCrmIncomplete");
    }

    @Test
    void each_record_comes_in_its_newest_version_in_the_order_of_the_last_change_without_a_call_to_the_crm()
            throws IOException {
        bridge = asking("").start();
        String first = bridge.create("invoices", Map.of("number", "A"));
        bridge.create("invoices", Map.of("number", "B"));
        sandbox.workspace().update("invoices", first, Map.of("number", "A again"));
        bridge.poll("invoices");
        long calls = sandbox.workspace().requests("/api");

        Message answer = ask(Map.of("CamelCrmIncomplete", "of the snapshot before"));

        assertThat(numbers(answer)).containsExactly("B", "A again");
        assertComplete(answer);
        assertThat(answer.getHeaders())
                .containsEntry("CamelCrmConnection", "default")
                .containsEntry("CamelCrmFeed", "invoices")
                .containsEntry("CamelCrmCount", 2);
        assertThat(answer.getBody(String.class)).startsWith("[{").contains("\"A again\"");
        assertThat(sandbox.workspace().requests("/api")).isEqualTo(calls);
    }

    @Test
    void five_thousand_records_come_all_and_once_without_a_call_to_the_crm() throws IOException {
        bridge = asking("").start();
        for (int i = 0; i < 56; i++) {
            // So few that a page also reaches below them.
            ready(90);
            bridge.poll("invoices");
        }
        long calls = sandbox.workspace().requests("/api");

        Message answer = ask();

        assertThat(answer.getBody(CrmBatch.class))
                .extracting(record -> ((CrmRecord) record).get("id"))
                .doesNotHaveDuplicates()
                .hasSize(56 * 90);
        assertComplete(answer);
        assertThat(sandbox.workspace().requests("/api")).isEqualTo(calls);
    }

    private FeedState feed() {
        return bridge.store().sources().feeds().stream()
                .filter(feed -> feed.name().equals("invoices"))
                .findFirst()
                .orElseThrow();
    }

    /** A header whose look makes something happen while a snapshot is read. */
    public static final class Meanwhile {
        private final Runnable action;
        private boolean done;

        Meanwhile(Runnable action) {
            this.action = action;
        }

        public boolean isSo() {
            if (!done) {
                done = true;
                action.run();
            }
            return true;
        }
    }

    @Test
    void a_record_that_changes_while_the_snapshot_is_read_comes_once_in_its_newest_version() throws IOException {
        bridge = asking("where: \"${header.meanwhile.isSo}\"\nonce: id").start();
        String first = bridge.create("invoices", Map.of("number", "first"));
        for (int i = 0; i < 6; i++) {
            ready(90);
            bridge.poll("invoices");
        }

        Message answer = ask(Map.of("meanwhile", new Meanwhile(() -> {
            sandbox.workspace().update("invoices", first, Map.of("number", "first again"));
            bridge.poll("invoices");
        })));

        assertThat(numbers(answer)).hasSize(541).doesNotContain("first").endsWith("first again");
        assertThat(numbers(ask(Map.of("meanwhile", new Meanwhile(() -> {}))))).isEmpty();
    }

    @Test
    void a_record_that_is_gone_is_not_answered() throws IOException {
        bridge = asking("").start();
        String id = bridge.create("invoices", Map.of("number", "A"));
        bridge.create("invoices", Map.of("number", "B"));

        byte[] body = "{\"id\":\"%s\",\"number\":\"A\"}".formatted(id).getBytes(StandardCharsets.UTF_8);
        NewChange gone =
                new NewChange(id, STAMP, new byte[16], new byte[16], ChangeKind.GONE, false, false, List.of(), 0, body);
        bridge.store()
                .log()
                .commit(new PollCommit(feed(), List.of(gone), List.of(new byte[0]), Optional.empty(), List.of()));

        assertThat(numbers(ask())).containsExactly("B");
    }

    @Test
    void the_first_fire_waits_for_the_first_poll() throws IOException {
        ready(3);
        bridge = TestBridge.in(folder, sandbox).yaml("""
                        - route:
                            id: report
                            from:
                              uri: timer:report?delay=-1&repeatCount=1
                              steps:
                                - to: impactiveai:invoices?operation=snapshot
                                - to: mock:out
                        """).start();
        await().until(() -> bridge.mock("out").getReceivedCounter() == 1);

        assertThat(numbers(bridge.mock("out").getExchanges().get(0).getMessage()))
                .containsExactly("N0", "N1", "N2");
    }

    @Test
    void a_feed_that_no_route_reads_is_kept_polled() throws IOException {
        bridge = asking("").yaml("""
                        - route:
                            id: fast
                            from:
                              uri: direct:fast
                              steps:
                                - to: impactiveai:deals?operation=snapshot&delay=100ms
                        """).set("bridge.allow-fast-poll", true).start();

        sandbox.workspace().create("deals", Map.of("name", "later"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> bridge.camel()
                                .createProducerTemplate()
                                .requestBody("direct:fast", null, List.class)
                                .size()
                        == 1);
    }

    @Test
    void while_nothing_was_ever_polled_it_fails_passingly_instead_of_answering_an_empty_list() throws IOException {
        sandbox.faults().on("*", "/api").status(503).arm();
        ready(1);
        bridge = asking("").start();

        assertThat(refusal())
                .isInstanceOfSatisfying(
                        Outcome.Passing.class,
                        passing -> assertThat(passing.reason())
                                .contains("invoices of connection default was never polled", "503", "`status`"));

        sandbox.faults().clear();
        bridge.poll("invoices");
        assertThat(numbers(ask())).containsExactly("N0");
    }

    @Test
    void history_from_before_the_first_page_makes_it_incomplete_for_good() throws IOException {
        ready(101);
        bridge = asking("").start();
        bridge.poll("invoices");

        Message answer = ask();

        assertThat(numbers(answer)).hasSize(100).doesNotContain("N0");
        assertThat(incomplete(answer))
                .startsWith("what was last changed before 20")
                .contains("unknown history");
    }

    @Test
    void open_gaps_make_it_incomplete_until_they_are_closed() throws IOException {
        bridge = asking("").start();
        bridge.create("invoices", Map.of("number", "before"));
        assertComplete(ask());

        ready(150);
        bridge.poll("invoices");
        assertThat(incomplete(ask())).isEqualTo("a gap is open (`gaps list`)");

        ready(150);
        bridge.poll("invoices");
        assertThat(incomplete(ask())).isEqualTo("2 gaps are open (`gaps list`)");

        for (Gap gap : bridge.store().sources().gaps(false)) {
            bridge.store().sources().closeGap(gap.id(), "a CSV was compared");
        }
        assertComplete(ask());
    }

    @Test
    void a_gap_of_another_feed_says_nothing_of_this_one() throws IOException {
        bridge = asking("").route("deals", "deals", "", "- to: mock:out").start();
        bridge.create("invoices", Map.of("number", "A"));
        bridge.create("deals", Map.of("name", "before"));
        for (int i = 0; i < 150; i++) {
            sandbox.workspace().create("deals", Map.of("name", "deal"));
        }
        bridge.poll("deals");
        assertThat(bridge.store().sources().gaps(false)).hasSize(1);

        assertComplete(ask());
    }

    @Test
    void polls_that_fail_for_longer_than_twice_the_delay_make_it_incomplete_until_one_succeeds() throws IOException {
        bridge = asking("").clock(clock).start();
        bridge.create("invoices", Map.of("number", "A"));
        Instant fresh = now.get();
        sandbox.faults().on("*", "/api").status(503).arm();

        now.set(fresh.plus(Duration.ofHours(2)));
        bridge.poll("invoices");
        assertComplete(ask());

        now.set(fresh.plus(Duration.ofHours(2)).plusMillis(1));
        Message answer = ask();
        assertThat(numbers(answer)).containsExactly("A");
        assertThat(incomplete(answer))
                .startsWith("the last successful poll was at " + fresh + ", more than 120 min ago")
                .contains("503");

        sandbox.faults().clear();
        bridge.poll("invoices");
        assertComplete(ask());
    }

    @Test
    void a_page_that_proves_nothing_makes_it_incomplete_until_one_does() throws IOException {
        bridge = asking("").start();
        sandbox.faults().on("*", "/api/zapier/invoices").unsorted().arm();
        ready(5);
        bridge.poll("invoices");

        assertThat(incomplete(ask())).contains("not sorted newest first");

        sandbox.faults().clear();
        bridge.poll("invoices");
        assertComplete(ask());
    }

    @Test
    void require_complete_refuses_what_only_a_person_can_mend_and_passes_what_a_poll_will() throws IOException {
        bridge = asking("requireComplete: true").clock(clock).start();
        bridge.create("invoices", Map.of("number", "A"));
        assertThat(numbers(ask())).containsExactly("A");

        now.set(now.get().plus(Duration.ofHours(3)));
        assertThat(refusal())
                .isInstanceOfSatisfying(
                        Outcome.Passing.class,
                        passing -> assertThat(passing.reason())
                                .startsWith(
                                        "invoices of connection default is not known to be complete: the last successful poll"));

        ready(150);
        bridge.poll("invoices");
        assertThat(refusal())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.reason()).contains("a gap is open (`gaps list`)"));
    }

    @Test
    void where_in_parameters_takes_ampersands_quotes_less_than_and_dates() throws IOException {
        bridge = asking("""
                where: "RAW(${body[status]} != 'paid' && ${body[dueDate]} < ${date:now:yyyy-MM-dd} && ${body[note]} != '100% a+b')"
                """).start();
        sandbox.workspace().create("invoices", Map.of("number", "overdue", "status", "sent", "dueDate", "2020-02-03"));
        sandbox.workspace().create("invoices", Map.of("number", "paid", "status", "paid", "dueDate", "2020-02-03"));
        sandbox.workspace().create("invoices", Map.of("number", "not due", "status", "sent", "dueDate", "2999-01-01"));
        sandbox.workspace().create("invoices", Map.of("number", "without a date", "status", "sent"));
        sandbox.workspace()
                .create(
                        "invoices",
                        Map.of("number", "noted", "status", "sent", "dueDate", "2020-02-03", "note", "100% a+b"));
        bridge.poll("invoices");

        assertThat(numbers(ask())).containsExactly("overdue");
    }

    @Test
    void where_sees_headers_of_the_exchange_and_fields_that_the_answer_leaves_out() throws IOException {
        bridge = asking("where: \"${body[status]} == ${header.wanted}\"\nfields: id,number")
                .start();
        sandbox.workspace().create("invoices", Map.of("number", "A", "status", "sent"));
        sandbox.workspace().create("invoices", Map.of("number", "B", "status", "paid"));
        bridge.poll("invoices");

        Message answer = ask(Map.of("wanted", "paid"));

        assertThat(numbers(answer)).containsExactly("B");
        assertThat((CrmRecord) answer.getBody(CrmBatch.class).get(0)).containsOnlyKeys("id", "number");
        assertThat(numbers(ask(Map.of("wanted", "sent")))).containsExactly("A");
    }

    @Test
    void where_that_fails_at_a_record_is_permanent_and_does_not_tell_the_record() throws IOException {
        bridge = asking("where: \"${body.secretly.missing} == 'x'\"").start();
        bridge.create("invoices", Map.of("number", "Zaphod"));

        assertThat(refusal())
                .isInstanceOfSatisfying(
                        Outcome.Permanent.class,
                        permanent -> assertThat(permanent.reason())
                                .contains("invoices of connection default: where= cannot be evaluated")
                                .doesNotContain("Zaphod"));
    }

    @Test
    void updated_within_goes_by_the_records_version_and_the_bridges_clock() throws IOException {
        now.set(Instant.parse("2026-05-02T12:00:00Z"));
        for (String stamp :
                List.of("2026-05-01T11:59:59.999Z", "2026-05-01T12:00:00.000Z", "2026-05-02T11:00:00.000Z")) {
            sandbox.workspace()
                    .put(
                            "invoices",
                            Map.of("id", "i" + stamp, "number", stamp, "createdAt", stamp, "updatedAt", stamp));
        }
        bridge = asking("updatedWithin: 24h").clock(clock).start();

        assertThat(numbers(ask())).containsExactly("2026-05-01T12:00:00.000Z", "2026-05-02T11:00:00.000Z");

        now.set(Instant.parse("2026-05-03T11:00:00.001Z"));
        Message later = ask();
        assertThat(later.getBody(List.class)).isEmpty();
        assertThat(later.getHeaders()).containsEntry("CamelCrmCount", 0);
    }
}
