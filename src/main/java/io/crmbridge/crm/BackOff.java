package io.crmbridge.crm;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits that double from {@code first} to {@code longest}, each shortened by up to a fifth so that many do not meet. */
public record BackOff(Duration first, Duration longest) {

    /** @param attempt how many tries have failed, at least 1 */
    public Duration after(int attempt, RandomGenerator random) {
        long doubled = first.toMillis() << Math.min(Math.max(attempt, 1) - 1, 30);
        long capped = doubled <= 0 ? longest.toMillis() : Math.min(doubled, longest.toMillis());
        return Duration.ofMillis(Math.round(capped * (1 - 0.2 * random.nextDouble())));
    }
}
