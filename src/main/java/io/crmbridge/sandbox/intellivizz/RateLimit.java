package io.crmbridge.sandbox.intellivizz;

import java.time.Duration;
import java.util.List;

/** At most so many requests in any window of this length. */
public record RateLimit(int requests, Duration window) {
    /** "30 in any 10 s", "100 a minute", "100,000 a day", per key. */
    public static final List<RateLimit> DOCUMENTED = List.of(
            new RateLimit(30, Duration.ofSeconds(10)),
            new RateLimit(100, Duration.ofMinutes(1)),
            new RateLimit(100_000, Duration.ofDays(1)));

    public RateLimit {
        if (requests < 1) {
            throw new IllegalArgumentException("requests must be at least 1, and is " + requests);
        }
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("window must be longer than nothing, and is " + window);
        }
    }
}
