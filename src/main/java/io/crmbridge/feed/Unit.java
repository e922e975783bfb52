package io.crmbridge.feed;

import io.crmbridge.state.Change;
import java.time.Instant;
import java.util.List;

/** What is delivered at once: one change, or one batch with its recorded boundaries. Guarded by its runner's lock. */
final class Unit {
    record Entry(long seq, String recordId) {}

    final List<Entry> entries;
    /** First number of the batch, 0 for a single change. */
    final long batch;

    int attempts;
    String effects = "";
    String reason = "";
    Instant nextTryAt = Instant.EPOCH;
    boolean parked;
    /** Bodies, dropped while it is parked. */
    List<Change> changes;

    Unit(List<Entry> entries, long batch, List<Change> changes) {
        this.entries = entries;
        this.batch = batch;
        this.changes = changes;
    }

    static Unit of(List<Change> changes, boolean batch) {
        List<Entry> entries =
                changes.stream().map(c -> new Entry(c.seq(), c.recordId())).toList();
        return new Unit(entries, batch ? changes.get(0).seq() : 0, changes);
    }

    long firstSeq() {
        return entries.get(0).seq();
    }

    int size() {
        return entries.size();
    }

    /** What it counts towards the bound on what is in flight. */
    int weight() {
        return batch == 0 ? 1 : Math.min(size(), 16);
    }

    List<Long> seqs() {
        return entries.stream().map(Entry::seq).toList();
    }
}
