package io.crmbridge.state;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The durable, ordered list of changes, and the mirror over it. Polling writes it; routes read it. Thread-safe. */
public interface ChangeLog {
    /** Records that are read at a time where all are read. */
    int PAGE = 500;

    /**
     * Appends a poll's changes and all else it learnt in one durable transaction.
     *
     * @return the highest number of the log after the commit
     * @throws StoreException of kind LEASE_LOST when another process has taken the feed over
     */
    long commit(PollCommit poll);

    /** Changes of a feed with numbers after {@code after}, in order, for a subscription or for all (0). */
    List<Change> read(long feedId, long subscriptionId, long after, int limit);

    Optional<Change> get(long seq);

    List<Change> get(Collection<Long> seqs);

    /** The highest number drawn so far, 0 for an empty log. */
    long head();

    Map<String, MirrorRow> mirror(long feedId, Collection<String> recordIds);

    /** Number of records the mirror knows of a feed. */
    long mirrored(long feedId);

    /** Ids of the records of a feed that are not gone. */
    Set<String> listed(long feedId);

    /** The latest version of every record of a feed, in order of their numbers, page by page after {@code after}. */
    List<Change> snapshot(long feedId, long after, int limit);

    /**
     * The latest version of every record of a feed, to the end.
     *
     * @return the number of the last one, to read on from there another time
     */
    default long snapshot(long feedId, long after, Consumer<Change> each) {
        long last = after;
        List<Change> page;
        do {
            page = snapshot(feedId, last, PAGE);
            page.forEach(each);
            last = page.isEmpty() ? last : page.get(page.size() - 1).seq();
        } while (page.size() == PAGE);
        return last;
    }

    List<QuarantinedRow> quarantined(long feedId);

    /**
     * Removes what was observed before {@code before}, but nothing that an active subscription has not read, no latest
     * version of a record, no dead letter's, and nothing of an inbox that nobody reads.
     *
     * @return how many entries were removed
     */
    long purge(java.time.Instant before);

    /** How much room the store's data takes, in bytes, without what a purge has freed. */
    long bytes();

    record QuarantinedRow(String reason, java.time.Instant firstSeen, java.time.Instant lastSeen) {}
}
