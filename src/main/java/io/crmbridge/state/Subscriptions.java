package io.crmbridge.state;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Places of routes in the log, what is parked there, and the boundaries of batches. Thread-safe. */
public interface Subscriptions {

    /**
     * The subscription under this key, created when new. With {@code MIRROR} a new one gets the latest version of every
     * known record, addressed to it alone, in the transaction that creates it.
     */
    Subscription open(
            String bundle, String name, String routeId, long feedId, Subscription.StartFrom startFrom, String options);

    List<Subscription> all();

    /**
     * Moves places; durable against a kill of the process, not against a power cut. Returns at once; a failure completes
     * the stage exceptionally.
     */
    CompletionStage<Void> save(Progress progress);

    /** Records the state in the order of the calls; returns at once. */
    void mark(long subscriptionId, Subscription.State state, Optional<String> reason);

    List<ParkedEntry> parked(long subscriptionId);

    /** Batches that were begun and are not done yet. */
    List<List<Long>> batches(long subscriptionId);

    /** Writes a batch's boundaries down before it is delivered; an earlier batch with the same numbers is replaced. */
    void begin(long subscriptionId, List<List<Long>> batches);

    /** How many changes of its feed a subscription has still to read. */
    long waiting(Subscription subscription);

    /** Records which routes a bundle has now, each with the reason why it is off, or none. */
    void routes(String bundle, Map<String, Optional<String>> routes);

    List<Route> routes();

    /**
     * Gives up the places that nothing has used since {@code before}, with what is parked or dead there, and records that.
     *
     * @param alive subscriptions that are open now; they count as used
     */
    List<Expired> expire(Collection<Long> alive, Instant before);

    void pauseRoute(String bundle, String routeId, boolean paused);

    /** @param offReason why it does not run; empty when it does */
    record Route(String bundle, String id, Optional<String> offReason, boolean paused) {}

    /**
     * What a subscription has achieved since the last save, in one transaction.
     *
     * @param parked entries to keep or to keep anew
     * @param unparked numbers of parked entries that are done or dead now
     * @param dead entries that became dead letters
     * @param endedBatches first numbers of batches that are done
     * @param delivered how many more were delivered; {@code handled} of them by the route's own error handler
     */
    record Progress(
            long subscriptionId,
            long position,
            String doneAbove,
            Collection<ParkedEntry> parked,
            Collection<Long> unparked,
            Collection<DeadEntry> dead,
            Collection<Long> endedBatches,
            long delivered,
            long handled,
            Optional<Instant> lastDeliveredAt) {}

    /**
     * A change that waits for its next try, or behind an earlier one of the same record (attempts 0).
     *
     * @param batch first number of the batch it belongs to, 0 for none
     * @param effects keys of effects that already succeeded and are not repeated, separated by blanks
     */
    record ParkedEntry(
            long seq, String recordId, long batch, int attempts, Instant nextTryAt, String reason, String effects) {}

    /** A place that was given up, and how much was parked or dead there. */
    record Expired(String bundle, String routeId, long feedId, long position, long parked, long dead) {}

    record DeadEntry(long seq, String recordId, int attempts, String reason, String effects) {}
}
