package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.sandbox.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What every connector owes the rooms above it, on each of its feeds, over real HTTP. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class CrmFeedContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00.250Z");
    private static final String PERSONAL = "Rosa Jiménez";
    private static final int LARGEST = 64 << 10;
    private static final CrmHttp.Limits LIMITS =
            new CrmHttp.Limits(LARGEST, Duration.ofSeconds(10), Duration.ofSeconds(10));

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private CrmStandIn standIn;
    private Crm crm;

    protected abstract CrmStandIn standIn(Clock clock);

    List<Named<FeedContract>> feeds() {
        try (CrmStandIn any = standIn(clock)) {
            return any.feeds();
        }
    }

    @BeforeEach
    void start() {
        standIn = standIn(clock);
        crm = standIn.connect(standIn.key(), LIMITS);
    }

    @AfterEach
    void stop() {
        crm.close();
        standIn.close();
    }

    // --- the key ---

    @Test
    void the_auth_test_tells_which_workspace_the_key_answers_for() {
        assertThat(crm.identify()).isEqualTo(standIn.workspace());
    }

    @Test
    void the_auth_test_refuses_a_wrong_key() {
        try (Crm stranger = standIn.connect(standIn.wrongKey(), LIMITS)) {
            CrmException failure = catchThrowableOfType(CrmException.class, stranger::identify);

            assertThat(failure.verdict()).isEqualTo(Verdict.REFUSED);
            assertNamesTheCallOnly(failure, standIn.authPath());
        }
    }

    @Test
    void an_auth_test_that_does_not_name_a_workspace_is_broken() {
        for (String body : List.of("{}", "[]", "{\"id\":null}", "{\"id\":\" \"}", "<html></html>", "")) {
            standIn.on(standIn.authPath())
                    .times(1)
                    .body(body, "application/json")
                    .arm();

            CrmException failure = catchThrowableOfType(CrmException.class, crm::identify);

            assertThat(failure).as(body).isNotNull();
            assertThat(failure.verdict()).as(body).isEqualTo(Verdict.BROKEN);
            assertNamesTheCallOnly(failure, standIn.authPath());
        }
    }

    @EachFeed
    void a_wrong_key_is_refused(FeedContract feed) {
        try (Crm stranger = standIn.connect(standIn.wrongKey(), LIMITS)) {
            CrmException failure =
                    catchThrowableOfType(CrmException.class, () -> stranger.page(feed, Optional.empty()));

            assertThat(failure.verdict()).isEqualTo(Verdict.REFUSED);
            assertNamesTheCallOnly(failure, feed.path());
        }
    }

    // --- the page ---

    @EachFeed
    void a_record_is_a_whole_row_with_its_id_its_stamp_and_its_bytes(FeedContract feed) throws IOException {
        String id = standIn.create(feed, PERSONAL);

        Page page = crm.page(feed, Optional.empty());

        assertThat(page.rows()).hasSize(1);
        Row row = page.rows().get(0);
        assertThat(row.isWhole()).isTrue();
        assertThat(row.id()).contains(id);
        assertThat(row.stamp()).contains(NOW);
        assertThat(row.createdAt()).contains(NOW);
        assertThat(row.version()).isEqualTo(row.node().path(feed.cursorField()).asText());
        assertThat(JSON.readTree(row.raw())).isEqualTo(row.node());
        assertThat(new String(row.raw(), StandardCharsets.UTF_8)).contains(PERSONAL);
    }

    @EachFeed
    void a_row_keeps_the_bytes_as_the_crm_wrote_them(FeedContract feed) {
        List<String> rows = List.of(
                "{ \"%s\" : \"a\",\"%s\":\"%s\",\t\"n\": 1.50, \"s\": \"Gr\\u00fc\\u00dfe {]\"}"
                        .formatted(feed.idField(), feed.cursorField(), NOW),
                "{\"%s\":7,\"%s\":\"%s\",\"deep\":[{\"x\":{}}],\"s\":\"Grüße 😀\"}"
                        .formatted(feed.idField(), feed.cursorField(), NOW));
        for (String start : List.of("", "\n ", "\uFEFF")) {
            answer(feed, start + standIn.list(feed, " " + String.join(" ,\n", rows) + " ") + "\n");

            assertThat(crm.page(feed, Optional.empty()).rows())
                    .as("after \"%s\"", start)
                    .extracting(row -> new String(row.raw(), StandardCharsets.UTF_8))
                    .containsExactlyElementsOf(rows);
        }
    }

    @EachFeed
    void an_empty_list_is_an_empty_page(FeedContract feed) {
        assertThat(crm.page(feed, Optional.empty()).rows()).isEmpty();
    }

    @EachFeed
    void rows_come_in_the_order_of_its_style(FeedContract feed) {
        standIn.put(feed, "middle", NOW.minusSeconds(20));
        standIn.put(feed, "newest", NOW.minusSeconds(10));
        standIn.put(feed, "oldest", NOW.minusSeconds(30));

        List<String> ids = ids(crm.page(feed, Optional.empty()));
        switch (feed.style()) {
            case NEWEST, NEWEST_ALWAYS, FORMER_MEMBERS -> assertThat(ids).containsExactly("newest", "middle", "oldest");
            case KEYSET -> assertThat(ids).containsExactly("oldest", "middle", "newest");
            case WINDOW, ALL, ALL_SINCE -> assertThat(ids).containsExactlyInAnyOrder("newest", "middle", "oldest");
        }
    }

    @EachFeed
    void a_full_page_is_as_long_as_documented_and_shows_the_newest(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(FeedContract.Style.NEWEST);
        IntStream.rangeClosed(0, feed.cap()).forEach(i -> standIn.put(feed, "r" + i, NOW.minusSeconds(i)));

        assertThat(ids(crm.page(feed, Optional.empty())))
                .containsExactlyElementsOf(
                        IntStream.range(0, feed.cap()).mapToObj(i -> "r" + i).toList());
    }

    /** The last one has as many as the next one would, or one fewer. */
    @EachFeed
    void pages_follow_each_other_and_show_each_row_once(FeedContract feed) {
        assumeThat(feed.style()).isIn(FeedContract.Style.KEYSET, FeedContract.Style.WINDOW);
        for (int rows : List.of(feed.cap() - 1, feed.cap(), feed.cap() * 2 + 1)) {
            IntStream.range(0, rows).forEach(i -> standIn.put(feed, "r" + i, NOW.minusSeconds(60 + i / 150)));
            List<String> ids = new ArrayList<>();
            Stretch stretch = Stretch.from(NOW.minusSeconds(600), Quota.Lane.POLL);
            Optional<String> next;
            do {
                Page page = crm.page(feed, stretch);
                assertThat(page.moved()).isFalse();
                ids.addAll(ids(page));
                next = page.next();
                stretch = next.map(stretch::after).orElse(stretch);
            } while (next.isPresent());

            assertThat(ids)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, rows).mapToObj(i -> "r" + i).toList());
        }
    }

    @EachFeed
    void since_bounds_the_page_as_its_contract_says(FeedContract feed) {
        Instant since = NOW.minusSeconds(60);
        standIn.put(feed, "before", since.minusMillis(1));
        standIn.put(feed, "exactly", since);
        standIn.put(feed, "after", since.plusMillis(1));

        assertThat(ids(crm.page(feed, Optional.of(since))))
                .containsExactlyInAnyOrderElementsOf(
                        standIn.sinceIsInclusive(feed) ? List.of("after", "exactly") : List.of("after"));
    }

    @EachFeed
    void since_is_understood_to_the_microsecond_and_without_fractions(FeedContract feed) {
        Instant second = NOW.truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
        standIn.put(feed, "after", second.plusMillis(1));

        assertThat(ids(crm.page(feed, Optional.of(second)))).containsExactly("after");
        assertThat(ids(crm.page(feed, Optional.of(second.plusNanos(999_000))))).containsExactly("after");
        assertThat(ids(crm.page(feed, Optional.of(second.plusNanos(2_001_000)))))
                .isEmpty();
    }

    @EachFeed
    void rows_with_equal_stamps_are_all_there(FeedContract feed) {
        Instant tie = NOW.minusSeconds(60);
        IntStream.range(0, 5).forEach(i -> standIn.put(feed, "tie" + i, tie));

        Page page = crm.page(feed, Optional.of(tie.minusMillis(1)));

        assertThat(ids(page)).containsExactlyInAnyOrder("tie0", "tie1", "tie2", "tie3", "tie4");
        assertThat(page.rows()).allSatisfy(row -> assertThat(row.stamp()).contains(tie));
    }

    @EachFeed
    void the_crms_clock_is_its_date_header_and_never_ours(FeedContract feed) {
        Instant second = NOW.truncatedTo(ChronoUnit.SECONDS);
        assertThat(crm.page(feed, Optional.empty()).date()).contains(second);

        standIn.on(feed.path()).times(1).dateSkew(Duration.ofHours(-3)).arm();
        assertThat(crm.page(feed, Optional.empty()).date()).contains(second.minus(Duration.ofHours(3)));

        standIn.on(feed.path()).times(1).noDate().arm();
        assertThat(crm.page(feed, Optional.empty()).date()).isEmpty();

        standIn.on(feed.path()).times(1).header("Date", "today").arm();
        assertThat(crm.page(feed, Optional.empty()).date()).isEmpty();
    }

    // --- rows that are not whole ---

    @EachFeed
    void a_row_without_an_id_is_in_the_page_and_is_not_whole(FeedContract feed) {
        for (String id : List.of("null", "\"\"", "\"  \"", "{}", "[1]", "true", "1.5")) {
            answerAmongGoodOnes(
                    feed, "{\"%s\":%s,\"%s\":\"%s\"}".formatted(feed.idField(), id, feed.cursorField(), NOW));

            assertOnlyTheMiddleRowIsBroken(feed, id);
        }
    }

    @EachFeed
    void a_row_with_an_unreadable_stamp_is_in_the_page_and_is_not_whole(FeedContract feed) {
        for (String stamp : List.of(
                "null",
                "\"\"",
                "\"yesterday\"",
                "\"2026-13-01T00:00:00.000Z\"",
                "\"+999999999-01-01T00:00:00Z\"",
                "{}",
                "[]",
                "true",
                "1.5",
                "-9223372036854775808",
                "9223372036854775807",
                "99999999999999999999",
                "18446744075487145216")) {
            answerAmongGoodOnes(feed, "{\"%s\":\"x\",\"%s\":%s}".formatted(feed.idField(), feed.cursorField(), stamp));

            assertOnlyTheMiddleRowIsBroken(feed, stamp);
        }
    }

    @EachFeed
    void a_row_that_is_no_object_is_in_the_page_and_is_not_whole(FeedContract feed) {
        for (String row : List.of("{}", "null", "1", "\"text\"", "[]", "[{\"x\":1}]")) {
            answerAmongGoodOnes(feed, row);

            assertOnlyTheMiddleRowIsBroken(feed, row);
        }
    }

    private void answerAmongGoodOnes(FeedContract feed, String row) {
        answer(feed, standIn.list(feed, good(feed, "above") + "," + row + "," + good(feed, "below")));
    }

    private void assertOnlyTheMiddleRowIsBroken(FeedContract feed, String what) {
        List<Row> rows = crm.page(feed, Optional.empty()).rows();

        assertThat(rows).as(what).extracting(Row::isWhole).containsExactly(true, false, true);
        assertThat(rows.get(0).id()).contains("above");
        assertThat(rows.get(2).id()).contains("below");
        assertThat(rows.get(1).raw()).as(what).isNotEmpty();
    }

    // --- answers that are none ---

    @EachFeed
    void too_many_calls_say_how_long_to_wait_in_seconds_or_by_a_date(FeedContract feed) {
        Map<String, Optional<Duration>> waits = new HashMap<>();
        waits.put("7", Optional.of(Duration.ofSeconds(7)));
        waits.put("0", Optional.of(Duration.ZERO));
        waits.put("Fri, 01 May 2026 12:01:30 GMT", Optional.of(Duration.ofMillis(89_750)));
        waits.put("Fri, 01 May 2026 11:00:00 GMT", Optional.of(Duration.ZERO));
        waits.put("99999999", Optional.of(Duration.ofDays(1)));
        waits.put("soon", Optional.empty());
        waits.put("-5", Optional.empty());
        waits.forEach((header, wait) -> {
            CrmException failure =
                    failure(feed, Verdict.WAIT, f -> f.status(429).header("Retry-After", header));

            assertThat(failure.retryAfter()).as(header).isEqualTo(wait);
        });
        assertThat(failure(feed, Verdict.WAIT, f -> f.status(429)).retryAfter()).isEmpty();
    }

    @EachFeed
    void a_server_that_fails_is_tried_again(FeedContract feed) {
        for (int status : List.of(500, 502, 503, 504, 599, 408, 425)) {
            failure(feed, Verdict.RETRY, f -> f.status(status));
        }
        assertThat(failure(feed, Verdict.RETRY, f -> f.status(503).header("Retry-After", "30"))
                        .retryAfter())
                .contains(Duration.ofSeconds(30));
    }

    @EachFeed
    void a_status_that_blames_the_call_is_told_apart_from_one_that_blames_the_key(FeedContract feed) {
        for (int status : List.of(400, 404, 405, 422)) {
            failure(feed, Verdict.INVALID, f -> f.status(status));
        }
        for (int status : List.of(401, 403)) {
            failure(feed, Verdict.REFUSED, f -> f.status(status));
        }
    }

    @EachFeed
    void a_web_page_with_status_200_is_no_list(FeedContract feed) {
        assertThat(failure(feed, Verdict.BROKEN, Fault::html)).hasMessageContaining("is the base URL right?");
    }

    @EachFeed
    void json_that_is_no_list_is_no_empty_page(FeedContract feed) {
        for (String body : List.of(
                "",
                "null",
                "\"text\"",
                "{}",
                "{\"error\":\"no\"}",
                "{\"data\":null}",
                "{\"a\":[],\"b\":[]}",
                "[] []",
                "[]]",
                "{\"data\":[]},")) {
            failure(feed, Verdict.BROKEN, f -> f.body(body, "application/json"));
        }
    }

    @EachFeed
    void a_list_that_ends_early_is_never_a_shorter_page(FeedContract feed) {
        String body = standIn.list(feed, good(feed, "a") + "," + good(feed, "b"));
        for (int length = 0; length < body.length(); length++) {
            String start = body.substring(0, length);
            failure(feed, Verdict.BROKEN, f -> f.body(start, "application/json"));
        }
    }

    @EachFeed
    void a_connection_that_is_cut_in_the_answer_is_tried_again(FeedContract feed) {
        String body = standIn.list(feed, good(feed, "a") + "," + good(feed, "b"));
        for (int length : List.of(0, 1, body.length() / 2, body.length() - 1)) {
            failure(feed, Verdict.RETRY, f -> f.body(body, "application/json").truncate(length));
        }
    }

    @EachFeed
    void an_answer_may_be_as_large_as_its_limit_and_no_larger(FeedContract feed) {
        String list = standIn.list(feed, good(feed, "a"));
        String largest = list + " ".repeat(LARGEST - list.getBytes(StandardCharsets.UTF_8).length);
        answer(feed, largest);
        assertThat(crm.page(feed, Optional.empty()).rows()).hasSize(1);

        assertThat(failure(feed, Verdict.BROKEN, f -> f.body(largest + " ", "application/json")))
                .hasMessageContaining("bridge.crm.max-answer");
        failure(feed, Verdict.BROKEN, f -> f.body(largest.repeat(50), "application/json"));
    }

    @EachFeed
    void a_redirect_is_not_followed_because_it_would_take_the_key_along(FeedContract feed) {
        for (int status : List.of(301, 302, 303, 307, 308)) {
            long before = standIn.requests(feed.path());

            CrmException failure =
                    failure(feed, Verdict.BROKEN, f -> f.status(status).header("Location", feed.path()));

            assertThat(failure).hasMessageContaining("redirect");
            assertThat(standIn.requests(feed.path()) - before)
                    .as("the call and the one after it")
                    .isEqualTo(2);
        }
    }

    @EachFeed
    void a_call_that_failed_is_not_repeated_by_itself(FeedContract feed) {
        List<UnaryOperator<Fault>> faults =
                List.of(Fault::resetBeforeCommit, Fault::resetAfterCommit, f -> f.status(503), f -> f.status(429));
        for (UnaryOperator<Fault> fault : faults) {
            long before = standIn.requests(feed.path());
            fault.apply(standIn.on(feed.path())).arm();

            assertThat(catchThrowableOfType(CrmException.class, () -> crm.page(feed, Optional.empty())))
                    .isNotNull();

            assertThat(standIn.requests(feed.path()) - before).isEqualTo(1);
            standIn.heal();
        }
    }

    @EachFeed
    void a_connection_that_is_reset_is_tried_again(FeedContract feed) {
        failure(feed, Verdict.RETRY, Fault::resetBeforeCommit);
        failure(feed, Verdict.RETRY, Fault::resetAfterCommit);
    }

    @EachFeed
    void an_answer_that_does_not_come_in_time_is_tried_again(FeedContract feed) {
        CrmHttp.Limits impatient = new CrmHttp.Limits(LARGEST, Duration.ofSeconds(10), Duration.ofMillis(200));
        standIn.on(feed.path()).delay(Duration.ofSeconds(30)).arm();
        try (Crm hurried = standIn.connect(standIn.key(), impatient)) {
            CrmException failure = catchThrowableOfType(CrmException.class, () -> hurried.page(feed, Optional.empty()));

            assertThat(failure.verdict()).isEqualTo(Verdict.RETRY);
            assertNamesTheCallOnly(failure, feed.path());
        }
    }

    @EachFeed
    void a_crm_that_is_not_there_is_tried_again(FeedContract feed) {
        standIn.close();

        CrmException failure = catchThrowableOfType(CrmException.class, () -> crm.page(feed, Optional.empty()));

        assertThat(failure.verdict()).isEqualTo(Verdict.RETRY);
        assertThat(failure).hasMessageContaining("refused");
        assertNamesTheCallOnly(failure, feed.path());
    }

    /** The next call fails so, and the one after it goes through. */
    private CrmException failure(FeedContract feed, Verdict verdict, UnaryOperator<Fault> fault) {
        Fault armed = fault.apply(standIn.on(feed.path()).times(1)).arm();

        CrmException failure = catchThrowableOfType(CrmException.class, () -> crm.page(feed, Optional.empty()));

        assertThat(armed.hits()).isEqualTo(1);
        assertThat(failure).as("a failure").isNotNull();
        assertThat(failure.verdict()).as(failure.getMessage()).isEqualTo(verdict);
        assertNamesTheCallOnly(failure, feed.path());
        assertThat(crm.page(feed, Optional.empty()).rows()).as("the next page").isEmpty();
        return failure;
    }

    private void assertNamesTheCallOnly(CrmException failure, String path) {
        assertThat(failure).hasMessageContaining(path);
        StringWriter everything = new StringWriter();
        failure.printStackTrace(new PrintWriter(everything, true));
        assertThat(everything.toString()).doesNotContain(standIn.key(), standIn.wrongKey(), PERSONAL);
    }

    private void answer(FeedContract feed, String body) {
        standIn.on(feed.path())
                .times(1)
                .body(body, "application/json;charset=utf-8")
                .arm();
    }

    private static String good(FeedContract feed, String id) {
        return "{\"%s\":\"%s\",\"%s\":\"%s\",\"name\":\"%s\"}"
                .formatted(feed.idField(), id, feed.cursorField(), NOW.minusSeconds(60), PERSONAL);
    }

    private static List<String> ids(Page page) {
        List<String> ids = new ArrayList<>();
        page.rows().forEach(row -> ids.add(row.id().orElse(null)));
        return ids;
    }
}
