package io.crmbridge.feed;

import io.crmbridge.crm.BackOff;
import java.time.Duration;

/** How often and how long a passing failure is tried again before it becomes a dead letter. */
public record RetryPolicy(int attempts, Duration delay, Duration maxDelay) {
    public static final RetryPolicy DEFAULT = new RetryPolicy(12, Duration.ofSeconds(1), Duration.ofMinutes(5));

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("retry.attempts must be at least 1, not " + attempts);
        }
    }

    BackOff backOff() {
        return new BackOff(delay, maxDelay);
    }
}
