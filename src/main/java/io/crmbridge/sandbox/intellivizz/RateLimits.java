package io.crmbridge.sandbox.intellivizz;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What each key asked for, and whether it may. Access tokens of one grant count together. Thread-safe. */
final class RateLimits {
    private final Map<String, Arrivals> byToken = new ConcurrentHashMap<>();
    private volatile List<RateLimit> limits = RateLimit.DOCUMENTED;
    private volatile LongSupplier nanos = System::nanoTime;

    void limits(List<RateLimit> newLimits) {
        limits = List.copyOf(newLimits);
    }

    void timedBy(LongSupplier newNanos) {
        nanos = newNanos;
    }

    void count(String token, Arrivals arrivals) {
        byToken.put(token, arrivals);
    }

    /** How long to wait where a limit is exceeded; a token that was never given is not counted. */
    Optional<Duration> arrived(String token) {
        Arrivals arrivals = byToken.get(token);
        return arrivals == null ? Optional.empty() : arrivals.add(nanos, limits);
    }

    /** Throws IllegalArgumentException for a token that was never given. */
    Arrivals of(String token) {
        Arrivals arrivals = byToken.get(token);
        if (arrivals == null) {
            throw new IllegalArgumentException("No key or access token is like the one that was asked for.");
        }
        return arrivals;
    }
}
