package io.crmbridge.bundle;

import io.crmbridge.component.SnapshotOptions;
import io.crmbridge.crm.QuotaLimits;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.util.TimeUtils;

/** Whether polling alone needs more calls than a key may make. A feed of each sequence counts as one, which it is at least. */
final class QuotaCheck {
    private static final Duration USUAL = Duration.ofMinutes(5);
    private static final double HOUR = Duration.ofHours(1).toMillis();

    private QuotaCheck() {}

    /** The use that has a feed polled most often. */
    private record Poll(Use use, Duration delay) {
        double anHour() {
            return HOUR / delay.toMillis();
        }
    }

    static void check(Subject subject) {
        Map<String, Map<String, Poll>> feeds = new TreeMap<>();
        for (Use use : subject.uses()) {
            boolean polls = use.isSource() || use.option("operation").equals(Optional.of(SnapshotOptions.OPERATION));
            if (polls
                    && ConnectionCheck.CRMS.contains(use.scheme())
                    && subject.config().isRouteEnabled(use.route().getRouteId())) {
                delay(use)
                        .ifPresent(delay -> connections(subject, use)
                                .forEach(name -> feeds.computeIfAbsent(name, unused -> new LinkedHashMap<>())
                                        .merge(
                                                use.base()
                                                        + use.option("sequence")
                                                        + use.option("form")
                                                        + use.option("contact"),
                                                new Poll(use, delay),
                                                (one, other) ->
                                                        one.delay().compareTo(other.delay()) <= 0 ? one : other)));
            }
        }
        feeds.forEach((connection, polls) -> check(subject, connection, polls));
    }

    private static Iterable<String> connections(Subject subject, Use use) {
        String name = ConnectionCheck.connection(use);
        Map<String, String> types = subject.config().crm().connectionTypes();
        return name.equals("*")
                ? types.keySet().stream()
                        .filter(each -> types.get(each).equals(use.scheme()))
                        .toList()
                : java.util.List.of(name);
    }

    private static Optional<Duration> delay(Use use) {
        try {
            return Optional.of(use.option("delay").map(TimeUtils::toDuration).orElse(USUAL))
                    .filter(delay -> !delay.isNegative() && !delay.isZero());
        } catch (RuntimeException e) {
            // The check of the address tells what is wrong with it.
            return Optional.empty();
        }
    }

    private static void check(Subject subject, String connection, Map<String, Poll> polls) {
        Optional<QuotaLimits> quota;
        try {
            quota = subject.config().crm().quota(connection);
        } catch (BundleException e) {
            // Told with the other values that cannot be read.
            return;
        }
        double calls = polls.values().stream().mapToDouble(Poll::anHour).sum();
        quota.stream()
                .flatMap(limits -> limits.windows().stream())
                .min(Comparator.comparingDouble(QuotaCheck::anHour))
                .filter(window -> calls > anHour(window))
                .ifPresent(window -> {
                    Poll most = polls.values().stream()
                            .max(Comparator.comparingDouble(Poll::anHour)
                                    .thenComparing(poll -> poll.use().has("delay")))
                            .orElseThrow();
                    subject.report()
                            .warning(
                                    Code.OVER_QUOTA,
                                    most.use()
                                            .atValue(
                                                    "delay",
                                                    "the feeds of connection %s need %.0f calls an hour for polling alone, and its quota of %s allows %.0f: lengthen delay, here or on its other feeds"
                                                            .formatted(
                                                                    connection, calls, window.text(), anHour(window))));
                });
    }

    private static double anHour(QuotaLimits.Window window) {
        return window.calls() * HOUR / window.time().toMillis();
    }
}
