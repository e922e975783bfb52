package io.crmbridge.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Runs what is due when it is told to, on the caller's thread, earliest first. Thread-safe. */
final class ManualTimer implements Timer {
    private final SettableClock clock;
    private final List<Entry> waiting = new ArrayList<>();
    private long scheduled;

    ManualTimer(SettableClock clock) {
        this.clock = clock;
    }

    private record Entry(Instant at, long number, Runnable task) {}

    @Override
    public synchronized void schedule(Duration wait, Runnable task) {
        waiting.add(new Entry(clock.instant().plus(wait), scheduled++, task));
    }

    /** Runs one task that is due; false if there is none. */
    boolean runOneDue() {
        Optional<Entry> next;
        synchronized (this) {
            next = waiting.stream()
                    .filter(e -> !e.at().isAfter(clock.instant()))
                    .min(Comparator.comparing(Entry::at).thenComparing(Entry::number));
            next.ifPresent(waiting::remove);
        }
        next.ifPresent(e -> e.task().run());
        return next.isPresent();
    }

    /** How long until the next task is due. */
    synchronized Optional<Duration> untilNext() {
        return waiting.stream().map(Entry::at).min(Instant::compareTo).map(at -> Duration.between(clock.instant(), at));
    }

    synchronized void clear() {
        waiting.clear();
    }
}
