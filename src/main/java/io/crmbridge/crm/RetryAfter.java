package io.crmbridge.crm;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The Retry-After and Date headers (RFC 9110): seconds, or a date. */
public final class RetryAfter {
    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /** How long to wait from {@code now}; empty where the header is missing or unreadable; a day at most. */
    public static Optional<Duration> parse(String header, Instant now) {
        if (header == null) {
            return Optional.empty();
        }
        String text = header.strip();
        Optional<Duration> wait = text.chars().allMatch(Character::isDigit) && !text.isEmpty() && text.length() < 10
                ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                : date(text).map(at -> Duration.between(now, at));
        return wait.map(d -> d.isNegative() ? Duration.ZERO : d.compareTo(LONGEST) > 0 ? LONGEST : d);
    }

    public static Optional<Instant> date(String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
