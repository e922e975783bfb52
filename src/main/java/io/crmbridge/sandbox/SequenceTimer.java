package io.crmbridge.sandbox;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the sequences of every workspace send again and again, on a daemon thread. */
final class SequenceTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SequenceTimer.class);

    private final Workspaces workspaces;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sandbox-sequences");
        thread.setDaemon(true);
        return thread;
    });

    SequenceTimer(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    /** @param period in real time; zero: never */
    void start(Duration period) {
        if (!period.isZero()) {
            timer.scheduleWithFixedDelay(this::sendOrReport, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void sendOrReport() {
        for (Workspace workspace : workspaces.all()) {
            try {
                workspace.sendDue();
            } catch (RuntimeException e) {
                // The timer would drop the exception and stop without a word.
                LOG.error("The sequences of workspace {} failed to send and are tried again", workspace.id(), e);
            }
        }
    }
}
