package io.crmbridge.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When scheduled routes fired, and how that went. Thread-safe. */
public interface Schedules {

    /** Notes a route's schedule and when it fires next; what is known of its fires stays. */
    Schedule plan(String bundle, String routeId, Optional<Instant> next);

    /**
     * A fire begins.
     *
     * @param due when it was to fire, which is earlier than now for one that was missed
     */
    void fired(String bundle, String routeId, Instant due, Optional<Instant> next);

    /**
     * The fire that was due then failed and is tried again: it has not ended.
     *
     * @param effects keys of what has succeeded and is not repeated, separated by blanks
     */
    void postponed(String bundle, String routeId, Instant due, String failure, String effects);

    /** The fire that was due then has ended; empty: well. */
    void ended(String bundle, String routeId, Instant due, Optional<String> failure);

    List<Schedule> all();

    /**
     * @param since when the schedule was first known
     * @param due when the last fire was due
     * @param fired when it began; later than {@code due} when it was missed
     * @param ended empty while it runs or is to be tried again, or when the bridge was stopped in the middle of it
     * @param failure of its last try
     * @param succeeded when a fire last ended well
     * @param attempts how often the last fire began
     * @param effects keys of what has succeeded in it, separated by blanks
     */
    record Schedule(
            String bundle,
            String routeId,
            Instant since,
            Optional<Instant> due,
            Optional<Instant> fired,
            Optional<Instant> ended,
            Optional<String> failure,
            Optional<Instant> succeeded,
            Optional<Instant> next,
            int attempts,
            String effects) {}
}
