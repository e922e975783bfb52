package io.crmbridge.crm;

import io.crmbridge.crm.QuotaLimits.Window;
import io.crmbridge.state.Quotas.Slowed;
import io.crmbridge.state.Quotas.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is left of a quota, by what is on record: up to some seconds old.
 *
 * @param spent the long window that is used up
 * @param slowed since when the CRM's answers make us use less, unless that is over
 */
public record QuotaStanding(List<Left> windows, Optional<Spent> spent, Optional<Slowing> slowed) {
    /** While as many calls are made as there are, a window is full one minute and has a little room in the next. */
    private static final Duration LATELY = Duration.ofHours(1);

    /** @param window for example {@code 100/1m} */
    public record Left(String window, int limit, int left) {}

    /**
     * @param quota in words, for example {@code daily quota}
     * @param resumes when the next call is made; empty: the window has room now, but had none within the last hour
     */
    public record Spent(String quota, Optional<Instant> resumes) {
        @Override
        public String toString() {
            return quota + resumes.map(at -> " spent, resumes at " + at).orElse(" spent again and again")
                    + "; their support can raise it";
        }
    }

    /**
     * @param share percent of each limit that is used now
     * @param until nobody calls before
     */
    public record Slowing(int share, Instant at, Instant until) {}

    /** @throws IllegalArgumentException when its limits cannot be read */
    public static QuotaStanding of(Usage usage, Instant now) {
        QuotaLimits limits = QuotaLimits.parse(usage.limits());
        SentCalls sent = SentCalls.of(limits, usage, now);
        long micros = SentCalls.micros(now);
        List<Left> left = sent.used(micros).entrySet().stream()
                .map(used -> new Left(
                        used.getKey().text(),
                        used.getKey().calls(),
                        Math.max(0, used.getKey().calls() - used.getValue())))
                .toList();
        SentCalls.Spent full = sent.spent(micros, 100);
        Optional<Spent> spent = full == null
                ? usage.spentAt()
                        .filter(at -> at.isAfter(now.minus(LATELY)))
                        .flatMap(at ->
                                limits.windows().stream().filter(Window::isLong).findFirst())
                        .map(window -> new Spent(window.name(), Optional.empty()))
                : Optional.of(new Spent(
                        full.window().name(), Optional.of(SlidingQuota.seconds(SentCalls.instant(full.freeAt())))));
        Slowdown slowdown = new Slowdown(usage.slowed());
        int share = slowdown.share(now);
        Optional<Slowed> lasting = usage.slowed().filter(slowed -> share < 100 || now.isBefore(slowed.until()));
        return new QuotaStanding(left, spent, lasting.map(slowed -> new Slowing(share, slowed.at(), slowed.until())));
    }
}
