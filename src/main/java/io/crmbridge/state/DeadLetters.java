package io.crmbridge.state;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Changes that a route could not process, kept with their error. Thread-safe. */
public interface DeadLetters {

    /** Newest first; without {@code all} only those that are still dead. */
    List<DeadLetter> list(boolean all);

    Optional<DeadLetter> get(long id);

    /** Parks the change again for its route, to be tried at once. False unless it is dead. */
    boolean replay(long id);

    /** Gives the change up for good; it stays on record. False unless it is dead. */
    boolean drop(long id);

    record DeadLetter(
            long id,
            long subscriptionId,
            String route,
            String feed,
            long seq,
            String recordId,
            int attempts,
            String reason,
            Instant diedAt,
            State state) {}

    /** Dead may become replayed or dropped; both are final (a replayed change that fails again is a new dead letter). */
    enum State {
        DEAD,
        REPLAYED,
        DROPPED;

        boolean allows(State next) {
            return this == DEAD && next != DEAD;
        }
    }
}
