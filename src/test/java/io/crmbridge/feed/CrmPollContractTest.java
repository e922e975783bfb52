package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.CrmStandIn;
import io.crmbridge.crm.EachFeed;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.FeedContract.Style;
import io.crmbridge.sandbox.Fault;
import io.crmbridge.state.Change;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Gap;
import io.crmbridge.state.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The proof of a poll on each feed of a connector, over real HTTP. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CrmPollContractTest {
    private static final Duration LATENESS = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock("2026-05-01T12:00:00.250Z");
    private CrmStandIn standIn;
    private Crm crm;
    private Store store;
    private FeedPoller poller;

    abstract CrmStandIn standIn(Clock clock);

    List<Named<FeedContract>> feeds() {
        try (CrmStandIn any = standIn(clock)) {
            return any.feeds();
        }
    }

    @BeforeEach
    void start() {
        standIn = standIn(clock);
        crm = standIn.connect(standIn.key(), CrmHttp.Limits.DEFAULT);
        store = Store.open(folder, clock);
        // What the page itself proves is the matter here.
        standIn.records(crm)
                .forEach(feed -> feed.recovery()
                        .ifPresent(list -> standIn.on(list.path().split("[?]")[0])
                                .status(503)
                                .arm()));
    }

    @AfterEach
    void stop() {
        store.close();
        crm.close();
        standIn.close();
    }

    @EachFeed
    void what_was_there_before_is_known_and_is_no_gap(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(Style.NEWEST);
        write(feed, "r", feed.cap() + 1);

        FeedPoller.Report report = startPolling(feed);

        assertThat(report.gap()).isEmpty();
        assertThat(changes()).hasSize(feed.cap()).allMatch(Change::baseline);
        assertThat(state().historyComplete()).isFalse();
        assertThat(state().proven()).contains(clock.instant());
    }

    @EachFeed
    void a_list_of_several_pages_is_read_whole_also_where_they_are_shorter_than_asked(FeedContract feed) {
        assumeThat(feed.style()).isIn(Style.KEYSET, Style.WINDOW);
        int burst = feed.cap() * 7 / 2;
        write(feed, "r", burst);
        clock.advance(Duration.ofSeconds(2));
        startPolling(feed);
        assertThat(changes()).hasSize(burst).allMatch(Change::baseline);
        assertThat(state().historyComplete()).isTrue();
        clock.advance(Duration.ofMinutes(1));
        standIn.on(feed.path()).cap(feed.cap() / 3).arm();
        write(feed, "r", feed.cap());

        List<String> ids = new ArrayList<>();
        do {
            ids.addAll(pollForIds());
        } while (poller.hasMore());

        assertThat(ids).hasSize(feed.cap()).doesNotHaveDuplicates();
        assertThat(state().error()).isEmpty();
        assertThat(store.sources().gaps(true)).isEmpty();
    }

    @EachFeed
    void a_list_in_another_order_is_known_and_proves_nothing_where_its_order_does(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(Style.KEYSET);
        write(feed, "r", 3);
        startPolling(feed);
        Instant proven = state().proven().orElseThrow();
        clock.advance(Duration.ofSeconds(1));
        write(feed, "new", 2);
        standIn.on(feed.path()).unsorted().times(1).arm();

        assertThat(pollForIds()).containsExactly("new0", "new1");
        assertThat(state().proven()).contains(proven);
        assertThat(state().error().orElseThrow()).contains("not sorted");

        assertThat(pollForIds()).isEmpty();
        assertThat(state().proven()).contains(clock.instant());
        assertThat(state().error()).isEmpty();
    }

    @EachFeed
    void a_burst_beyond_one_page_gives_the_newest_and_one_gap_that_stays(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(Style.NEWEST);
        int burst = feed.cap() * 7 / 2;
        write(feed, "r", burst);
        startPolling(feed);
        Instant proven = state().proven().orElseThrow();
        long head = store.log().head();
        clock.advance(Duration.ofMinutes(1));
        List<Instant> stamps = write(feed, "r", burst);

        poller.poll();

        List<String> newest = new ArrayList<>();
        for (int i = burst - feed.cap(); i < burst; i++) {
            newest.add("r" + i);
        }
        assertThat(changesAfter(head)).extracting(Change::recordId).containsExactlyElementsOf(newest);
        List<Gap> gaps = store.sources().gaps(true);
        assertThat(gaps).hasSize(1);
        assertThat(gaps.get(0).from()).isEqualTo(proven);
        assertThat(stamps.subList(0, burst - feed.cap()))
                .allSatisfy(lost -> assertThat(lost)
                        .isBetween(gaps.get(0).from(), gaps.get(0).to()));

        clock.advance(Duration.ofMinutes(1));
        write(feed, "after", 1);
        assertThat(poller.poll().changes()).isEqualTo(1);
        assertThat(store.sources().gaps(false)).isEqualTo(gaps);
    }

    @EachFeed
    void a_full_page_that_reaches_below_what_was_seen_is_no_gap(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(Style.NEWEST);
        write(feed, "r", feed.cap());
        startPolling(feed);
        clock.advance(Duration.ofMinutes(1));
        write(feed, "r", feed.cap() - 2);

        assertThat(poller.poll().changes()).isEqualTo(feed.cap() - 2);
        assertThat(store.sources().gaps(true)).isEmpty();
    }

    /** Another row with the stamp of the last one may have been cut off. */
    @EachFeed
    void a_full_page_that_ends_at_the_proven_point_is_a_gap_of_that_instant(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(Style.NEWEST);
        write(feed, "r", feed.cap());
        startPolling(feed);
        Instant proven = state().proven().orElseThrow();
        clock.advance(Duration.ofMinutes(1));
        write(feed, "r", feed.cap() - 1);

        assertThat(poller.poll().changes()).isEqualTo(feed.cap() - 1);
        assertThat(store.sources().gaps(true)).singleElement().satisfies(gap -> {
            assertThat(gap.from()).isEqualTo(proven);
            assertThat(gap.to()).isEqualTo(proven);
        });
    }

    @EachFeed
    void a_commit_that_is_late_within_lateness_is_found(FeedContract feed) {
        write(feed, "r", 3);
        startPolling(feed);
        Instant proven = state().proven().orElseThrow();
        clock.advance(LATENESS);
        standIn.put(feed, "late", proven.minus(LATENESS).plusMillis(1));

        assertThat(pollForIds()).containsExactly("late");
        assertProven(feed, proven);
        assertThat(store.sources().gaps(true)).isEmpty();
    }

    @EachFeed
    void a_commit_with_the_stamp_of_the_newest_row_is_found(FeedContract feed) {
        write(feed, "r", 3);
        startPolling(feed);
        standIn.put(feed, "tie", state().proven().orElseThrow());

        assertThat(pollForIds()).containsExactly("tie");
    }

    @EachFeed
    void a_commit_beyond_lateness_is_found_by_the_fiftieth_poll(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(Style.NEWEST);
        write(feed, "r", 3);
        startPolling(feed);
        standIn.put(feed, "very-late", clock.instant().minus(LATENESS).minusSeconds(1));

        for (int poll = 2; poll < 50; poll++) {
            assertThat(pollForIds()).as("poll %d", poll).isEmpty();
        }
        assertThat(pollForIds()).containsExactly("very-late");
    }

    @EachFeed
    void a_row_from_the_future_is_delivered_and_moves_nothing(FeedContract feed) {
        write(feed, "r", 3);
        startPolling(feed);
        Instant proven = state().proven().orElseThrow();
        standIn.put(feed, "future", clock.instant().plus(Duration.ofHours(20)));

        assertThat(pollForIds()).containsExactly("future");
        assertProven(feed, proven);

        clock.advance(Duration.ofMinutes(1));
        write(feed, "now", 1);
        assertThat(pollForIds()).containsExactly("now0");
        assertProven(feed, clock.instant());
        assertThat(store.sources().gaps(true)).isEmpty();
    }

    @EachFeed
    void the_future_is_what_lies_after_the_crms_clock_and_not_after_ours(FeedContract feed) {
        write(feed, "r", 3);
        startPolling(feed);
        Instant proven = state().proven().orElseThrow();
        Duration behind = Duration.ofHours(-1);
        standIn.on(feed.path()).dateSkew(behind).arm();
        clock.advance(Duration.ofHours(2));
        Instant crmTime = clock.instant().plus(behind);
        standIn.put(feed, "honest", crmTime);
        standIn.put(feed, "future", crmTime.plusSeconds(2));

        assertThat(pollForIds()).containsExactly("honest", "future");
        assertProven(feed, crmTime);
        assertThat(state().proven()).isNotEqualTo(Optional.of(proven));
    }

    @EachFeed
    void an_answer_without_a_date_is_bounded_by_our_clock_and_marked(FeedContract feed) {
        assumeThat(feed.style()).isNotEqualTo(Style.WINDOW);
        standIn.on(feed.path()).noDate().arm();
        write(feed, "r", 3);
        startPolling(feed);
        assertThat(state().provenLocally()).isTrue();
        standIn.put(feed, "tomorrow", clock.instant().plus(Duration.ofHours(25)));
        Instant proven = state().proven().orElseThrow();

        assertThat(pollForIds()).containsExactly("tomorrow");
        assertThat(state().proven()).contains(proven);
    }

    @EachFeed
    void broken_rows_are_put_aside_once_and_the_rest_goes_on(FeedContract feed) {
        write(feed, "r", 3);
        startPolling(feed);
        clock.advance(Duration.ofSeconds(1));
        standIn.put(feed, Map.of(feed.idField(), "no-stamp", "name", "a"));
        standIn.put(feed, Map.of(feed.cursorField(), clock.instant().toString(), "name", "no id"));
        write(feed, "good", 1);

        assertThat(pollForIds()).containsExactly("good0");
        assertThat(pollForIds()).isEmpty();
        // One without a stamp is in no list that is bounded by its stamps.
        assertThat(store.log().quarantined(state().id())).hasSizeBetween(feed.style() == Style.NEWEST ? 2 : 1, 2);
    }

    @EachFeed
    void a_page_in_another_order_proves_nothing_and_its_rows_are_not_lost(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(Style.NEWEST);
        write(feed, "r", 3);
        startPolling(feed);
        Instant proven = state().proven().orElseThrow();
        clock.advance(Duration.ofSeconds(1));
        write(feed, "new", 2);
        standIn.on(feed.path()).unsorted().times(1).arm();

        assertThat(pollForIds()).containsExactly("new0", "new1");
        assertThat(state().proven()).contains(proven);
        assertThat(state().error().orElseThrow()).contains("not sorted");

        assertThat(pollForIds()).isEmpty();
        assertThat(state().proven()).contains(clock.instant());
        assertThat(state().error()).isEmpty();
    }

    @EachFeed
    void a_server_that_shows_fewer_rows_than_documented_is_found_out(FeedContract feed) {
        assumeThat(feed.style()).isEqualTo(Style.NEWEST);
        int real = feed.cap() / 3;
        standIn.on(feed.path()).cap(real).arm();
        write(feed, "r", feed.cap());
        startPolling(feed);
        clock.advance(Duration.ofMinutes(1));
        List<Instant> stamps = write(feed, "r", real + 5);

        poller.poll();

        List<Gap> gaps = store.sources().gaps(false);
        assertThat(gaps).hasSize(1);
        assertThat(stamps.subList(0, 5))
                .allSatisfy(lost -> assertThat(lost)
                        .isBetween(gaps.get(0).from(), gaps.get(0).to()));
        assertThat(state().learntCap()).contains(real);
    }

    @EachFeed
    void a_server_that_does_not_heed_since_brings_nothing_twice(FeedContract feed) {
        standIn.on(feed.path()).ignoreSince().arm();
        write(feed, "r", feed.cap() + 5);
        startPolling(feed);
        clock.advance(Duration.ofMinutes(10));
        write(feed, "new", 2);

        assertThat(pollForIds()).containsExactly("new0", "new1");
        assertThat(pollForIds()).isEmpty();
        assertThat(store.sources().gaps(true)).isEmpty();
    }

    @EachFeed
    void a_poll_that_fails_keeps_the_place_and_the_next_one_finds_everything(FeedContract feed) {
        List<UnaryOperator<Fault>> troubles = List.of(
                f -> f.status(500),
                f -> f.status(429),
                f -> f.status(401),
                f -> f.status(404),
                f -> f.status(302).header("Location", "/"),
                Fault::html,
                Fault::resetBeforeCommit,
                Fault::resetAfterCommit,
                f -> f.truncate(40),
                f -> f.body("[{", "application/json"));
        write(feed, "r", 3);
        startPolling(feed);
        for (int i = 0; i < troubles.size(); i++) {
            clock.advance(Duration.ofMinutes(1));
            write(feed, "new" + i + "-", 2);
            FeedState before = state();
            long head = store.log().head();
            troubles.get(i).apply(standIn.on(feed.path()).times(1)).arm();

            assertThat(catchThrowableOfType(CrmException.class, poller::poll))
                    .as("trouble %d", i)
                    .isNotNull();

            assertThat(state()).isEqualTo(before);
            assertThat(store.log().head()).isEqualTo(head);
            assertThat(pollForIds()).as("after trouble %d", i).containsExactly("new" + i + "-0", "new" + i + "-1");
        }
        assertThat(store.sources().gaps(true)).isEmpty();
    }

    /** What the CRM's time bounds is proven up to the lateness before it, what is sorted up to its newest stamp. */
    private void assertProven(FeedContract feed, Instant newest) {
        if (feed.style() == Style.WINDOW) {
            assertThat(state().proven().orElseThrow()).isBefore(clock.instant().minus(LATENESS));
        } else {
            assertThat(state().proven()).contains(newest);
        }
    }

    /** Changes so many records one after the other; the last is stamped now. Returns their stamps. */
    private List<Instant> write(FeedContract feed, String name, int count) {
        List<Instant> stamps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clock.advance(Duration.ofMillis(1));
            standIn.put(feed, name + i, clock.instant());
            stamps.add(clock.instant());
        }
        return stamps;
    }

    private FeedPoller.Report startPolling(FeedContract feed) {
        long source = store.sources().source("default", crm.connection().type()).id();
        FeedState fresh = store.sources().lease(source, feed.name());
        poller = new FeedPoller(store, crm, feed, fresh, LATENESS, Set.of(), clock);
        return poller.poll();
    }

    private FeedState state() {
        return poller.state();
    }

    private List<String> pollForIds() {
        long head = store.log().head();
        poller.poll();
        return changesAfter(head).stream().map(Change::recordId).toList();
    }

    private List<Change> changes() {
        return changesAfter(0);
    }

    private List<Change> changesAfter(long seq) {
        return store.log().read(state().id(), 0, seq, 10_000);
    }
}
