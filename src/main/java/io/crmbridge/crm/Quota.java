package io.crmbridge.crm;

import java.time.Duration;
import java.util.Optional;

/** How many calls a credential may make: asked before each one, by whoever sends it. Thread-safe. */
public interface Quota extends AutoCloseable {

    /** Who goes first where not all can. */
    enum Lane {
        WRITE,
        POLL,
        /** Reading what was there before. */
        BACK_FILL
    }

    /**
     * One call, which may be sent now. It counts while it is under way, and for the time of each window after it was closed.
     * Thread-safe.
     */
    interface Permit extends AutoCloseable {
        /** The call was answered, or has failed and will not arrive any more. Any time but the first does nothing. */
        @Override
        void close();
    }

    /**
     * Takes one call of each window, and waits for it as long as that takes less than a window of a minute.
     *
     * @return to be closed within five minutes, after which it counts as closed
     * @throws CrmException of verdict WAIT, with the time to wait, where the day is spent or the CRM asked to be left alone for
     *     longer, and when it was closed
     */
    Permit take(Lane lane);

    /** The CRM answered that there were too many calls all the same. @param retryAfter as it asked */
    void exceeded(Optional<Duration> retryAfter);

    @Override
    void close();

    /** For a CRM that states no limits. */
    Quota NONE = new Quota() {
        @Override
        public Permit take(Lane lane) {
            return () -> {};
        }

        @Override
        public void exceeded(Optional<Duration> retryAfter) {}

        @Override
        public void close() {}
    };
}
