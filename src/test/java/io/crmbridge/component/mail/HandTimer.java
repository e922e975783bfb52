package io.crmbridge.component.mail;

import io.crmbridge.feed.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock that moves when it is told to, and runs what is due then on the caller's thread. Thread-safe. */
final class HandTimer extends Clock implements Timer {
    private final List<Entry> waiting = new ArrayList<>();
    private Instant now = Instant.parse("2026-05-01T12:00:00Z");

    private record Entry(Instant at, Runnable task) {}

    @Override
    public synchronized void schedule(Duration wait, Runnable task) {
        waiting.add(new Entry(now.plus(wait), task));
    }

    void advance(Duration time) {
        List<Entry> due;
        synchronized (this) {
            now = now.plus(time);
            due = waiting.stream()
                    .filter(entry -> !entry.at().isAfter(now))
                    .sorted(Comparator.comparing(Entry::at))
                    .toList();
            waiting.removeAll(due);
        }
        due.forEach(entry -> entry.task().run());
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
