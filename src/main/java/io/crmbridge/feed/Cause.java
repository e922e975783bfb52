package io.crmbridge.feed;

import java.util.List;

/**
 * Something that is not well, as it stands now.
 *
 * @param kind one of {@link #KINDS}
 * @param subject what it befell: a route, a connection, a feed of a connection
 * @param text one sentence for a person, without a record's data
 * @param lasting whether it has lasted long enough to tell somebody who does not look
 */
public record Cause(String kind, String subject, String text, boolean lasting) {
    public static final String GAP = "gap";
    public static final String QUARANTINE = "quarantine";
    public static final String FEED_FAILING = "feed-failing";
    public static final String KEY_REFUSED = "key-refused";
    public static final String DEAD_LETTER = "dead-letter";
    public static final String ROUTE_PAUSED = "route-paused";
    public static final String TARGET_DOWN = "target-down";
    public static final String SCHEDULE_FAILED = "schedule-failed";
    public static final String STALE = "stale";
    public static final String UNKNOWN_WRITE = "unknown-write";
    public static final String MISMATCH = "mismatch";
    public static final String FLOOD_GATE = "flood-gate";
    public static final String QUOTA = "quota";

    public static final List<String> KINDS = List.of(
            GAP,
            QUARANTINE,
            FEED_FAILING,
            KEY_REFUSED,
            DEAD_LETTER,
            ROUTE_PAUSED,
            TARGET_DOWN,
            SCHEDULE_FAILED,
            STALE,
            UNKNOWN_WRITE,
            MISMATCH,
            FLOOD_GATE,
            QUOTA);

    String id() {
        return kind + " " + subject;
    }
}
