package io.crmbridge.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for Ctrl-C or a deadline, and lets the command end in peace before the JVM does. */
final class Interruption implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "bridge-interrupt");

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void interrupted() {
        asked.complete(null);
        try {
            ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isAsked() {
        return asked.isDone();
    }

    /** True when it was interrupted, false when the time is up. */
    boolean await(Optional<Duration> limit) {
        await(limit, asked);
        return asked.isDone();
    }

    /** Waits for Ctrl-C, a deadline or something else, whichever comes first. */
    void await(Optional<Duration> limit, CompletableFuture<?> other) {
        CompletableFuture<Object> first = CompletableFuture.anyOf(asked, other);
        try {
            if (limit.isPresent()) {
                first.get(limit.get().toMillis(), TimeUnit.MILLISECONDS);
            } else {
                first.get();
            }
        } catch (TimeoutException timeIsUp) {
            // Which is one of the three.
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            // As Ctrl-C, and without the mark: what is closed now waits for its end in peace.
            asked.complete(null);
        }
    }

    /** The command has said all it had to say. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endingAlready) {
            // The JVM ends because of the interruption; the hook has done its work.
        }
    }
}
