package io.crmbridge.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.BooleanSupplier;
import org.quartz.CronExpression;

/** Fires by a Quartz cron expression until the action says no. */
final class CronFeeding {
    private final CronExpression cron;
    private final Clock clock;
    private final Timer timer;
    private final BooleanSupplier action;

    CronFeeding(CronExpression cron, Clock clock, Timer timer, BooleanSupplier action) {
        this.cron = cron;
        this.clock = clock;
        this.timer = timer;
        this.action = action;
    }

    void start() {
        Instant now = clock.instant();
        Date next = cron.getNextValidTimeAfter(Date.from(now));
        if (next != null) {
            timer.schedule(Duration.between(now, next.toInstant()), () -> {
                if (action.getAsBoolean()) {
                    start();
                }
            });
        }
    }
}
