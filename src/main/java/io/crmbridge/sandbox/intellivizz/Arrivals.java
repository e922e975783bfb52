package io.crmbridge.sandbox.intellivizz;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * When the requests of one key arrived: all of them, those that were refused too. Two that lie exactly a window's length apart are
 * not in one window. Thread-safe.
 */
final class Arrivals {
    private long[] times = new long[64];
    private int count;
    private long refused;

    /** @param clock read in here, so that the times are in order @return how long to wait where a limit is exceeded by this one */
    synchronized Optional<Duration> add(LongSupplier clock, List<RateLimit> limits) {
        if (count == times.length) {
            times = Arrays.copyOf(times, count * 2);
        }
        long now = clock.getAsLong();
        times[count++] = now;
        long wait = 0;
        for (RateLimit limit : limits) {
            long window = limit.window().toNanos();
            int before = count - 1 - limit.requests();
            if (before >= 0 && now - times[before] < window) {
                // Of those that count now, all but one less than the limit must have left the window.
                wait = Math.max(wait, times[count - limit.requests()] + window - now);
            }
        }
        if (wait == 0) {
            return Optional.empty();
        }
        refused++;
        return Optional.of(Duration.ofNanos(wait));
    }

    synchronized long count() {
        return count;
    }

    synchronized long refused() {
        return refused;
    }

    /** The most that lie in any window of this length. */
    synchronized int mostIn(Duration window) {
        long length = window.toNanos();
        int most = 0;
        int first = 0;
        for (int last = 0; last < count; last++) {
            while (times[last] - times[first] >= length) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
