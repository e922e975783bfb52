package io.crmbridge.crm;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How many calls a credential may make within any stretch of time of each length. Immutable. */
public record QuotaLimits(List<Window> windows) {
    private static final Pattern WINDOW = Pattern.compile("([1-9]\\d{0,8})/([1-9]\\d{0,8})(ms|s|m|h|d)");
    private static final Duration LONGEST = Duration.ofDays(31);
    /** Longer ones are counted by minutes, and not waited for. */
    private static final Duration SHORT = Duration.ofMinutes(5);
    /** The time of each call in a short window is kept. */
    private static final int MOST_IN_SHORT = 10_000;

    /** @param text as it was written, for example {@code 100/1m} */
    public record Window(int calls, Duration time, String text) {

        /** For how long an answered call counts: a fiftieth longer, because clocks differ in pace and a CRM rounds. */
        Duration kept() {
            return time.plus(time.dividedBy(50));
        }

        boolean isLong() {
            return time.compareTo(SHORT) > 0;
        }

        /** For example {@code daily quota}. */
        String name() {
            return time.equals(Duration.ofDays(1)) ? "daily quota" : "quota of " + text;
        }

        /** For example {@code daily quota of 100,000 calls}. */
        String words() {
            String number = String.format(Locale.ROOT, "%,d", calls);
            return time.equals(Duration.ofDays(1))
                    ? "daily quota of %s calls".formatted(number)
                    : "quota of %s calls in %s".formatted(number, text.substring(text.indexOf('/') + 1));
        }
    }

    public QuotaLimits {
        windows = List.copyOf(windows);
    }

    /**
     * Reads for example {@code 30/10s,100/1m,100000/1d}: calls and a time in ms, s, m, h or d.
     *
     * @throws IllegalArgumentException that says what to write
     */
    public static QuotaLimits parse(String text) {
        return new QuotaLimits(Arrays.stream(text.split(",", -1))
                .map(part -> window(part.strip()))
                .toList());
    }

    private static Window window(String text) {
        Matcher match = WINDOW.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "\"%s\" is no number of calls within a time: write for example 30/10s,100/1m,100000/1d"
                            .formatted(text));
        }
        Window window = new Window(
                Integer.parseInt(match.group(1)), time(Long.parseLong(match.group(2)), match.group(3)), text);
        if (window.time().compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("%s is longer than 31d: write a shorter time".formatted(text));
        }
        if (!window.isLong() && window.calls() > MOST_IN_SHORT) {
            throw new IllegalArgumentException(
                    "%s are more calls than are counted one by one: write at most %d for a time up to %dm"
                            .formatted(text, MOST_IN_SHORT, SHORT.toMinutes()));
        }
        return window;
    }

    private static Duration time(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** As it can be read again. */
    @Override
    public String toString() {
        return windows.stream().map(Window::text).collect(Collectors.joining(","));
    }
}
