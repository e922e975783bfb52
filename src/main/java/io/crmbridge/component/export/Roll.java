package io.crmbridge.component.export;

import io.crmbridge.state.ExportLedger.ExportFile;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.TimeUtils;

/** When a file is finished: at so many rows, so many bytes, or so long after its first row. */
record Roll(long rows, long bytes, Duration age) {
    private static final Duration NEVER = Duration.ofDays(36_500);
    private static final Pattern COUNTED = Pattern.compile("(\\d{1,12})(rows|kb|mb|gb)");

    static Roll parse(String text) {
        Matcher counted = COUNTED.matcher(text.strip().toLowerCase(Locale.ROOT).replace(" ", ""));
        if (counted.matches()) {
            long number = Math.max(1, Long.parseLong(counted.group(1)));
            return switch (counted.group(2)) {
                case "rows" -> new Roll(number, Long.MAX_VALUE, NEVER);
                case "kb" -> new Roll(Long.MAX_VALUE, number << 10, NEVER);
                case "mb" -> new Roll(Long.MAX_VALUE, number << 20, NEVER);
                default -> new Roll(Long.MAX_VALUE, number << 30, NEVER);
            };
        }
        try {
            Duration age = TimeUtils.toDuration(text);
            if (!age.isNegative() && !age.isZero()) {
                return new Roll(Long.MAX_VALUE, Long.MAX_VALUE, age);
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(wrong(text), e);
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static String wrong(String text) {
        return "roll=%s is neither a number of rows (10000rows), a size (100MB) nor a time (1h)".formatted(text);
    }

    boolean isFull(ExportFile file, long entries, long length) {
        return entries >= rows || length >= bytes;
    }

    boolean isOld(ExportFile file, Instant now) {
        return !file.openedAt().plus(age).isAfter(now);
    }
}
