package io.crmbridge.feed;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** So many tasks of one connection at a time: a CRM that does not answer keeps no thread from the polls of others. Thread-safe. */
final class Turns implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    private final Executor executor;
    private final int most;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    Turns(Executor executor, int most) {
        this.executor = executor;
        this.most = most;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (running == most) {
                waiting.add(task);
                return;
            }
            running++;
        }
        start(task);
    }

    private void start(Runnable task) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } finally {
                    next().ifPresent(this::start);
                }
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("the executor is closed; a poll is dropped");
        }
    }

    private synchronized Optional<Runnable> next() {
        if (waiting.isEmpty()) {
            running--;
        }
        return Optional.ofNullable(waiting.poll());
    }
}
