package io.crmbridge.cli;

import java.time.Duration;
import org.apache.camel.util.TimeUtils;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 20s}, {@code 5m}, {@code 1h}. */
final class Durations implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            Duration duration = TimeUtils.toDuration(text);
            // A bare number would be milliseconds, which nobody means.
            if (!text.matches("\\d+") && !duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (RuntimeException e) {
            // Told below, like a duration that is none to wait for.
        }
        throw new TypeConversionException("'%s' is no duration: write for example 20s, 5m or 1h".formatted(text));
    }
}
