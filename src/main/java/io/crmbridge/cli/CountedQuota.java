package io.crmbridge.cli;

import io.crmbridge.crm.Quota;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the calls that a quota lets through. Thread-safe. */
record CountedQuota(Quota real, AtomicLong calls) implements Quota {
    @Override
    public Permit take(Lane lane) {
        Permit permit = real.take(lane);
        calls.incrementAndGet();
        return permit;
    }

    @Override
    public void exceeded(Optional<Duration> retryAfter) {
        real.exceeded(retryAfter);
    }

    @Override
    public void close() {
        real.close();
    }
}
