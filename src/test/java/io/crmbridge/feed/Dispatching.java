package io.crmbridge.feed;

import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import io.crmbridge.state.Subscription.StartFrom;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.quartz.CronExpression;

/** A runtime over a fake CRM, with routes that do as they are told. Everything runs when {@link #run} says so. */
final class Dispatching implements AutoCloseable {
    static final RetryPolicy RETRY = RetryPolicy.DEFAULT;

    final SettableClock clock = new SettableClock("2026-05-01T12:00:00.000Z");
    final ManualTimer timer = new ManualTimer(clock);
    final ManualExecutor executor = new ManualExecutor();
    final FakeCrm crm = new FakeCrm(clock, 1_000, 1_000);
    private final Path folder;
    HeldStore store;
    FeedRuntime runtime;

    Dispatching(Path folder) {
        this.folder = folder;
        crm.write("before", Duration.ofHours(1));
        open();
    }

    private void open() {
        store = new HeldStore(Store.open(folder, clock));
        runtime = new FeedRuntime(
                store, List.of(crm), FeedSettings.DEFAULT, clock, timer, executor, executor, new Random(1));
    }

    /** A route: what it was handed, and how each delivery ends. */
    static final class Route implements Delivery {
        /** Record ids, those of one exchange joined by a plus. */
        final List<String> got = new ArrayList<>();

        final List<Handover> handovers = new ArrayList<>();
        Function<Handover, Outcome> answer = handover -> Outcome.DONE;

        @Override
        public Outcome deliver(Handover handover) {
            got.add(String.join(
                    "+", handover.changes().stream().map(c -> c.recordId()).toList()));
            handovers.add(handover);
            return answer.apply(handover);
        }

        /** Versions of a record in the order of their coming. */
        List<Long> numbers(String id) {
            return handovers.stream()
                    .flatMap(h -> h.changes().stream())
                    .filter(c -> c.recordId().equals(id))
                    .map(c -> FakeCrm.number(c.body()))
                    .toList();
        }

        List<Long> numbers() {
            return handovers.stream()
                    .flatMap(h -> h.changes().stream())
                    .map(c -> FakeCrm.number(c.body()))
                    .toList();
        }
    }

    private static CronExpression cron(String expression) {
        try {
            return new CronExpression(expression);
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    SubscriptionSpec spec(String name, int parallel, int batchSize, String cron) {
        return new SubscriptionSpec(
                "bundle",
                name,
                name,
                "default",
                "deals",
                StartFrom.NOW,
                Duration.ofMinutes(5),
                Optional.ofNullable(cron).map(Dispatching::cron),
                parallel,
                batchSize,
                RETRY,
                Optional.empty());
    }

    SubscriptionHandle start(Route route) {
        return start(route, spec("route", 1, 1, null));
    }

    SubscriptionHandle start(Route route, SubscriptionSpec spec) {
        SubscriptionHandle handle = runtime.subscribe(spec, route);
        handle.start();
        run();
        return handle;
    }

    /** Runs what waits and what is due. */
    void run() {
        while (!store.killed && (executor.runOne(0) || timer.runOneDue())) {
            Thread.onSpinWait();
        }
    }

    void after(Duration time) {
        clock.advance(time);
        run();
    }

    /** Moves to the next appointments, one by one. */
    void steps(int count) {
        for (int i = 0; i < count; i++) {
            timer.untilNext().ifPresent(wait -> after(wait.isNegative() ? Duration.ZERO : wait));
        }
    }

    void write(String... ids) {
        for (String id : ids) {
            clock.advance(Duration.ofMillis(1));
            crm.write(id, Duration.ZERO);
        }
    }

    /** Polls and delivers. */
    void poll() {
        runtime.poll("default", "deals");
        run();
    }

    /** The process dies and another one starts; its routes are to be started again. */
    void kill() {
        store.kill();
        store.close();
        executor.clear();
        timer.clear();
        open();
    }

    void restart() {
        runtime.close();
        store.close();
        executor.clear();
        timer.clear();
        open();
    }

    Subscription subscription() {
        return store.subscriptions().all().get(0);
    }

    static Outcome passing() {
        return new Outcome.Passing("503", Optional.empty());
    }

    static Outcome passing(Duration retryAfter) {
        return new Outcome.Passing("429", Optional.of(retryAfter));
    }

    static Set<String> ids(Handover handover) {
        return Set.copyOf(handover.changes().stream().map(c -> c.recordId()).toList());
    }

    @Override
    public void close() {
        store.close();
    }
}
