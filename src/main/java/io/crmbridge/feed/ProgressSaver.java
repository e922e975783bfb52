package io.crmbridge.feed;

import io.crmbridge.state.Store;
import io.crmbridge.state.Subscriptions.DeadEntry;
import io.crmbridge.state.Subscriptions.ParkedEntry;
import io.crmbridge.state.Subscriptions.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what a runner achieved and saves it, one transaction at a time. All methods need the runner's lock. */
final class ProgressSaver {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressSaver.class);

    private final Store store;
    private final long subscriptionId;
    private final Place place;
    private final SubscriptionRunner lock;
    private final Runnable saved;

    private final Map<Long, ParkedEntry> parked = new LinkedHashMap<>();
    private final List<Long> unparked = new ArrayList<>();
    private final List<DeadEntry> dead = new ArrayList<>();
    private final List<Long> endedBatches = new ArrayList<>();
    private long delivered;
    private long handled;
    private Optional<Instant> lastDeliveredAt = Optional.empty();

    /** Changes that are settled and not yet durably so. */
    private int pending;

    private int saving;
    private List<Long> leaving = List.of();
    private boolean closed;
    private CompletableFuture<Void> current = CompletableFuture.completedFuture(null);

    ProgressSaver(Store store, long subscriptionId, Place place, SubscriptionRunner lock, Runnable saved) {
        this.store = store;
        this.subscriptionId = subscriptionId;
        this.place = place;
        this.lock = lock;
        this.saved = saved;
    }

    int unsaved() {
        return pending + saving;
    }

    void delivered(Unit unit, boolean handledByRoute, Instant now) {
        delivered += unit.size();
        handled += handledByRoute ? unit.size() : 0;
        lastDeliveredAt = Optional.of(now);
        changed(unit);
    }

    /** A unit is done or dead. */
    void left(Unit unit, boolean wasParked) {
        if (wasParked) {
            unit.seqs().forEach(seq -> {
                parked.remove(seq);
                unparked.add(seq);
            });
        }
        if (unit.batch != 0) {
            endedBatches.add(unit.batch);
        }
    }

    /** The boundaries of a batch that will not come again as one; saved with whatever is saved next. */
    void endBatch(long first) {
        endedBatches.add(first);
    }

    void dead(Unit unit, String reason) {
        unit.entries.forEach(
                e -> dead.add(new DeadEntry(e.seq(), e.recordId(), Math.max(unit.attempts, 1), reason, unit.effects)));
        changed(unit);
    }

    void parked(Unit unit) {
        unit.entries.forEach(e -> {
            unparked.remove(e.seq());
            parked.put(
                    e.seq(),
                    new ParkedEntry(
                            e.seq(),
                            e.recordId(),
                            unit.batch,
                            unit.attempts,
                            unit.nextTryAt,
                            unit.reason,
                            unit.effects));
        });
        changed(unit);
    }

    /** Whether a parked entry is done or dead, and the store does not say so yet. */
    boolean isLeaving(long seq) {
        return unparked.contains(seq) || leaving.contains(seq);
    }

    private void changed(Unit unit) {
        if (pending == 0) {
            lock.saveSoon();
        }
        pending += unit.weight();
        if (pending >= SubscriptionRunner.saveAt()) {
            save();
        }
    }

    /** Nothing runs or time is up: what is there is saved now. */
    void idle() {
        synchronized (lock) {
            save();
        }
    }

    private void save() {
        if (pending == 0 || saving > 0 || closed) {
            return;
        }
        place.advance();
        Progress progress = new Progress(
                subscriptionId,
                place.position(),
                place.doneAbove(),
                List.copyOf(parked.values()),
                List.copyOf(unparked),
                List.copyOf(dead),
                List.copyOf(endedBatches),
                delivered,
                handled,
                lastDeliveredAt);
        saving = pending;
        leaving = progress.unparked().stream().toList();
        forget();
        current = store.subscriptions().save(progress).toCompletableFuture().handle((nothing, failure) -> {
            synchronized (lock) {
                saving = 0;
                leaving = List.of();
                if (failure != null) {
                    putBack(progress);
                    LOG.error("the place of a route could not be saved: {}", failure.getMessage());
                } else if (pending >= SubscriptionRunner.saveAt()) {
                    save();
                } else if (pending > 0) {
                    // The timer that came while this save ran found it running.
                    lock.saveSoon();
                }
            }
            if (failure == null) {
                saved.run();
            }
            return null;
        });
    }

    private void forget() {
        parked.clear();
        unparked.clear();
        dead.clear();
        endedBatches.clear();
        delivered = 0;
        handled = 0;
        pending = 0;
    }

    /** What could not be saved is saved with the next try. */
    private void putBack(Progress failed) {
        failed.parked().forEach(entry -> {
            if (!unparked.contains(entry.seq())) {
                parked.putIfAbsent(entry.seq(), entry);
            }
        });
        unparked.addAll(failed.unparked());
        dead.addAll(failed.dead());
        endedBatches.addAll(failed.endedBatches());
        delivered += failed.delivered();
        handled += failed.handled();
        pending += Math.max(1, (int) failed.delivered() + failed.parked().size());
        lock.saveLater();
    }

    /**
     * Saves and waits; what cannot be saved is delivered again later with the same keys. Nothing is saved after that: by
     * then the place may be in other hands.
     */
    void close() {
        flush();
        flush();
        synchronized (lock) {
            closed = true;
        }
    }

    private void flush() {
        CompletableFuture<Void> last;
        synchronized (lock) {
            save();
            last = current;
        }
        last.join();
    }
}
