package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crmbridge.crm.Quota.Lane;
import io.crmbridge.state.Quotas;
import io.crmbridge.state.Quotas.Usage;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A quota's record on a real store: what a restart knows, after a kill and after a clean stop. */
@Timeout(30)
class QuotaRecordTest {
    private static final QuotaLimits USUAL = QuotaLimits.parse("30/10s,100/1m,100000/1d");

    @TempDir
    private Path folder;

    private final DrivenClock clock = new DrivenClock();
    /** What was to be run in about a second. */
    private final Deque<Runnable> later = new ArrayDeque<>();

    private Store store;
    private Disk disk;
    private long source;

    @BeforeEach
    void open() {
        store = Store.open(folder, clock);
        disk = new Disk(store.quotas());
        source = store.sources().source("default", "intellivizz").id();
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** The store's quotas on a disk that can get stuck or fail, and that is waited for otherwise. */
    private static final class Disk implements Quotas {
        private final Quotas quotas;
        private boolean stuck;
        private boolean full;
        private int saves;

        Disk(Quotas quotas) {
            this.quotas = quotas;
        }

        @Override
        public Optional<Usage> load(long sourceId) {
            return quotas.load(sourceId);
        }

        @Override
        public CompletionStage<Void> save(long sourceId, Usage usage, Instant minutesFrom) {
            saves++;
            if (stuck) {
                return new CompletableFuture<>();
            }
            if (full) {
                return CompletableFuture.failedFuture(
                        new StoreException(StoreException.Kind.UNAVAILABLE, "the disk is full: make room"));
            }
            quotas.save(sourceId, usage, minutesFrom).toCompletableFuture().join();
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> forget(long sourceId) {
            return quotas.forget(sourceId);
        }

        @Override
        public Map<Long, Usage> all() {
            return quotas.all();
        }
    }

    private SlidingQuota quota(QuotaLimits limits) {
        // What was planned by one before is what a kill prevents.
        later.clear();
        return SlidingQuota.open(limits, "Intellivizz", disk, source, later::add, clock, (turn, time) -> {
            if (later.isEmpty()) {
                clock.advance(time);
            } else {
                clock.advance(Duration.ofMillis(1));
                second();
            }
        });
    }

    private void second() {
        for (int i = later.size(); i > 0; i--) {
            later.poll().run();
        }
    }

    private static void take(Quota quota, int calls) {
        for (int i = 0; i < calls; i++) {
            quota.take(Lane.POLL).close();
        }
    }

    private Duration untilTaken(Quota quota) {
        Duration before = clock.passed();
        quota.take(Lane.POLL).close();
        return clock.passed().minus(before);
    }

    private QuotaStanding standing() {
        return QuotaStanding.of(store.quotas().load(source).orElseThrow(), clock.instant());
    }

    private static CrmException refusal(Quota quota) {
        return catchThrowableOfType(CrmException.class, () -> quota.take(Lane.POLL));
    }

    @Test
    void after_a_clean_stop_nothing_is_assumed_and_nothing_is_forgotten() {
        SlidingQuota first = quota(USUAL);
        take(first, 20);
        first.close();
        clock.advance(Duration.ofSeconds(2));

        SlidingQuota second = quota(USUAL);
        take(second, 10);
        assertThat(clock.passed()).isEqualTo(Duration.ofSeconds(2));
        assertThat(untilTaken(second)).isEqualTo(Duration.ofMillis(8_200));
    }

    @Test
    void after_a_kill_as_many_calls_as_may_be_missing_count_as_made_at_the_restart() {
        take(quota(USUAL), 20);
        clock.advance(Duration.ofMinutes(30));

        SlidingQuota second = quota(USUAL);
        assertThat(untilTaken(second)).isEqualTo(Duration.ofMillis(10_200));
    }

    @Test
    void what_was_under_way_at_a_kill_counts_as_answered_at_the_restart() {
        SlidingQuota first = quota(QuotaLimits.parse("1000/1m,2000/1d"));
        for (int i = 0; i < 900; i++) {
            first.take(Lane.POLL);
        }
        second();
        clock.advance(Duration.ofMinutes(4));

        SlidingQuota second = quota(QuotaLimits.parse("1000/1m,2000/1d"));
        assertThat(untilTaken(second)).isEqualTo(Duration.ofMillis(61_200));
        second.close();
        assertThat(store.quotas().load(source).orElseThrow().minutes())
                .containsAllEntriesOf(Map.of(
                        DrivenClock.BEGIN,
                        0,
                        DrivenClock.BEGIN.plus(Duration.ofMinutes(4)),
                        900 + QuotaRecord.MOST_UNSAVED));
    }

    @Test
    void a_minute_is_put_right_on_record_when_a_call_of_it_is_answered_in_another() {
        SlidingQuota quota = quota(USUAL);
        Quota.Permit permit = quota.take(Lane.POLL);
        second();
        clock.advance(Duration.ofMinutes(2));
        permit.close();
        second();

        assertThat(store.quotas().load(source).orElseThrow().minutes())
                .isEqualTo(Map.of(DrivenClock.BEGIN, 0, DrivenClock.BEGIN.plus(Duration.ofMinutes(2)), 1));
        assertThat(store.quotas().load(source).orElseThrow().recent()).containsExactly(clock.instant());
    }

    @Test
    void a_bridge_killed_before_its_first_save_is_told_from_one_that_never_ran() {
        assertThat(untilTaken(quota(USUAL))).isZero();
        assertThat(untilTaken(quota(USUAL))).isEqualTo(Duration.ofMillis(10_200));
    }

    @Test
    void what_may_be_missing_is_what_the_windows_allow_while_a_save_is_late() {
        assertThat(QuotaRecord.mayBeMissing(USUAL)).isEqualTo(30);
        assertThat(QuotaRecord.mayBeMissing(QuotaLimits.parse("3/2s"))).isEqualTo(9);
        assertThat(QuotaRecord.mayBeMissing(QuotaLimits.parse("100000/1d"))).isEqualTo(QuotaRecord.MOST_UNSAVED);
        assertThat(QuotaRecord.mayBeMissing(QuotaLimits.parse("50/1d"))).isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void over_kills_at_any_moment_no_window_ever_holds_more_than_its_limit(long seed) {
        Random random = new Random(seed);
        QuotaLimits limits = QuotaLimits.parse("30/10s,100/1m,%d/1h".formatted(800 + random.nextInt(5000)));
        ServerSide server = new ServerSide();
        SlidingQuota quota = quota(limits);
        for (int i = 0; i < 1_500; i++) {
            try {
                quota.take(Lane.POLL).close();
                server.arrived(SentCalls.micros(clock.instant()));
            } catch (CrmException e) {
                clock.advance(e.retryAfter().orElseThrow());
            }
            switch (random.nextInt(100)) {
                case 0 -> quota = quota(limits);
                case 1 -> {
                    quota.close();
                    quota = quota(limits);
                }
                case 2, 3, 4, 5, 6 -> second();
                default -> clock.advance(Duration.ofMillis(random.nextInt(400)));
            }
        }
        assertThat(server.count()).isGreaterThan(1_000);
        server.check(limits);
    }

    @Test
    void a_spent_day_is_still_spent_after_a_kill() {
        QuotaLimits limits = QuotaLimits.parse("1000/1d");
        SlidingQuota first = quota(limits);
        take(first, 1000);
        second();
        clock.advance(Duration.ofHours(20));

        assertThat(refusal(quota(limits))).hasMessageContaining("the daily quota of 1,000 calls is spent");
    }

    @Test
    void minutes_are_forgotten_when_they_no_longer_count() {
        SlidingQuota quota = quota(USUAL);
        take(quota, 1);
        second();
        clock.advance(Duration.ofHours(26));
        take(quota, 1);
        second();

        assertThat(store.quotas().load(source).orElseThrow().minutes()).hasSize(1);
        assertThat(standing().windows().get(2)).isEqualTo(new QuotaStanding.Left("100000/1d", 100_000, 99_999));
    }

    @Test
    void a_pause_and_a_slowdown_outlive_the_process() {
        SlidingQuota first = quota(USUAL);
        first.exceeded(Optional.of(Duration.ofSeconds(50)));
        first.close();
        clock.advance(Duration.ofSeconds(10));

        assertThat(untilTaken(quota(USUAL))).isEqualTo(Duration.ofSeconds(40));
        assertThat(standing().slowed())
                .contains(new QuotaStanding.Slowing(80, DrivenClock.BEGIN, DrivenClock.BEGIN.plusSeconds(50)));
    }

    @Test
    void saves_are_rare_however_many_calls_there_are() {
        SlidingQuota quota = quota(QuotaLimits.parse("1000/1m"));
        int before = disk.saves;
        take(quota, 49);
        assertThat(disk.saves).isEqualTo(before);
        assertThat(later).hasSize(1);
        second();
        assertThat(disk.saves).isEqualTo(before + 1);
        assertThat(later).isEmpty();
    }

    @Test
    void no_call_goes_unrecorded_where_the_disk_is_stuck() {
        SlidingQuota quota = quota(USUAL);
        disk.stuck = true;
        take(quota, 1);
        second();
        clock.advance(QuotaRecord.LATE);
        take(quota, 1);
        clock.advance(Duration.ofMillis(1));

        CrmException e = refusal(quota);

        assertThat(clock.passed()).isEqualTo(QuotaRecord.LATE.plusMillis(1).plusMinutes(1));
        assertThat(e.verdict()).isEqualTo(Verdict.WAIT);
        assertThat(e)
                .hasMessage(
                        "Intellivizz is not called while it cannot be recorded: the store has not answered for a minute;"
                                + " see whether its disk is stuck");
    }

    @Test
    void no_more_calls_than_are_assumed_after_a_kill_go_unrecorded() {
        SlidingQuota quota = quota(QuotaLimits.parse("1000/1m"));
        disk.stuck = true;
        take(quota, QuotaRecord.MOST_UNSAVED);

        assertThat(refusal(quota)).hasMessageContaining("cannot be recorded");
    }

    @Test
    void a_full_disk_is_told_and_calls_go_on_when_it_has_room_again() {
        SlidingQuota quota = quota(USUAL);
        disk.full = true;
        take(quota, 1);
        second();
        clock.advance(Duration.ofSeconds(6));
        assertThat(refusal(quota)).hasMessageContaining("the disk is full: make room");
        disk.full = false;
        second();

        assertThat(untilTaken(quota)).isZero();
        second();
        assertThat(store.quotas().load(source).orElseThrow().minutes().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(2);
    }

    @Test
    void a_clock_that_was_set_back_over_a_restart_forgets_nothing() {
        SlidingQuota first = quota(USUAL);
        take(first, 30);
        first.close();
        clock.advance(Duration.ofDays(-1));

        assertThat(untilTaken(quota(USUAL))).isEqualTo(Duration.ofMillis(10_200));
    }

    @Test
    void the_standing_tells_what_is_left_of_each_window() {
        SlidingQuota quota = quota(USUAL);
        take(quota, 30);
        clock.advance(Duration.ofSeconds(11));
        take(quota, 5);
        quota.close();

        assertThat(standing().windows())
                .containsExactly(
                        new QuotaStanding.Left("30/10s", 30, 25),
                        new QuotaStanding.Left("100/1m", 100, 65),
                        new QuotaStanding.Left("100000/1d", 100_000, 99_965));
        assertThat(standing().spent()).isEmpty();
        assertThat(standing().slowed()).isEmpty();
    }

    @Test
    void the_standing_tells_of_a_spent_day_until_an_hour_after_it_last_had_no_room() {
        SlidingQuota quota = quota(QuotaLimits.parse("100/1d"));
        take(quota, 100);
        CrmException e = refusal(quota);
        second();
        Instant resumes = clock.instant().plus(e.retryAfter().orElseThrow());

        assertThat(standing().spent().orElseThrow())
                .hasToString("daily quota spent, resumes at " + resumes + "; their support can raise it");
        clock.advance(Duration.between(clock.instant(), resumes).minusMillis(1));
        assertThat(refusal(quota)).isNotNull();
        second();
        clock.advance(Duration.ofMinutes(59));
        assertThat(standing().spent().orElseThrow())
                .hasToString("daily quota spent again and again; their support can raise it");
        clock.advance(Duration.ofMinutes(2));
        assertThat(standing().spent()).isEmpty();
    }
}
