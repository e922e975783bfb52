package io.crmbridge.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What comes in from outside, appended to the log once. Thread-safe. */
public interface Inboxes {

    /**
     * Appends those entries that are not known, in one durable transaction with what they are known by.
     *
     * @param inbox its feed; the lease fences the commit
     * @param window for how long the key of an entry is remembered; that of an effect always is
     * @return one receipt an entry, in order
     * @throws StoreException of kind LEASE_LOST when another process has taken the inbox over
     */
    List<Receipt> accept(FeedState inbox, Duration window, List<NewEntry> entries);

    /** Counts what was turned away; returns at once. */
    void count(long feedId, long refused, long dropped);

    List<Tally> tallies();

    /**
     * @param receipt identity of this entry
     * @param key the sender's own; entries with the same one are the same entry
     * @param effect key of the effect by which a route appends it
     * @param hash of the content, 32 bytes
     * @param body JSON in UTF-8
     */
    record NewEntry(String receipt, Optional<String> key, Optional<String> effect, byte[] hash, byte[] body) {}

    /** @param receipt of a duplicate: that of the entry it repeats */
    record Receipt(String receipt, boolean isNew) {}

    /**
     * @param refused requests that were answered with an error
     * @param dropped entries that filled in what nobody sees
     */
    record Tally(long feedId, long accepted, long duplicates, long refused, long dropped) {}
}
