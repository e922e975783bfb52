package io.crmbridge.crm;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.locks.Condition;

/** A clock that whoever waits moves on by the time that it would wait. */
final class DrivenClock extends Clock implements SlidingQuota.Pause {
    static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");

    private volatile Instant now = BEGIN;

    void advance(Duration time) {
        now = now.plus(time);
    }

    /** Since the beginning. */
    Duration passed() {
        return Duration.between(BEGIN, now);
    }

    @Override
    public void await(Condition turn, Duration time) {
        advance(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
