package io.crmbridge.feed;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits on one daemon thread. Tasks are short; long work goes to an executor. */
public final class SystemTimer implements Timer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemTimer.class);

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread timer = new Thread(task, "bridge-timer");
        timer.setDaemon(true);
        return timer;
    });

    public SystemTimer() {
        thread.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void schedule(Duration wait, Runnable task) {
        try {
            thread.schedule(
                    () -> {
                        try {
                            task.run();
                        } catch (RuntimeException e) {
                            LOG.error("a timed task failed", e);
                        }
                    },
                    wait.toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("the timer is closed; a task is dropped");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
