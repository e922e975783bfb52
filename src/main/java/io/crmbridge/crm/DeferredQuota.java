package io.crmbridge.crm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A quota that is still being opened, so that a connection can be made meanwhile; whoever would call waits for it.
 * Thread-safe.
 */
public record DeferredQuota(CompletableFuture<? extends Quota> quota) implements Quota {
    @Override
    public void take(Lane lane) {
        quota.join().take(lane);
    }

    @Override
    public void exceeded(Optional<Duration> retryAfter) {
        quota.join().exceeded(retryAfter);
    }

    /** One that has not been opened is never. */
    @Override
    public void close() {
        if (!quota.cancel(false) && !quota.isCompletedExceptionally()) {
            quota.join().close();
        }
    }
}
