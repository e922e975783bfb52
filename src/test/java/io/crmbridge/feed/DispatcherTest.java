package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.feed.Dispatching.Route;
import io.crmbridge.state.DeadLetters.DeadLetter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DispatcherTest {
    @TempDir
    Path folder;

    private Dispatching bridge;
    private final Route route = new Route();

    @BeforeEach
    void open() {
        bridge = new Dispatching(folder);
    }

    @AfterEach
    void close() {
        bridge.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void versions_of_one_record_come_in_order(int parallel) {
        bridge.start(route, bridge.spec("route", parallel, 1, null));
        for (int version = 0; version < 5; version++) {
            for (int record = 0; record < 20; record++) {
                bridge.write("r" + record);
            }
            bridge.runtime.poll("default", "deals");
        }
        bridge.run();
        assertThat(route.got).hasSize(100);
        for (int record = 0; record < 20; record++) {
            assertThat(route.numbers("r" + record)).hasSize(5).isSorted();
        }
    }

    @Test
    void a_failing_record_waits_with_its_later_versions_and_others_flow() {
        AtomicBoolean failing = new AtomicBoolean(true);
        route.answer = h -> failing.get() && Dispatching.ids(h).contains("bad") ? Dispatching.passing() : Outcome.DONE;
        bridge.start(route);
        bridge.write("bad", "a");
        bridge.poll();
        bridge.write("bad", "b");
        bridge.poll();
        assertThat(route.got).containsExactly("bad", "a", "b");
        failing.set(false);
        bridge.after(Duration.ofSeconds(1));
        assertThat(route.got).containsExactly("bad", "a", "b", "bad", "bad");
        assertThat(route.numbers().subList(3, 5)).isSorted();
    }

    @Test
    void a_passing_failure_is_tried_twelve_times_at_doubling_waits_and_is_dead_then() {
        route.answer = h -> Dispatching.passing();
        bridge.start(route);
        bridge.write("bad");
        bridge.poll();
        List<Duration> waits = new ArrayList<>();
        java.time.Instant last = bridge.clock.instant();
        for (int tries = 1; tries < 12; ) {
            bridge.steps(1);
            if (route.got.size() > tries) {
                waits.add(Duration.between(last, bridge.clock.instant()));
                last = bridge.clock.instant();
                tries++;
            }
        }
        for (int i = 0; i < waits.size(); i++) {
            Duration full = Duration.ofSeconds(Math.min(300, 1L << i));
            assertThat(waits.get(i))
                    .as("wait %d", i)
                    .isBetween(full.multipliedBy(4).dividedBy(5), full);
        }
        bridge.after(Duration.ofHours(1));
        assertThat(route.got).hasSize(12);
        assertThat(bridge.store.deadLetters().list(false))
                .singleElement()
                .satisfies(l -> assertThat(l.attempts()).isEqualTo(12));
        assertThat(bridge.store.subscriptions().parked(bridge.subscription().id()))
                .isEmpty();
    }

    @Test
    void a_target_that_asks_for_a_longer_wait_gets_it() {
        route.answer = h -> route.got.size() == 1 ? Dispatching.passing(Duration.ofMinutes(10)) : Outcome.DONE;
        bridge.start(route);
        bridge.write("a");
        bridge.poll();
        bridge.after(Duration.ofMinutes(9));
        assertThat(route.got).hasSize(1);
        bridge.after(Duration.ofMinutes(1));
        assertThat(route.got).hasSize(2);
    }

    @Test
    void a_permanent_failure_is_a_dead_letter_at_once_and_the_record_goes_on() {
        route.answer = h -> route.got.size() == 1 ? new Outcome.Permanent("no mapping") : Outcome.DONE;
        bridge.start(route);
        bridge.write("a");
        bridge.poll();
        bridge.write("a");
        bridge.poll();
        bridge.after(Duration.ofMillis(20));
        assertThat(route.got).containsExactly("a", "a");
        assertThat(bridge.store.deadLetters().list(false))
                .singleElement()
                .satisfies(l -> assertThat(l.reason()).isEqualTo("no mapping"));
    }

    @Test
    void a_target_that_is_down_is_probed_with_other_records_burns_no_attempts_and_gets_all_in_order() {
        AtomicBoolean down = new AtomicBoolean(true);
        route.answer = h -> down.get() ? Dispatching.passing() : Outcome.DONE;
        SubscriptionHandle handle = bridge.start(route);
        bridge.write("a", "b", "c", "d", "e", "f", "g", "h");
        bridge.poll();
        bridge.write("a", "b", "c", "d", "e", "f", "g", "h");
        bridge.poll();
        assertThat(handle.state()).isEqualTo("TARGET_DOWN");
        assertThat(route.got).hasSize(5);
        int calls = bridge.crm.calls;
        route.got.clear();
        bridge.after(Duration.ofSeconds(1));
        for (int i = 0; i < 240; i++) {
            bridge.after(Duration.ofSeconds(30));
        }
        assertThat(bridge.crm.calls).as("polling goes on").isGreaterThan(calls + 20);
        assertThat(new HashSet<>(route.got)).as("other records are tried").hasSizeGreaterThan(2);
        assertThat(bridge.store.deadLetters().list(true)).isEmpty();
        assertThat(bridge.store.subscriptions().parked(bridge.subscription().id()))
                .allSatisfy(e -> assertThat(e.attempts()).isLessThanOrEqualTo(2));
        down.set(false);
        route.got.clear();
        route.handovers.clear();
        for (int i = 0; i < 40; i++) {
            bridge.after(Duration.ofSeconds(30));
        }
        assertThat(handle.state()).isEqualTo("ACTIVE");
        assertThat(route.got).hasSize(16);
        for (String id : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
            assertThat(route.numbers(id)).as(id).hasSize(2).isSorted();
        }
        assertThat(bridge.subscription().position())
                .isEqualTo(bridge.store.log().head());
    }

    @Test
    void a_target_that_refuses_stops_the_route_and_resume_goes_on_at_the_kept_place() {
        AtomicBoolean refused = new AtomicBoolean(true);
        route.answer = h -> refused.get() ? new Outcome.Refused("401") : Outcome.DONE;
        SubscriptionHandle handle = bridge.start(route);
        bridge.write("a", "b", "c");
        bridge.poll();
        bridge.after(Duration.ofHours(1));
        assertThat(handle.state()).isEqualTo("ALARM");
        assertThat(route.got).containsExactly("a");
        refused.set(false);
        bridge.runtime.pause("route", false);
        bridge.run();
        assertThat(route.got).containsExactly("a", "a", "b", "c");
        assertThat(bridge.store.deadLetters().list(true)).isEmpty();
    }

    @Test
    void twenty_permanent_failures_in_a_row_over_different_records_stop_the_route() {
        route.answer = h -> new Outcome.Permanent("400");
        SubscriptionHandle handle = bridge.start(route);
        bridge.write(IntStream.range(0, 50).mapToObj(i -> "r" + i).toArray(String[]::new));
        bridge.poll();
        bridge.after(Duration.ofMillis(20));
        assertThat(handle.state()).isEqualTo("ALARM");
        assertThat(route.got).hasSize(20);
        assertThat(bridge.store.deadLetters().list(false)).hasSize(20);
        route.answer = h -> Outcome.DONE;
        bridge.runtime.pause("route", false);
        bridge.run();
        assertThat(route.got).hasSize(50);
    }

    @Test
    void a_pause_holds_deliveries_back_over_a_restart_and_polling_goes_on() {
        bridge.start(route);
        bridge.runtime.pause("route", true);
        bridge.write("a");
        bridge.poll();
        assertThat(route.got).isEmpty();
        assertThat(bridge.store.log().head()).isEqualTo(2);
        bridge.restart();
        SubscriptionHandle handle = bridge.start(route);
        assertThat(handle.state()).isEqualTo("PAUSED");
        assertThat(route.got).isEmpty();
        bridge.runtime.pause("route", false);
        bridge.run();
        assertThat(route.got).containsExactly("a");
    }

    @Test
    void a_batch_is_the_same_batch_after_a_kill() {
        SubscriptionSpec batches = bridge.spec("route", 1, 3, null);
        route.answer = h -> {
            bridge.store.kill();
            throw new IllegalStateException("the process is dead");
        };
        bridge.start(route, batches);
        bridge.write("a", "b", "c", "d");
        bridge.poll();
        String key = route.handovers.get(0).key();
        bridge.kill();
        route.got.clear();
        route.handovers.clear();
        bridge.write("e", "f");
        route.answer = h -> Outcome.DONE;
        bridge.start(route, batches);
        bridge.poll();
        assertThat(route.got).containsExactly("a+b+c", "d", "e+f");
        assertThat(route.handovers.get(0).key()).isEqualTo(key);
        bridge.after(Duration.ofMillis(20));
        assertThat(bridge.store.subscriptions().batches(bridge.subscription().id()))
                .isEmpty();
    }

    @Test
    void a_batch_that_fails_for_good_is_halved_until_one_change_is_dead() {
        route.answer = h -> Dispatching.ids(h).contains("c") ? new Outcome.Permanent("400") : Outcome.DONE;
        bridge.start(route, bridge.spec("route", 1, 4, null));
        bridge.write("a", "b", "c", "d");
        bridge.poll();
        bridge.after(Duration.ofMillis(20));
        assertThat(route.got).containsExactlyInAnyOrder("a+b+c+d", "a+b", "c+d", "c", "d");
        assertThat(bridge.store.deadLetters().list(false))
                .singleElement()
                .satisfies(l -> assertThat(l.recordId()).isEqualTo("c"));
        assertThat(bridge.store.subscriptions().batches(bridge.subscription().id()))
                .isEmpty();
    }

    @Test
    void a_batch_that_fails_passingly_comes_again_as_the_same_batch() {
        route.answer = h -> route.got.size() == 1 ? Dispatching.passing() : Outcome.DONE;
        bridge.start(route, bridge.spec("route", 1, 3, null));
        bridge.write("a", "b", "c");
        bridge.poll();
        bridge.after(Duration.ofSeconds(1));
        assertThat(route.got).containsExactly("a+b+c", "a+b+c");
        assertThat(route.handovers.get(1).key())
                .isEqualTo(route.handovers.get(0).key());
    }

    @Test
    void batches_whose_boundaries_could_not_be_written_come_when_the_store_answers_again() {
        bridge.start(route, bridge.spec("route", 1, 3, null));
        bridge.store.failingBegins = 1;
        bridge.write("a", "b", "c");
        bridge.poll();
        assertThat(route.got).isEmpty();
        bridge.after(Duration.ofSeconds(5));
        assertThat(route.got).containsExactly("a+b+c");
    }

    @Test
    void a_route_that_stops_asking_for_batches_gets_what_is_parked_one_by_one() {
        route.answer = h -> Dispatching.passing();
        bridge.start(route, bridge.spec("route", 1, 3, null));
        bridge.write("a", "b", "c");
        bridge.poll();
        bridge.restart();
        route.got.clear();
        route.handovers.clear();
        route.answer = h -> Outcome.DONE;
        bridge.start(route);
        bridge.after(Duration.ofSeconds(1));
        assertThat(route.got).containsExactly("a", "b", "c");
        assertThat(route.handovers).noneMatch(Handover::batch);
        bridge.after(Duration.ofMillis(20));
        assertThat(bridge.store.subscriptions().batches(bridge.subscription().id()))
                .isEmpty();
    }

    @Test
    void effects_that_succeeded_are_remembered_with_the_parked_change_over_a_restart() {
        route.answer = h -> {
            h.effects().add("key-of-the-first-step");
            return Dispatching.passing();
        };
        bridge.start(route);
        bridge.write("a");
        bridge.poll();
        bridge.after(Duration.ofMillis(20));
        bridge.kill();
        Set<String> remembered = new HashSet<>();
        route.answer = h -> {
            remembered.addAll(h.effects());
            return Outcome.DONE;
        };
        bridge.start(route);
        bridge.after(Duration.ofSeconds(1));
        assertThat(remembered).containsExactly("key-of-the-first-step");
        assertThat(route.handovers.get(1).attempts()).isEqualTo(1);
        assertThat(route.handovers.get(1).key())
                .isEqualTo(route.handovers.get(0).key());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void a_replayed_dead_letter_comes_again_with_its_key_and_in_the_shape_the_route_asks_for(int batchSize) {
        route.answer = h -> new Outcome.Permanent("400");
        bridge.start(route, bridge.spec("route", 1, batchSize, null));
        bridge.write("a");
        bridge.poll();
        bridge.after(Duration.ofMillis(20));
        DeadLetter letter = bridge.store.deadLetters().list(false).get(0);
        route.answer = h -> Outcome.DONE;
        assertThat(bridge.store.deadLetters().replay(letter.id())).isTrue();
        bridge.runtime.reloadParked(letter.subscriptionId());
        bridge.run();
        assertThat(route.got).containsExactly("a", "a");
        assertThat(route.handovers.get(1).key())
                .isEqualTo(route.handovers.get(0).key());
        assertThat(route.handovers.get(1).batch()).isEqualTo(batchSize > 1);
        bridge.after(Duration.ofMillis(20));
        assertThat(bridge.store.subscriptions().parked(letter.subscriptionId())).isEmpty();
    }

    @Test
    void a_replay_does_not_bring_back_what_is_done_and_not_saved_yet() {
        route.answer = h -> new Outcome.Permanent("400");
        bridge.start(route);
        bridge.write("a");
        bridge.poll();
        bridge.after(Duration.ofMillis(20));
        route.answer = h -> Outcome.DONE;
        DeadLetter letter = bridge.store.deadLetters().list(false).get(0);
        bridge.store.deadLetters().replay(letter.id());
        bridge.store.hold = true;
        bridge.runtime.reloadParked(letter.subscriptionId());
        bridge.run();
        bridge.runtime.reloadParked(letter.subscriptionId());
        bridge.run();
        assertThat(route.got).containsExactly("a", "a");
    }

    @Test
    void what_was_in_flight_at_a_kill_comes_again_with_the_same_key() {
        bridge.store.hold = true;
        bridge.start(route);
        bridge.write("a", "b");
        bridge.poll();
        bridge.kill();
        bridge.start(route);
        assertThat(route.got).containsExactly("a", "b", "a", "b");
        assertThat(route.handovers.get(2).key())
                .isEqualTo(route.handovers.get(0).key());
        assertThat(route.handovers.get(3).key())
                .isEqualTo(route.handovers.get(1).key());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void no_more_is_in_flight_than_the_lanes_and_64(int parallel) {
        bridge.store.hold = true;
        bridge.start(route, bridge.spec("route", parallel, 1, null));
        bridge.write(IntStream.range(0, 300).mapToObj(i -> "r" + i).toArray(String[]::new));
        bridge.poll();
        assertThat(route.got).hasSizeBetween(60, parallel + 64);
        bridge.store.hold = false;
        bridge.store.write();
        bridge.run();
        assertThat(route.got).hasSize(300);
    }

    @Test
    void a_store_that_cannot_save_for_a_while_loses_nothing_and_repeats_nothing() {
        bridge.start(route);
        bridge.store.failingSaves = 3;
        bridge.write("a", "b", "c");
        bridge.poll();
        for (int i = 0; i < 10; i++) {
            bridge.after(Duration.ofSeconds(5));
        }
        assertThat(bridge.store.failingSaves).isZero();
        assertThat(bridge.subscription().position())
                .isEqualTo(bridge.store.log().head());
        assertThat(bridge.subscription().delivered()).isEqualTo(3);
        bridge.restart();
        bridge.start(route);
        assertThat(route.got).containsExactly("a", "b", "c");
    }

    @Test
    void what_is_done_while_a_save_is_under_way_is_saved_soon_after_it() {
        bridge.start(route);
        bridge.store.hold = true;
        bridge.write("a");
        bridge.poll();
        bridge.after(Duration.ofMillis(20));
        bridge.write("b");
        bridge.poll();
        bridge.after(Duration.ofMillis(100));
        assertThat(route.got).containsExactly("a", "b");
        bridge.store.hold = false;
        bridge.store.write();
        bridge.run();
        bridge.after(Duration.ofMillis(20));
        assertThat(bridge.subscription().position())
                .isEqualTo(bridge.store.log().head());
    }

    @Test
    void an_error_in_a_route_does_not_stop_its_lane() {
        route.answer = h -> {
            if (route.got.size() == 1) {
                throw new StackOverflowError("a route that calls itself");
            }
            return Outcome.DONE;
        };
        bridge.start(route);
        bridge.write("a", "b");
        bridge.poll();
        bridge.after(Duration.ofSeconds(1));
        assertThat(route.got).containsExactly("a", "b", "a");
    }

    @Test
    void a_probe_under_way_keeps_later_versions_of_its_record_back_when_a_person_resumes() {
        route.answer = h -> new Outcome.TargetDown("it sleeps");
        bridge.start(route);
        bridge.write("a");
        bridge.poll();
        bridge.write("b");
        bridge.write("c");
        bridge.poll();
        Set<String> inside = new HashSet<>();
        AtomicBoolean nested = new AtomicBoolean();
        route.answer = h -> {
            assertThat(inside.add(h.changes().get(0).recordId())).isTrue();
            if (nested.compareAndSet(false, true)) {
                bridge.write("b", "a", "c");
                bridge.runtime.poll("default", "deals");
                bridge.runtime.pause("route", false);
                while (bridge.executor.runOne(0)) {
                    Thread.onSpinWait();
                }
            }
            inside.remove(h.changes().get(0).recordId());
            return Outcome.DONE;
        };
        bridge.after(Duration.ofSeconds(1));
        bridge.after(Duration.ofSeconds(1));
        assertThat(route.got.subList(1, route.got.size())).containsExactlyInAnyOrder("a", "b", "c", "a", "b", "c");
    }

    @Test
    void two_routes_on_a_feed_share_one_poll_at_the_shorter_delay() {
        Route other = new Route();
        bridge.start(route, hourly("slow"));
        int calls = bridge.crm.calls;
        bridge.start(other);
        bridge.after(Duration.ofMinutes(5));
        // One poll, which asks for the whole list too: the only record gives no larger page to prove it by.
        assertThat(bridge.crm.calls).isEqualTo(calls + 2);
        bridge.write("a");
        bridge.after(Duration.ofMinutes(5));
        // The one poll asks for the whole list too: with a single record there is no larger page to tell that none was
        // cut.
        assertThat(bridge.crm.calls).isEqualTo(calls + 4);
        assertThat(route.got).containsExactly("a");
        assertThat(other.got).containsExactly("a");
        assertThat(route.handovers.get(0).key())
                .isNotEqualTo(other.handovers.get(0).key());
    }

    private SubscriptionSpec hourly(String name) {
        SubscriptionSpec s = bridge.spec(name, 1, 1, null);
        return new SubscriptionSpec(
                s.bundle(),
                s.name(),
                s.routeId(),
                s.connection(),
                s.feed(),
                s.startFrom(),
                Duration.ofHours(1),
                s.cron(),
                s.parallel(),
                s.batchSize(),
                s.retry(),
                s.note());
    }

    @Test
    void a_route_with_a_schedule_is_fed_when_it_fires_after_a_fresh_poll() {
        bridge.start(route, bridge.spec("route", 1, 1, "0 0 * * * ?"));
        bridge.write("a");
        bridge.poll();
        bridge.after(Duration.ofMinutes(50));
        assertThat(route.got).isEmpty();
        bridge.write("b");
        bridge.after(Duration.ofMinutes(10));
        assertThat(route.got).containsExactly("a", "b");
        bridge.write("c");
        bridge.after(Duration.ofMinutes(30));
        assertThat(route.got).containsExactly("a", "b");
        bridge.after(Duration.ofMinutes(30));
        assertThat(route.got).containsExactly("a", "b", "c");
    }

    @Test
    void a_feed_that_another_process_took_over_is_not_written_any_more() {
        bridge.start(route);
        long source = bridge.store.sources().sources().get(0).id();
        bridge.store.sources().lease(source, "deals");
        long head = bridge.store.log().head();
        bridge.write("a");
        bridge.poll();
        assertThat(bridge.store.log().head()).isEqualTo(head);
        int calls = bridge.crm.calls;
        bridge.after(Duration.ofHours(2));
        assertThat(bridge.crm.calls).isEqualTo(calls);
    }

    @Test
    void a_stop_waits_for_what_is_in_flight_and_saves_it() throws InterruptedException {
        CountDownLatch handed = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        route.answer = h -> {
            handed.countDown();
            await(finish);
            return Outcome.DONE;
        };
        SubscriptionHandle handle = bridge.start(route);
        bridge.write("a");
        bridge.runtime.poll("default", "deals");
        Thread lane = new Thread(bridge::run, "lane");
        lane.start();
        assertThat(handed.await(10, TimeUnit.SECONDS)).isTrue();
        Thread stop = new Thread(handle::close, "stop");
        stop.start();
        finish.countDown();
        stop.join();
        lane.join();
        bridge.restart();
        bridge.start(route);
        assertThat(route.got).containsExactly("a");
    }

    @Test
    void what_ends_after_a_stop_no_longer_moves_the_place() throws InterruptedException {
        CountDownLatch handed = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        route.answer = h -> {
            handed.countDown();
            await(finish);
            return Outcome.DONE;
        };
        SubscriptionHandle handle = bridge.start(route);
        bridge.write("a", "b");
        bridge.runtime.poll("default", "deals");
        Thread lane = new Thread(bridge::run, "lane");
        lane.start();
        assertThat(handed.await(10, TimeUnit.SECONDS)).isTrue();
        handle.close();
        Route second = new Route();
        SubscriptionHandle again = bridge.runtime.subscribe(bridge.spec("route", 1, 1, null), second);
        again.start();
        bridge.run();
        bridge.after(Duration.ofMillis(20));
        assertThat(second.got).containsExactly("a", "b");
        finish.countDown();
        lane.join();
        bridge.after(Duration.ofMillis(20));
        assertThat(bridge.subscription().position())
                .isEqualTo(bridge.store.log().head());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
