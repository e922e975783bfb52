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
     * Takes one call of each window, and waits for it as long as that takes less than a window of a minute.
     *
     * @throws CrmException of verdict WAIT, with the time to wait, where the day is spent or the CRM asked to be left alone for
     *     longer, and when it was closed
     */
    void take(Lane lane);

    /** The CRM answered that there were too many calls all the same. @param retryAfter as it asked */
    void exceeded(Optional<Duration> retryAfter);

    @Override
    void close();

    /** For a CRM that states no limits. */
    Quota NONE = new Quota() {
        @Override
        public void take(Lane lane) {}

        @Override
        public void exceeded(Optional<Duration> retryAfter) {}

        @Override
        public void close() {}
    };
}
