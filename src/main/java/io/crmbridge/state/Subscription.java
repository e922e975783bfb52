package io.crmbridge.state;

import java.time.Instant;
import java.util.Optional;

/**
 * One route's place in the log for one feed.
 *
 * @param position everything up to here is done, parked or dead
 * @param doneAbove what is done beyond it, as ranges of numbers: {@code 12-15,18}
 */
public record Subscription(
        long id,
        String bundle,
        String name,
        String routeId,
        long feedId,
        StartFrom startFrom,
        long position,
        String doneAbove,
        State state,
        Optional<String> reason,
        Instant since,
        long delivered,
        long handled,
        Optional<Instant> lastDeliveredAt,
        Optional<String> options) {
    /** The reason of a pause that somebody asked for. */
    public static final String PAUSED_BY_A_PERSON = "paused by a person";

    public enum StartFrom {
        /** Only what is observed from here on. */
        NOW,
        /** First the latest version of every known record. */
        MIRROR,
        /** The oldest still in the log. */
        BEGINNING
    }

    public enum State {
        ACTIVE,
        /** Waits for its target, probing now and then. */
        TARGET_DOWN,
        /** Stopped by itself, with an alarm: a person must look. */
        ALARM,
        /** Paused by a person. */
        PAUSED
    }
}
