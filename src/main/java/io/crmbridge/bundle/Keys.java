package io.crmbridge.bundle;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.util.TimeUtils;

/** Resolved {@code bridge.*} keys, read as what they must be: what is not that is told with its key and what to write. */
record Keys(Map<String, String> values) {
    private static final Pattern BODY_SIZE = Pattern.compile("([1-9]\\d{0,2})(KB|MB)");

    Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
    }

    int size(String key, int usual) {
        Optional<String> text = get(key);
        if (text.isEmpty()) {
            return usual;
        }
        Matcher size = BODY_SIZE.matcher(text.get());
        if (!size.matches()) {
            throw new BundleException(List.of(finding(
                    "%s=%s is no size from 1KB to 999MB: write for example 500KB or 10MB".formatted(key, text.get()))));
        }
        return Integer.parseInt(size.group(1)) << (size.group(2).equals("KB") ? 10 : 20);
    }

    Map<String, String> headers(String prefix) {
        Map<String, String> headers = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                headers.put(key.substring(prefix.length()), value);
            }
        });
        return headers;
    }

    Set<String> names(String prefix) {
        return values.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()).split("\\.")[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Optional<URI> url(String key, String text, List<Finding> findings) {
        try {
            URI url = URI.create(text);
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return Optional.of(url);
            }
        } catch (IllegalArgumentException e) {
            // Told below, like every other text that is no URL.
        }
        findings.add(finding("%s is no URL: write for example https://example.com/path".formatted(key)));
        return Optional.empty();
    }

    boolean flag(String key, boolean usual) {
        String text = get(key).orElse(Boolean.toString(usual));
        if (!text.equals("true") && !text.equals("false")) {
            throw new BundleException(List.of(finding("%s=%s is neither true nor false".formatted(key, text))));
        }
        return text.equals("true");
    }

    int number(String key, int usual) {
        return number(key, usual, 1024);
    }

    int number(String key, int usual, int most) {
        try {
            int number = get(key).map(Integer::parseInt).orElse(usual);
            if (number > 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of bounds.
        }
        throw new BundleException(
                List.of(finding("%s=%s is no number from 1 to %d".formatted(key, values.get(key), most))));
    }

    Duration duration(String key, Duration usual) {
        try {
            Duration duration = get(key).map(TimeUtils::toDuration).orElse(usual);
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (RuntimeException e) {
            // Told below, like a duration that is not positive.
        }
        throw new BundleException(List.of(
                finding("%s=%s is no duration: write for example 30s, 5m or 1h".formatted(key, values.get(key)))));
    }

    static Finding finding(String text) {
        return new Finding("application.properties", 0, text);
    }

    static BundleException refused(String what) {
        return new BundleException(List.of(finding(what)));
    }

    /** Without values, which may be secrets. */
    @Override
    public String toString() {
        return "Keys" + values.keySet();
    }
}
