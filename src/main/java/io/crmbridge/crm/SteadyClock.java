package io.crmbridge.crm;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/**
 * Goes on from another clock's time at the pace of the machine: where somebody sets that one, a quota must neither forget
 * what it has just sent nor wait for the time to come again. Thread-safe.
 */
final class SteadyClock extends Clock {
    private final Clock began;
    private final Instant at;
    private final long nanos = System.nanoTime();

    SteadyClock(Clock began) {
        this.began = began;
        this.at = began.instant();
    }

    @Override
    public Instant instant() {
        return at.plusNanos(System.nanoTime() - nanos);
    }

    @Override
    public ZoneId getZone() {
        return began.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SteadyClock(began.withZone(zone));
    }
}
