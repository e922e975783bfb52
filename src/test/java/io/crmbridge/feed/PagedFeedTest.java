package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract.Style;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Stretch;
import io.crmbridge.feed.PagedCrm.Fault;
import io.crmbridge.state.Change;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Feeds that are read in parts, oldest first or between two times. */
@Timeout(60)
class PagedFeedTest {
    private static final Duration LATENESS = Duration.ofMinutes(5);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock("2026-05-01T12:00:00.250Z");
    private PagedCrm crm;
    private Store store;
    private FeedPoller poller;

    private void start(Style style, int cap) {
        crm = new PagedCrm(clock, style, cap);
        store = Store.open(folder, clock);
        restart();
    }

    /** A new process, which knows what is in the store. */
    private void restart() {
        long source = store.sources().source("default", "fake").id();
        poller = new FeedPoller(
                store, crm, crm.deals(), store.sources().lease(source, "deals"), LATENESS, Set.of(), clock);
    }

    @AfterEach
    void stop() {
        store.close();
    }

    // --- history ---

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void what_was_there_before_is_read_whole_and_is_no_news(Style style) {
        start(style, 20);
        write("r", 3_000, Duration.ofHours(2));

        int polls = pollToTheEnd();

        assertThat(changes()).hasSize(3_000).allMatch(Change::baseline);
        assertThat(state().historyComplete()).isTrue();
        assertThat(state().historyFrom()).isEmpty();
        assertThat(crm.lanes).containsOnly(Quota.Lane.BACK_FILL);
        assertThat(polls).as("polls, so that others have their turn").isGreaterThan(5);
        assertThat(store.sources().gaps(true)).isEmpty();

        crm.lanes.clear();
        clock.advance(MINUTE);
        crm.write("new", clock.instant());
        assertThat(newsOfAPoll()).containsExactly("new");
        assertThat(changes().get(3_000).baseline()).isFalse();
        assertThat(crm.lanes).containsOnly(Quota.Lane.POLL);
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void a_poll_reads_no_more_than_a_few_pages_and_says_that_history_is_not_complete(Style style) {
        start(style, 20);
        write("r", 3_000, Duration.ofHours(2));

        while (true) {
            int before = crm.calls;
            poller.poll();
            assertThat(crm.calls - before).isBetween(1, 60);
            assertThat(state().historyComplete()).isEqualTo(!poller.hasMore());
            if (!poller.hasMore()) {
                break;
            }
            assertThat(state().historyFrom()).contains(state().startedAt());
        }
        assertThat(changes()).hasSize(3_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void an_empty_list_is_done_with_its_history_at_once_also_without_a_date(Style style) {
        start(style, 20);
        crm.faults.add(Fault.NO_DATE);

        poller.poll();

        assertThat(crm.calls).isEqualTo(1);
        assertThat(state().historyComplete()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void what_one_call_shows_was_there_before_also_what_changed_within_the_second(Style style) {
        start(style, 20);
        crm.write("just", clock.instant());

        poller.poll();

        assertThat(changes()).singleElement().matches(Change::baseline);
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void what_changes_while_history_is_read_is_news(Style style) {
        start(style, 20);
        write("r", 100, Duration.ofHours(2));
        crm.afterPage = () -> {
            clock.advance(Duration.ofSeconds(2));
            if (crm.calls == 3) {
                crm.write("r50", clock.instant());
                crm.write("new", clock.instant());
            }
        };

        pollToTheEnd();
        clock.advance(MINUTE);
        pollToTheEnd();

        assertThat(changes())
                .filteredOn(change -> !change.baseline())
                .extracting(Change::recordId)
                .containsExactlyInAnyOrder("r50", "new");
    }

    // --- calls ---

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void an_idle_feed_costs_one_call_and_no_commit(Style style) {
        start(style, 20);
        write("r", 15, Duration.ofHours(2));
        pollToTheEnd();
        clock.advance(Duration.ofMinutes(11));
        poller.poll();
        FeedState before = state();

        for (int i = 0; i < 5; i++) {
            clock.advance(MINUTE);
            crm.calls = 0;
            assertThat(newsOfAPoll()).isEmpty();
            assertThat(crm.calls).isEqualTo(1);
        }
        assertThat(state().proven()).isEqualTo(before.proven());
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void a_list_that_never_ends_is_given_up_with_a_sentence_and_its_rows_are_known(Style style) {
        start(style, 20);
        write("r", 70, Duration.ofHours(2));
        crm.faults.add(Fault.NEVER_ENDS);

        assertThatThrownBy(this::pollToTheEnd)
                .isInstanceOf(CrmException.class)
                .hasMessageContaining("/deals")
                .hasMessageContaining("does not go on");

        assertThat(crm.calls).isLessThan(20);
        assertThat(state().historyComplete()).isFalse();
        crm.faults.clear();
        pollToTheEnd();
        assertThat(changes()).hasSize(70);
        assertThat(state().historyComplete()).isTrue();
    }

    // --- what a server may do ---

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void more_rows_of_one_stamp_than_a_page_holds_are_all_read(Style style) {
        start(style, 20);
        for (int i = 0; i < 500; i++) {
            crm.write("r" + i, clock.instant().minus(Duration.ofHours(1)));
        }

        pollToTheEnd();

        assertThat(changes()).hasSize(500);
        assertThat(state().historyComplete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void a_list_newest_first_moves_the_proven_point_nowhere_wherever_it_fails(int calls) {
        start(Style.KEYSET, 20);
        write("old", 60, Duration.ofHours(3));
        for (int i = 0; i < 20; i++) {
            crm.write("newest" + i, clock.instant());
        }
        crm.faults.add(Fault.IGNORES_SORT);
        crm.failsAfter = calls;

        assertThatThrownBy(this::pollToTheEnd).isInstanceOf(CrmException.class);
        assertThat(state().proven().orElse(Stretch.BEGINNING)).isEqualTo(Stretch.BEGINNING);

        pollToTheEnd();
        assertThat(changes()).hasSize(80);
        assertThat(state().proven()).contains(Stretch.BEGINNING);
        assertThat(state().historyComplete()).isFalse();
        assertThat(state().error().orElseThrow())
                .contains("not sorted by updatedAt")
                .contains("catalogue");
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void a_server_that_does_not_heed_since_brings_nothing_twice_and_it_is_said(Style style) {
        start(style, 20);
        write("r", 50, Duration.ofHours(3));
        pollToTheEnd();
        crm.faults.add(Fault.IGNORES_SINCE);
        clock.advance(MINUTE);
        crm.write("new", clock.instant());

        assertThat(newsOfAPoll()).containsExactly("new");
        assertThat(state().error().orElseThrow()).contains("the list shows what");
        assertThat(newsOfAPoll()).isEmpty();
        assertThat(state().historyComplete()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void a_row_from_the_future_is_known_and_moves_nothing(Style style) {
        start(style, 20);
        crm.write("future", clock.instant().plus(Duration.ofHours(20)));

        poller.poll();
        clock.advance(MINUTE);
        crm.write("now", clock.instant());
        assertThat(newsOfAPoll()).containsExactly("now");

        assertThat(state().proven().orElseThrow()).isBeforeOrEqualTo(clock.instant());
        clock.advance(MINUTE);
        crm.write("later", clock.instant());
        assertThat(newsOfAPoll()).containsExactly("later");
    }

    // --- a reading that takes long ---

    /** What commits late below the place where the reading is would be passed by the stamps of later pages. */
    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void a_late_commit_below_a_long_reading_is_found(Style style) {
        start(style, 20);
        write("r", 50, Duration.ofMinutes(2));
        crm.afterPage = () -> {
            if (crm.calls == 2) {
                Instant late = clock.instant().minus(Duration.ofMinutes(4));
                clock.advance(Duration.ofSeconds(30));
                crm.write("late", late);
                clock.advance(Duration.ofMinutes(20));
                for (int i = 0; i < 15; i++) {
                    crm.write("busy" + i, clock.instant());
                }
            }
        };

        pollToTheEnd();
        clock.advance(MINUTE);
        pollToTheEnd();

        assertThat(changes()).extracting(Change::recordId).contains("late").doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(
            value = Style.class,
            names = {"KEYSET", "WINDOW"})
    void a_reading_that_fails_goes_on_from_what_is_proven(Style style) {
        start(style, 20);
        write("r", 2_000, Duration.ofDays(300));
        poller.poll();
        Instant proven = state().proven().orElseThrow();
        crm.failsAfter = 7;

        assertThatThrownBy(this::pollToTheEnd).isInstanceOf(CrmException.class);
        assertThat(state().proven().orElseThrow()).isAfterOrEqualTo(proven);
        restart();
        pollToTheEnd();

        assertThat(changes()).hasSize(2_000).allMatch(Change::baseline);
        assertThat(changes()).extracting(Change::recordId).doesNotHaveDuplicates();
        assertThat(state().historyComplete()).isTrue();
    }

    // --- any history ---

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void no_history_loses_a_version_or_repeats_one(long seed) {
        Random random = new Random(seed);
        start(seed % 2 == 0 ? Style.KEYSET : Style.WINDOW, 20);
        if (random.nextInt(3) == 0) {
            crm.faults.add(Fault.SINCE_IS_EXCLUSIVE);
        }
        if (random.nextInt(6) == 0) {
            crm.faults.add(Fault.NO_DATE);
        }
        write("r", random.nextInt(400), Duration.ofHours(1 + random.nextInt(2_000)));
        crm.cap = 20 - random.nextInt(2) * 12;
        for (int step = 0; step < 40; step++) {
            int changes = random.nextInt(4) == 0 ? random.nextInt(70) : random.nextInt(4);
            for (int i = 0; i < changes; i++) {
                change(random);
            }
            clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(5) == 0 ? 900_000 : 40_000)));
            crm.afterPage = () -> {
                clock.advance(Duration.ofMillis(random.nextInt(random.nextInt(15) == 0 ? 200_000 : 500)));
                if (random.nextInt(4) == 0) {
                    change(random);
                }
            };
            crm.failsAfter = random.nextInt(5) == 0 ? random.nextInt(12) : -1;
            try {
                poller.poll();
            } catch (CrmException e) {
                assertThat(e).hasMessageContaining("500");
            }
            assertNothingUnreadIsProven(seed, step);
            if (random.nextInt(8) == 0) {
                restart();
            }
        }
        crm.afterPage = () -> {};
        crm.failsAfter = -1;
        pollToTheEnd();
        pollToTheEnd();

        Set<Long> known = numbers();
        assertThat(crm.live())
                .filteredOn(PagedCrm.Version::whole)
                .allSatisfy(version ->
                        assertThat(known).as("seed %d: %s", seed, version).contains(version.number()));
        assertThat(state().historyComplete()).isTrue();
        assertThat(changes())
                .filteredOn(Change::baseline)
                .allSatisfy(change -> assertThat(Instant.parse(change.version()))
                        .isBefore(state().startedAt().plusSeconds(1)));
        assertThat(store.sources().gaps(true)).isEmpty();
    }

    private void change(Random random) {
        String id = "r" + random.nextInt(450);
        switch (random.nextInt(12)) {
            case 0 -> crm.remove(id);
            case 1, 2 -> crm.write(id, clock.instant().minusMillis(random.nextInt(290_000)));
            case 3 -> crm.write("broken" + random.nextInt(5), clock.instant(), false);
            default -> crm.write(id, clock.instant());
        }
    }

    private void assertNothingUnreadIsProven(long seed, int step) {
        Instant settled = state().proven().orElse(Stretch.BEGINNING).minus(LATENESS);
        Set<Long> known = numbers();
        assertThat(crm.live())
                .filteredOn(version -> version.whole() && !version.stamp().isAfter(settled))
                .allSatisfy(version -> assertThat(known)
                        .as("seed %d, step %d, proven %s: %s", seed, step, settled, version)
                        .contains(version.number()));
    }

    /** Each number may be in the log once. */
    private Set<Long> numbers() {
        Set<Long> numbers = new HashSet<>();
        for (Change change : changes()) {
            assertThat(numbers.add(FakeCrm.number(change.body())))
                    .as("%s twice", change.recordId())
                    .isTrue();
        }
        return numbers;
    }

    /** So many records, changed at even distances up to now. */
    private void write(String name, int count, Duration span) {
        for (int i = 0; i < count; i++) {
            Duration ago = span.multipliedBy(count - i).dividedBy(count);
            crm.write(name + i, clock.instant().minus(ago));
        }
    }

    private int pollToTheEnd() {
        int polls = 0;
        do {
            poller.poll();
            polls++;
        } while (poller.hasMore());
        return polls;
    }

    private List<String> newsOfAPoll() {
        long head = store.log().head();
        pollToTheEnd();
        return store.log().read(state().id(), 0, head, 10_000).stream()
                .map(Change::recordId)
                .toList();
    }

    private List<Change> changes() {
        return store.log().read(state().id(), 0, 0, 100_000);
    }

    private FeedState state() {
        return poller.state();
    }
}
