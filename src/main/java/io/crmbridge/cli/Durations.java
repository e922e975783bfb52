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
            return TimeUtils.toDuration(text);
        } catch (RuntimeException e) {
            throw new TypeConversionException("'%s' is no duration: write for example 20s, 5m or 1h".formatted(text));
        }
    }
}
