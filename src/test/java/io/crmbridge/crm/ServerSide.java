package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.crm.QuotaLimits.Window;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/** What a CRM sees: when calls arrive, in microseconds. Checks every stretch of time of each window's length. */
final class ServerSide {
    private long[] arrivals = new long[1024];
    private int count;

    synchronized void arrived(long micros) {
        if (count == arrivals.length) {
            arrivals = Arrays.copyOf(arrivals, 2 * count);
        }
        arrivals[count++] = micros;
    }

    synchronized int count() {
        return count;
    }

    synchronized Duration between(int first, int second) {
        return Duration.of(arrivals[second] - arrivals[first], ChronoUnit.MICROS);
    }

    /** No window, wherever it begins, holds more than its limit: a call and the one a limit later are a window apart. */
    synchronized void check(QuotaLimits limits) {
        long[] sorted = Arrays.copyOf(arrivals, count);
        Arrays.sort(sorted);
        for (Window window : limits.windows()) {
            long shortest = Long.MAX_VALUE;
            for (int i = window.calls(); i < count; i++) {
                shortest = Math.min(shortest, sorted[i] - sorted[i - window.calls()]);
            }
            assertThat(shortest)
                    .as("the shortest time that saw more than %s, in microseconds", window.text())
                    .isGreaterThanOrEqualTo(SentCalls.micros(window.time()));
        }
    }
}
