package io.crmbridge.crm;

import io.crmbridge.state.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A quota that is still being opened, so that a connection can be made meanwhile; whoever would call waits for it.
 * Thread-safe.
 */
public record DeferredQuota(CompletableFuture<? extends Quota> quota) implements Quota {
    @Override
    public Permit take(Lane lane) {
        return opened().take(lane);
    }

    @Override
    public void exceeded(Optional<Duration> retryAfter) {
        opened().exceeded(retryAfter);
    }

    private Quota opened() {
        try {
            return quota.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException known) {
                throw new StoreException(known.kind(), known.getMessage(), known);
            }
            throw e;
        }
    }

    /** One that has not been opened is never. */
    @Override
    public void close() {
        if (!quota.cancel(false) && !quota.isCompletedExceptionally()) {
            quota.join().close();
        }
    }
}
