package io.crmbridge.component.inbox;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** So many requests within any minute. Thread-safe. */
final class RateLimit {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final int most;
    private final Clock clock;
    private final Deque<Instant> taken = new ArrayDeque<>();

    RateLimit(int most, Clock clock) {
        this.most = most;
        this.clock = clock;
    }

    /** @throws Refusal with the time after which there is room again */
    synchronized void take() throws Refusal {
        Instant now = clock.instant();
        while (!taken.isEmpty() && !taken.peekFirst().plus(MINUTE).isAfter(now)) {
            taken.removeFirst();
        }
        if (taken.size() >= most) {
            long wait = Duration.between(now, taken.peekFirst().plus(MINUTE)).toSeconds() + 1;
            throw new Refusal(
                    429,
                    "more than %d requests in a minute".formatted(most),
                    Map.of("Retry-After", Long.toString(wait)));
        }
        taken.addLast(now);
    }
}
