package io.crmbridge.feed;

import java.time.Duration;

/** Polls sooner while pages fill: a page that is half new halves the wait, one with little news doubles it back. */
final class AdaptiveInterval {
    private static final Duration FLOOR = Duration.ofSeconds(30);
    private Duration wish = Duration.ofMinutes(5);
    private Duration now = wish;

    void wish(Duration delay) {
        wish = delay;
        now = delay;
    }

    Duration after(FeedPoller.Report report) {
        // A list without a cap does not overflow.
        double fill = report.cap() == 0 ? 0 : (double) report.changes() / report.cap();
        Duration floor = wish.compareTo(FLOOR) < 0 ? wish.dividedBy(4) : FLOOR;
        if (fill >= 0.5) {
            now = longer(now.dividedBy(2), floor);
        } else if (fill < 0.25 && now.compareTo(wish) < 0) {
            now = now.multipliedBy(2).compareTo(wish) > 0 ? wish : now.multipliedBy(2);
        }
        return now;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
