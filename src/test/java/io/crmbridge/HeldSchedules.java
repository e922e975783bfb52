package io.crmbridge;

import io.crmbridge.feed.SystemTimer;
import io.crmbridge.feed.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The machine's timer, but for what is more than a day off, such as the fire of a schedule: that comes when a test says so. */
final class HeldSchedules implements Timer, AutoCloseable {
    private static final Duration DAY = Duration.ofDays(1);

    private final SystemTimer timer = new SystemTimer();
    private final List<Runnable> held = new ArrayList<>();

    @Override
    public synchronized void schedule(Duration wait, Runnable task) {
        if (wait.compareTo(DAY) > 0) {
            held.add(task);
        } else {
            timer.schedule(wait, task);
        }
    }

    void fire() {
        List<Runnable> due;
        synchronized (this) {
            due = List.copyOf(held);
            held.clear();
        }
        due.forEach(Runnable::run);
    }

    @Override
    public void close() {
        timer.close();
    }
}
