package io.crmbridge.component;

import io.crmbridge.feed.RetryPolicy;
import io.crmbridge.state.Subscription.StartFrom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.util.TimeUtils;
import org.quartz.CronExpression;

/** Options of every source that reads the log; the same for each connector and for inboxes. */
@UriParams
public class FeedOptions {
    private static final Set<String> RETRY = Set.of("attempts", "delay", "maxDelay", "passing", "permanent");

    @UriParam(
            label = "consumer",
            description = "Identity of the route's place in the log; the route's id unless it is set. A route that is"
                    + " renamed keeps its place if it names its former id here")
    private String subscription;

    @UriParam(
            label = "consumer",
            enums = "now,mirror,beginning",
            description = "Where a new subscription begins. now, unless it is set: with what is observed from here on;"
                    + " mirror: first the latest version of every known record; beginning: with the oldest change still in"
                    + " the log. An inbox knows no mirror, and begins at the beginning unless it is set")
    private String startFrom = "now";

    @UriParam(
            defaultValue = "5m",
            javaType = "java.time.Duration",
            description =
                    "How often the feed is polled, at the shortest delay of its routes and snapshots; sooner while"
                            + " pages fill")
    private String delay = "5m";

    @UriParam(
            label = "consumer",
            description = "Quartz cron expression: the route is fed, after a fresh poll, when it fires")
    private String cron;

    @UriParam(
            label = "consumer",
            description = "Time zone of cron, for example Europe/Berlin; the machine's own unless it is set")
    private String timeZone;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description = "How many changes are delivered at a time; changes of one record stay in order")
    private int parallel = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description =
                    "Most changes in one exchange. More than 1: the body is a List, and a redelivered batch is the"
                            + " same batch")
    private int batchSize = 1;

    @UriParam(
            label = "consumer",
            prefix = "retry.",
            multiValue = true,
            description = "How passing failures are tried again: retry.attempts (12), retry.delay (1s), retry.maxDelay"
                    + " (5m); retry.passing and retry.permanent list HTTP statuses that count otherwise than usual")
    private Map<String, Object> retry = new HashMap<>();

    @UriParam(description = "Comma-separated names of the top-level fields that the route gets; all unless it is set")
    private String fields;

    @UriParam(
            label = "consumer",
            defaultValue = "true",
            description = "false allows steps that end before the work is done (aggregate, wireTap, seda that does not"
                    + " wait, ...): what is in them is lost when the process dies")
    private boolean durable = true;

    /** The time between polls as configured. @throws IllegalArgumentException when it is none, or too short */
    public Duration delay(boolean allowFast) {
        Duration wait = duration("delay", delay);
        if (wait.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("delay=%s is shorter than 100 ms".formatted(delay));
        }
        if (!allowFast && wait.compareTo(Duration.ofSeconds(30)) < 0) {
            throw new IllegalArgumentException(
                    "delay=%s is under 30 s, which spends the key's quota: use 30s or more, or set bridge.allow-fast-poll=true"
                            .formatted(delay));
        }
        return wait;
    }

    /** @throws IllegalArgumentException when an option is not what it should be */
    public void check(boolean allowFast) {
        delay(allowFast);
        retryPolicy();
        outcomes();
        cronExpression();
        if (parallel < 1 || parallel > 256) {
            throw new IllegalArgumentException("parallel=%d is not within 1 to 256".formatted(parallel));
        }
        if (batchSize < 1 || batchSize > 10_000) {
            throw new IllegalArgumentException("batchSize=%d is not within 1 to 10000".formatted(batchSize));
        }
    }

    static Duration duration(String option, String text) {
        try {
            return TimeUtils.toDuration(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s=%s is no duration: write for example 30s, 5m or 1h".formatted(option, text), e);
        }
    }

    StartFrom start() {
        return StartFrom.valueOf(startFrom.toUpperCase(Locale.ROOT));
    }

    Optional<CronExpression> cronExpression() {
        if (cron == null && timeZone != null) {
            throw new IllegalArgumentException("timeZone is an option of cron, which is not set");
        }
        return Optional.ofNullable(cron)
                .map(text -> new FireTimes(text, Optional.ofNullable(timeZone), Instant.now()).expression());
    }

    RetryPolicy retryPolicy() {
        for (String name : retry.keySet()) {
            if (!RETRY.contains(name)) {
                throw new IllegalArgumentException("no option retry.%s: there are retry.%s"
                        .formatted(
                                name,
                                String.join(", retry.", RETRY.stream().sorted().toList())));
            }
        }
        RetryPolicy usual = RetryPolicy.DEFAULT;
        return new RetryPolicy(
                retry.containsKey("attempts")
                        ? number("retry.attempts", retry.get("attempts").toString())
                        : usual.attempts(),
                retry.containsKey("delay")
                        ? duration("retry.delay", retry.get("delay").toString())
                        : usual.delay(),
                retry.containsKey("maxDelay")
                        ? duration("retry.maxDelay", retry.get("maxDelay").toString())
                        : usual.maxDelay());
    }

    Outcomes outcomes() {
        return new Outcomes(statuses("passing"), statuses("permanent"));
    }

    private Set<Integer> statuses(String name) {
        Object listed = retry.get(name);
        return listed == null
                ? Set.of()
                : Arrays.stream(listed.toString().split(","))
                        .map(text -> number("retry." + name, text.strip()))
                        .collect(Collectors.toSet());
    }

    private static int number(String option, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s=%s is no number".formatted(option, text), e);
        }
    }

    static List<String> names(String listed) {
        return Arrays.stream(listed.split(",")).map(String::strip).toList();
    }

    Optional<Set<String>> allowedFields() {
        return Optional.ofNullable(fields).map(names -> new LinkedHashSet<>(names(names)));
    }

    public String getSubscription() {
        return subscription;
    }

    public void setSubscription(String subscription) {
        this.subscription = subscription;
    }

    public String getStartFrom() {
        return startFrom;
    }

    public void setStartFrom(String startFrom) {
        this.startFrom = startFrom;
    }

    public String getDelay() {
        return delay;
    }

    public void setDelay(String delay) {
        this.delay = delay;
    }

    public String getCron() {
        return cron;
    }

    public void setCron(String cron) {
        this.cron = cron;
    }

    public String getTimeZone() {
        return timeZone;
    }

    public void setTimeZone(String timeZone) {
        this.timeZone = timeZone;
    }

    public int getParallel() {
        return parallel;
    }

    public void setParallel(int parallel) {
        this.parallel = parallel;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    public Map<String, Object> getRetry() {
        return retry;
    }

    public void setRetry(Map<String, Object> retry) {
        this.retry = retry;
    }

    public String getFields() {
        return fields;
    }

    public void setFields(String fields) {
        this.fields = fields;
    }

    public boolean isDurable() {
        return durable;
    }

    public void setDurable(boolean durable) {
        this.durable = durable;
    }
}
