package io.crmbridge.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one poll learnt, committed in one transaction: changes, mirror, proven point, gaps, quarantined rows.
 *
 * @param state the feed as the poll leaves it; its lease fences the commit
 * @param changes oldest first
 * @param mirror one row a change, in the same order, with seq 0: the log's number is filled in
 */
public record PollCommit(
        FeedState state,
        List<NewChange> changes,
        List<byte[]> recentMarks,
        Optional<NewGap> gap,
        List<QuarantinedRow> quarantined) {

    public PollCommit {
        if (changes.size() != recentMarks.size()) {
            throw new IllegalArgumentException("one mark a change");
        }
    }

    /** An interval that could not be proven: versions stamped after {@code from} and before {@code to} may be lost. */
    public record NewGap(Instant from, Instant to, String reason) {}

    /** A row without an id or a readable cursor field. */
    public record QuarantinedRow(byte[] hash, String reason, byte[] body) {}
}
