package io.crmbridge.feed;

import java.time.Duration;
import java.util.Optional;

/** How the delivery of a change ended. Reasons are for people and carry no record's data. */
public sealed interface Outcome {

    /** Empty where nothing failed. */
    default String reason() {
        return "";
    }

    /** @param handledByRoute the route's own error handler dealt with a failure */
    record Done(boolean handledByRoute) implements Outcome {}

    /** May go through later: refused connection, time-out, 408, 425, 429, 5xx. */
    record Passing(String reason, Optional<Duration> retryAfter) implements Outcome {}

    /**
     * Will never go through as it is: a dead letter at once.
     *
     * @param ofRecord what came in is to blame and nothing else, so that many of them in a row say nothing of the route
     */
    record Permanent(String reason, boolean ofRecord) implements Outcome {
        public Permanent(String reason) {
            this(reason, false);
        }
    }

    /** The target is surely down for every record: wait, burn no attempts. */
    record TargetDown(String reason) implements Outcome {}

    /** The target refuses us (401, 403, 404, 410): stop and call a person, before a feed becomes dead letters. */
    record Refused(String reason) implements Outcome {}

    Outcome DONE = new Done(false);
}
