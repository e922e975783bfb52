package io.crmbridge.sandbox;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one change after the other, at a steady rate, on a daemon thread of its own. Thread-safe. */
public final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final double FASTEST = 1_000;

    private final Runnable change;
    private final ScheduledExecutorService timer;
    private ScheduledFuture<?> ticking;

    /** @param change never called by two threads at once */
    public Ticker(String threadName, Runnable change) {
        this.change = change;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Called again: the new rate. Throws IllegalArgumentException unless it is above 0 and at most 1,000. */
    public synchronized void start(double changesPerSecond) {
        if (!(changesPerSecond > 0 && changesPerSecond <= FASTEST)) {
            throw new IllegalArgumentException(
                    "changesPerSecond must be above 0 and at most 1000, and is " + changesPerSecond);
        }
        if (ticking != null) {
            ticking.cancel(false);
        }
        long period = Math.round(TimeUnit.SECONDS.toNanos(1) / changesPerSecond);
        ticking = timer.scheduleAtFixedRate(this::changeOrReport, period, period, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void changeOrReport() {
        try {
            change.run();
        } catch (RuntimeException e) {
            // The timer would drop the exception and stop without a word.
            LOG.error("The sandbox's activity failed and goes on with the next change", e);
        }
    }
}
