package io.crmbridge.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one feed.
 *
 * @param lease number of the lease under which this state was read; a commit with an older one is refused
 * @param proven every version up to here is in the log; empty before the first poll
 * @param provenLocally the proven point was bounded by the local clock, because an answer had no Date header
 * @param historyFrom what lies before was never seen (unknown history), unless {@code historyComplete}
 * @param learntCap the server's real cap where it is lower than documented
 * @param anchors rows of the last page that the next one must show again
 * @param freshAt when a poll last succeeded
 * @param pageRows rows of the last page, broken ones included
 * @param error why the last poll failed; empty after a success
 */
public record FeedState(
        long id,
        long sourceId,
        String name,
        long lease,
        long polls,
        Instant startedAt,
        Optional<Instant> proven,
        boolean provenLocally,
        Optional<Instant> historyFrom,
        boolean historyComplete,
        Optional<Integer> learntCap,
        List<Anchor> anchors,
        Optional<Instant> lastPollAt,
        Optional<Instant> freshAt,
        int pageRows,
        int pageCap,
        Optional<String> error) {

    public FeedState {
        anchors = List.copyOf(anchors);
    }

    /** A row of the last page: the next page must show this record in this or a newer version. */
    public record Anchor(String recordId, Instant stamp) {}
}
