package io.crmbridge.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, closed in reverse order, each even if another one fails. */
final class Closers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closers.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T closeable) {
        started.push(closeable);
        return closeable;
    }

    ExecutorService executor(ExecutorService executor) {
        started.push(executor::shutdownNow);
        return executor;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            AutoCloseable next = started.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.error("{} did not close: {}", next.getClass().getSimpleName(), e.toString());
            }
        }
    }
}
