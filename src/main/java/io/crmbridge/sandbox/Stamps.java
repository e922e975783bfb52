package io.crmbridge.sandbox;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** The two ways the CRM writes an instant: ISO 8601 in its rows, the HTTP form in its {@code Date} header. */
public final class Stamps {
    // ISO_INSTANT drops zero milliseconds; the CRM always writes three digits.
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    // RFC_1123_DATE_TIME writes the day of the month with one digit, which HTTP does not allow.
    private static final DateTimeFormatter HTTP = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private Stamps() {}

    public static String iso(Instant instant) {
        return ISO.format(instant);
    }

    static String isoOrNull(Instant instant) {
        return instant == null ? null : iso(instant);
    }

    public static String http(Instant instant) {
        return HTTP.format(instant);
    }

    /** An ISO 8601 date and time with an offset, or a date alone, which means its first instant in UTC. */
    public static Optional<Instant> parse(Object text) {
        if (!(text instanceof String stamp)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    stamp.length() == 10
                            ? LocalDate.parse(stamp)
                                    .atStartOfDay(ZoneOffset.UTC)
                                    .toInstant()
                            : Instant.parse(stamp));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
