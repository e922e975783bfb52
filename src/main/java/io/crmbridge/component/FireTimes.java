package io.crmbridge.component;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import org.quartz.CronExpression;

/** When a Quartz cron expression fires. */
public final class FireTimes {
    private static final int TOO_MANY = 10_000;
    private static final Duration LATELY = Duration.ofHours(2);

    private final CronExpression cron;

    /** @throws IllegalArgumentException when it is none, never fires, or there is no such time zone; says what to write */
    public FireTimes(String expression, Optional<String> timeZone, Instant now) {
        try {
            this.cron = new CronExpression(expression);
        } catch (ParseException e) {
            throw new IllegalArgumentException(
                    "cron=%s is no Quartz expression (%s): write for example 0 0 6 ? * MON-FRI"
                            .formatted(expression, e.getMessage()),
                    e);
        }
        // Quartz itself takes a zone that it does not know for GMT.
        timeZone.filter(zone -> !ZoneId.getAvailableZoneIds().contains(zone)).ifPresent(zone -> {
            throw new IllegalArgumentException("there is no time zone \"%s\"%s: write for example Europe/Berlin"
                    .formatted(zone, NearestWord.hint(zone, ZoneId.getAvailableZoneIds())));
        });
        timeZone.map(TimeZone::getTimeZone).ifPresent(cron::setTimeZone);
        if (next(now).isEmpty()) {
            throw new IllegalArgumentException("cron=%s never fires again".formatted(expression));
        }
    }

    CronExpression expression() {
        return cron;
    }

    public Optional<Instant> next(Instant after) {
        return Optional.ofNullable(cron.getNextValidTimeAfter(Date.from(after))).map(Date::toInstant);
    }

    /** The last fire that was due after one time and up to another. */
    public Optional<Instant> last(Instant after, Instant upTo) {
        Optional<Instant> last = Optional.empty();
        Instant at = after;
        for (int count = 0; count < TOO_MANY; count++) {
            Optional<Instant> next = next(at).filter(time -> !time.isAfter(upTo));
            if (next.isEmpty()) {
                return last;
            }
            last = next;
            at = next.get();
        }
        // As often as that: so near the end too.
        return last(upTo.minus(LATELY), upTo).or(() -> Optional.of(upTo));
    }
}
