package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.crmbridge.crm.Quota.Lane;
import io.crmbridge.crm.Quota.Permit;
import io.crmbridge.crm.QuotaLimits.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SlidingQuotaTest {
    private static final String USUAL = "30/10s,100/1m,100000/1d";

    private final DrivenClock clock = new DrivenClock();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private SlidingQuota quota(String limits) {
        return SlidingQuota.of(QuotaLimits.parse(limits), "Intellivizz", clock, clock);
    }

    private static CrmException refusal(Quota quota, Lane lane) {
        return catchThrowableOfType(CrmException.class, () -> quota.take(lane));
    }

    /** Takes one, however long that takes. */
    private Permit takeAtLast(Quota quota, Lane lane) {
        while (true) {
            try {
                return quota.take(lane);
            } catch (CrmException e) {
                pass(e.retryAfter().orElse(Duration.ofMinutes(1)));
            }
        }
    }

    /** A call under way. */
    private record Travelling(Instant answered, Permit permit) {}

    private final PriorityQueue<Travelling> travelling =
            new PriorityQueue<>(Comparator.comparing(Travelling::answered));

    private void travel(Permit permit, Duration time) {
        travelling.add(new Travelling(clock.instant().plus(time), permit));
    }

    /** What is answered meanwhile, is answered in its moment. */
    private void pass(Duration time) {
        Instant until = clock.instant().plus(time);
        while (!travelling.isEmpty() && !travelling.peek().answered().isAfter(until)) {
            clock.advance(Duration.between(clock.instant(), travelling.peek().answered()));
            travelling.poll().permit().close();
        }
        clock.advance(Duration.between(clock.instant(), until));
    }

    /** Whose waits end when the next call is answered, or in their time. */
    private SlidingQuota travelled(QuotaLimits limits) {
        return SlidingQuota.of(limits, "Intellivizz", clock, (turn, time) -> {
            Duration next = travelling.isEmpty()
                    ? time
                    : Duration.between(clock.instant(), travelling.peek().answered());
            pass(next.compareTo(time) < 0 ? next : time);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void no_window_ever_holds_more_than_its_limit_however_calls_come_and_travel(long seed) {
        Random random = new Random(seed);
        Duration shortest = Duration.ofMillis(200 + random.nextInt(20_000));
        QuotaLimits limits = QuotaLimits.parse("%d/%dms,%d/%dm,%d/%dh"
                .formatted(
                        1 + random.nextInt(40),
                        shortest.toMillis(),
                        1 + random.nextInt(200),
                        1 + random.nextInt(5),
                        1 + random.nextInt(2000),
                        1 + random.nextInt(30)));
        Quota quota = travelled(limits);
        ServerSide server = new ServerSide();
        int longest = 1 + random.nextInt(random.nextBoolean() ? 1_000 : 200_000);

        for (int i = 0; i < 8_000; i++) {
            Permit permit = takeAtLast(quota, Lane.values()[random.nextInt(2)]);
            Duration way = Duration.ofMillis(random.nextInt(longest));
            travel(permit, way);
            // At once, with the answer, or between.
            long arrives = switch (random.nextInt(3)) {
                case 0 -> 0;
                case 1 -> SentCalls.micros(way);
                default -> random.nextLong(SentCalls.micros(way) + 1);
            };
            server.arrived(SentCalls.micros(clock.instant()) + arrives);
            if (random.nextInt(50) == 0) {
                pass(Duration.ofMillis(random.nextInt(100_000)));
            } else if (random.nextInt(3) == 0) {
                pass(Duration.ofMillis(random.nextInt(500)));
            }
        }

        assertThat(server.count()).isEqualTo(8_000);
        server.check(limits);
    }

    @Test
    void of_the_tightest_window_97_percent_are_used_where_each_call_takes_200_ms() {
        Quota quota = travelled(QuotaLimits.parse(USUAL));
        int calls = 0;
        while (clock.passed().compareTo(Duration.ofHours(10)) < 0) {
            travel(quota.take(Lane.POLL), Duration.ofMillis(200));
            calls++;
        }
        assertThat(calls).isGreaterThan(600 * 97);
    }

    @Test
    void a_call_counts_while_it_is_under_way_and_a_window_after_its_answer() {
        Quota quota = travelled(QuotaLimits.parse("2/10s"));
        travel(quota.take(Lane.POLL), Duration.ofSeconds(30));
        travel(quota.take(Lane.POLL), Duration.ofSeconds(50));
        quota.take(Lane.POLL);
        assertThat(clock.passed()).isEqualTo(Duration.ofMillis(40_200));
        quota.take(Lane.POLL);
        assertThat(clock.passed()).isEqualTo(Duration.ofMillis(60_200));
    }

    @Test
    void who_waits_for_an_answer_is_woken_by_it() {
        SlidingQuota quota = SlidingQuota.of(QuotaLimits.parse("1/1ms"), "Intellivizz", clock, SlidingQuota.Pause.REAL);
        Permit first = quota.take(Lane.POLL);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> quota.take(Lane.POLL), threads);
        await().until(() -> quota.waiting() == 1);
        first.close();
        clock.advance(Duration.ofMillis(2));
        second.join();
    }

    @Test
    void a_permit_that_nobody_closes_gives_its_place_back_when_no_call_can_last_as_long() {
        Quota quota = quota("1/10s");
        Permit forgotten = quota.take(Lane.POLL);
        quota.take(Lane.POLL).close();
        assertThat(clock.passed()).isEqualTo(SentCalls.LONGEST_CALL.plusMillis(10_200));
        forgotten.close();
        quota.take(Lane.POLL);
        assertThat(clock.passed()).isEqualTo(SentCalls.LONGEST_CALL.plusMillis(20_400));
    }

    @Test
    void a_permit_closed_twice_counts_once() {
        Quota quota = quota("2/10s,100/1d");
        Permit permit = quota.take(Lane.POLL);
        permit.close();
        permit.close();
        quota.take(Lane.POLL);
        assertThat(clock.passed()).isZero();
    }

    @Test
    void in_a_day_a_call_counts_in_the_minute_of_its_answer() {
        Quota quota = quota("1/1d");
        Permit permit = quota.take(Lane.POLL);
        clock.advance(Duration.ofMinutes(4));
        permit.close();
        assertThat(refusal(quota, Lane.POLL)).hasMessageContaining("calls resume at 2026-03-02T10:33:48Z");
    }

    @Test
    void nine_tenths_of_the_day_are_used_and_never_more_than_all_of_it() {
        QuotaLimits limits = QuotaLimits.parse(USUAL);
        Quota quota = quota(USUAL);
        ServerSide server = new ServerSide();
        while (clock.passed().compareTo(Duration.ofDays(5)) < 0) {
            takeAtLast(quota, Lane.POLL).close();
            server.arrived(SentCalls.micros(clock.instant()));
        }

        assertThat(server.count()).isGreaterThan(450_000);
        server.check(limits);
    }

    @Test
    void what_the_limits_allow_is_let_through_at_once() {
        Quota quota = quota(USUAL);
        for (int i = 0; i < 30; i++) {
            quota.take(Lane.POLL).close();
        }
        assertThat(clock.passed()).isZero();
        quota.take(Lane.POLL).close();
        assertThat(clock.passed()).isEqualTo(Duration.ofMillis(10_200));
    }

    @Test
    void a_spent_day_is_not_waited_for_but_told_with_the_time_it_takes() {
        Quota quota = quota("1000/1d");
        for (int i = 0; i < 1000; i++) {
            quota.take(Lane.WRITE).close();
        }
        clock.advance(Duration.ofHours(3));

        CrmException e = refusal(quota, Lane.WRITE);

        assertThat(e.verdict()).isEqualTo(Verdict.WAIT);
        // The first minute counts to its end, and a day and a fiftieth more.
        Instant resumes = DrivenClock.BEGIN.plus(Duration.ofDays(1).plus(Duration.ofSeconds(60 + 28 * 60 + 48)));
        assertThat(e)
                .hasMessage("the daily quota of 1,000 calls is spent; calls resume at " + resumes
                        + "; Intellivizz's support can raise the limit");
        assertThat(e.retryAfter()).contains(Duration.between(clock.instant(), resumes));
        clock.advance(e.retryAfter().orElseThrow().minusMillis(1));
        assertThat(refusal(quota, Lane.WRITE)).isNotNull();
        clock.advance(Duration.ofMillis(1));
        quota.take(Lane.WRITE).close();
    }

    @Test
    void back_fill_leaves_a_tenth_of_the_day_to_polls_and_writes() {
        Quota quota = quota("1000/1d");
        for (int i = 0; i < 900; i++) {
            quota.take(Lane.BACK_FILL).close();
        }

        CrmException e = refusal(quota, Lane.BACK_FILL);
        assertThat(e)
                .hasMessageStartingWith("nine tenths of the daily quota of 1,000 calls are spent")
                .hasMessageContaining("resumes at 2026-03-02T10:29:48Z");
        // With a time every feed of the connection would wait.
        assertThat(e.retryAfter()).isEmpty();
        for (int i = 0; i < 100; i++) {
            quota.take(i % 2 == 0 ? Lane.POLL : Lane.WRITE).close();
        }
        assertThat(refusal(quota, Lane.POLL)).hasMessageStartingWith("the daily quota of 1,000 calls is spent");
    }

    @Test
    void nobody_calls_before_retry_after_is_over() {
        Quota quota = quota(USUAL);
        quota.exceeded(Optional.of(Duration.ofSeconds(42)));
        quota.take(Lane.WRITE).close();

        assertThat(clock.passed()).isEqualTo(Duration.ofSeconds(42));
    }

    @Test
    void a_long_retry_after_is_obeyed_and_told() {
        Quota quota = quota(USUAL);
        quota.exceeded(Optional.of(Duration.ofHours(5)));

        CrmException e = refusal(quota, Lane.WRITE);
        assertThat(e).hasMessage("Intellivizz asked to be left alone; calls resume at 2026-03-01T15:00:00Z");
        assertThat(e.verdict()).isEqualTo(Verdict.WAIT);
        assertThat(e.retryAfter()).contains(Duration.ofHours(5));
        clock.advance(Duration.ofHours(5).minusSeconds(60));
        quota.take(Lane.WRITE).close();
        assertThat(clock.passed()).isEqualTo(Duration.ofHours(5));
    }

    @Test
    void a_shorter_retry_after_does_not_end_a_longer_one() {
        Quota quota = quota(USUAL);
        quota.exceeded(Optional.of(Duration.ofSeconds(50)));
        quota.exceeded(Optional.of(Duration.ofSeconds(5)));
        quota.exceeded(Optional.empty());
        quota.take(Lane.WRITE).close();

        assertThat(clock.passed()).isEqualTo(Duration.ofSeconds(50));
    }

    @Test
    void without_retry_after_the_pause_begins_with_ten_seconds_and_grows() {
        Quota quota = quota(USUAL);
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            quota.exceeded(i == 3 ? Optional.of(Duration.ZERO) : Optional.empty());
            Duration before = clock.passed();
            takeAtLast(quota, Lane.WRITE).close();
            pauses.add(clock.passed().minus(before).toSeconds());
        }
        assertThat(pauses).containsExactly(10L, 20L, 40L, 80L, 160L, 320L, 600L, 600L, 600L);
    }

    private int atOnce(Quota quota) {
        int calls = 0;
        for (Duration before = clock.passed(); clock.passed().equals(before); calls++) {
            quota.take(Lane.POLL).close();
        }
        return calls - 1;
    }

    @Test
    void after_too_many_calls_four_fifths_are_used_until_quiet_minutes_give_them_back() {
        Quota quota = quota("100/1m,100000/1d");
        quota.exceeded(Optional.of(Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(atOnce(quota)).isEqualTo(80);

        // Quiet since a second after the beginning: the fifth minute gives the first twentieth back.
        clock.advance(Duration.ofSeconds(1 + 5 * 60).minus(clock.passed()));
        assertThat(atOnce(quota)).isEqualTo(85);
        clock.advance(Duration.ofSeconds(10 + 7 * 60).minus(clock.passed()));
        assertThat(atOnce(quota)).isEqualTo(95);
        clock.advance(Duration.ofMinutes(20));
        assertThat(atOnce(quota)).isEqualTo(100);
    }

    @Test
    void calls_refused_together_slow_down_once_and_again_and_again_to_a_floor() {
        Quota quota = quota("100/1m");
        for (int i = 0; i < 16; i++) {
            quota.exceeded(Optional.of(Duration.ofSeconds(1)));
        }
        clock.advance(Duration.ofMinutes(2));
        assertThat(atOnce(quota)).isEqualTo(80);
        for (int i = 0; i < 12; i++) {
            quota.exceeded(Optional.of(Duration.ofSeconds(1)));
            clock.advance(Duration.ofMinutes(2));
        }
        assertThat(atOnce(quota)).isEqualTo(20);
    }

    /** Threads that wait, let through one by one as the test says. */
    private List<Lane> order(String limits, List<Lane> joining) {
        List<Lane> order = Collections.synchronizedList(new ArrayList<>());
        int[] moves = {0};
        boolean[] go = {false};
        SlidingQuota quota = SlidingQuota.of(QuotaLimits.parse(limits), "Intellivizz", clock, (turn, time) -> {
            if (go[0] && order.size() == moves[0]) {
                moves[0]++;
                clock.advance(time);
            } else {
                turn.await(1, TimeUnit.MILLISECONDS);
            }
        });
        quota.take(Lane.BACK_FILL).close();
        for (int i = 0; i < joining.size(); i++) {
            Lane lane = joining.get(i);
            threads.execute(() -> {
                quota.take(lane).close();
                order.add(lane);
            });
            int waiting = i + 1;
            await().pollInterval(Duration.ofMillis(1)).until(() -> quota.waiting() == waiting);
        }
        quota.locked(() -> go[0] = true);
        await().until(() -> order.size() == joining.size());
        return order;
    }

    @Test
    void writes_go_before_polls_and_polls_before_back_fill() {
        List<Lane> order =
                order("1/10s", List.of(Lane.BACK_FILL, Lane.POLL, Lane.WRITE, Lane.BACK_FILL, Lane.POLL, Lane.WRITE));

        assertThat(order).containsExactly(Lane.WRITE, Lane.WRITE, Lane.POLL, Lane.POLL, Lane.BACK_FILL, Lane.BACK_FILL);
    }

    @Test
    void a_lane_that_waits_behind_endless_others_gets_every_tenth_call_at_least() {
        List<Lane> joining = new ArrayList<>(Collections.nCopies(40, Lane.WRITE));
        joining.addAll(Collections.nCopies(6, Lane.POLL));
        joining.addAll(Collections.nCopies(6, Lane.BACK_FILL));

        List<Lane> order = order("1/10s", joining);

        for (int from = 0; from + 10 <= 40; from++) {
            assertThat(order.subList(from, from + 10)).contains(Lane.POLL, Lane.BACK_FILL);
        }
        assertThat(order.subList(0, 40)).filteredOn(lane -> lane == Lane.WRITE).hasSizeGreaterThanOrEqualTo(30);
    }

    @Test
    void who_waits_longer_in_a_lane_goes_first() {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        WaitingLanes lanes = new WaitingLanes();
        ReentrantLock lock = new ReentrantLock();
        for (int i = 0; i < 5; i++) {
            lanes.join(new WaitingLanes.Waiter(Lane.POLL, lock.newCondition(), i));
        }
        while (!lanes.isEmpty()) {
            WaitingLanes.Waiter next = lanes.next().orElseThrow();
            lanes.served(next);
            lanes.leave(next);
            order.add((int) next.since());
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void closing_ends_every_wait_and_later_calls() {
        SlidingQuota quota = SlidingQuota.of(QuotaLimits.parse("1/10s"), "Intellivizz", clock, SlidingQuota.Pause.REAL);
        quota.take(Lane.POLL).close();
        List<CompletableFuture<Throwable>> waits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Lane lane = Lane.values()[i % 3];
            waits.add(CompletableFuture.supplyAsync(
                    () -> catchThrowableOfType(CrmException.class, () -> quota.take(lane)), threads));
        }
        await().until(() -> quota.waiting() == 6);

        quota.close();

        for (CompletableFuture<Throwable> wait : waits) {
            assertThat(wait.join()).hasMessage("Intellivizz is called no more: the connection is closed");
        }
        assertThatThrownBy(() -> quota.take(Lane.WRITE)).hasMessageContaining("closed");
        quota.close();
    }

    @Test
    void an_interrupted_wait_ends_and_lets_the_next_one_go_on() throws Exception {
        SlidingQuota quota = SlidingQuota.of(QuotaLimits.parse("1/10s"), "Intellivizz", clock, SlidingQuota.Pause.REAL);
        quota.take(Lane.POLL).close();
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Thread first = new Thread(() -> {
            CrmException e = refusal(quota, Lane.POLL);
            ended.complete(e.getMessage().contains("interrupted")
                    && Thread.currentThread().isInterrupted());
        });
        first.start();
        await().until(() -> quota.waiting() == 1);
        CompletableFuture<Void> second =
                CompletableFuture.runAsync(() -> quota.take(Lane.POLL).close(), threads);
        await().until(() -> quota.waiting() == 2);
        clock.advance(Duration.ofSeconds(11));
        first.interrupt();

        second.join();
        assertThat(ended.join()).isTrue();
        first.join();
    }

    @Test
    void a_pause_that_the_crm_asks_for_reaches_those_that_wait_already() {
        SlidingQuota quota = SlidingQuota.of(QuotaLimits.parse("1/10s"), "Intellivizz", clock, SlidingQuota.Pause.REAL);
        quota.take(Lane.POLL).close();
        CompletableFuture<CrmException> wait = CompletableFuture.supplyAsync(() -> refusal(quota, Lane.POLL), threads);
        await().until(() -> quota.waiting() == 1);
        quota.exceeded(Optional.of(Duration.ofHours(1)));

        assertThat(wait.join()).hasMessageContaining("left alone");
    }

    @Test
    void many_threads_never_get_more_than_the_windows_hold() {
        QuotaLimits limits = QuotaLimits.parse("30/10s,100/1m");
        SlidingQuota quota = SlidingQuota.of(limits, "Intellivizz", clock, clock);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int t = 0; t < 16; t++) {
            Lane lane = Lane.values()[t % 3];
            all.add(CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < 500; i++) {
                            quota.take(lane).close();
                        }
                    },
                    threads));
        }
        all.forEach(CompletableFuture::join);

        // A minute and a fiftieth for each hundred after the first; more where a thread is slow to close what it took.
        assertThat(clock.passed()).isGreaterThanOrEqualTo(Duration.ofMillis(79 * 61_200));
    }

    @Test
    void windows_are_named_by_what_they_are() {
        assertThat(QuotaLimits.parse("5000/1h").windows())
                .extracting(Window::words)
                .containsExactly("quota of 5,000 calls in 1h");
    }
}
