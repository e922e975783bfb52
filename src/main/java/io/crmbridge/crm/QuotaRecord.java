package io.crmbridge.crm;

import io.crmbridge.crm.QuotaLimits.Window;
import io.crmbridge.state.Quotas;
import io.crmbridge.state.Quotas.Usage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a quota's calls on record, about once a second while calls are made. A kill loses what was not saved, so that is bounded:
 * when a call has not been saved for {@link #LATE}, or {@link #MOST_UNSAVED} have not, no further one is made. After a kill
 * {@link #mayBeMissing} tells how many the record may lack. Nobody knows when those were made, for the kill may have been a
 * moment ago; so they count as made at the restart, the latest moment there is. Everything but {@link #save} under the
 * quota's lock.
 */
final class QuotaRecord {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaRecord.class);
    static final Duration LATE = Duration.ofSeconds(5);
    static final int MOST_UNSAVED = 100;

    private final Quotas quotas;
    private final long sourceId;
    private final Executor later;
    private final SlidingQuota quota;
    private boolean changed;
    private boolean planned;
    private boolean saving;
    private boolean ended;
    private Optional<String> failure = Optional.empty();
    private Unsaved unsaved = Unsaved.NONE;
    /** Of these it is not known yet. */
    private Unsaved underWay = Unsaved.NONE;

    private record Unsaved(int calls, long since) {
        static final Unsaved NONE = new Unsaved(0, Long.MAX_VALUE);

        Unsaved plus(Unsaved more) {
            return new Unsaved(calls + more.calls, Math.min(since, more.since));
        }
    }

    /** @param later runs what it is given in about a second */
    QuotaRecord(Quotas quotas, long sourceId, Executor later, SlidingQuota quota) {
        this.quotas = quotas;
        this.sourceId = sourceId;
        this.later = later;
        this.quota = quota;
    }

    /** The most calls that a killed bridge may have made and not recorded. */
    static int mayBeMissing(QuotaLimits limits) {
        long most = MOST_UNSAVED;
        for (Window window : limits.windows()) {
            long times = window.isLong() ? 1 : 1 + LATE.dividedBy(window.kept());
            most = Math.min(most, window.calls() * times);
        }
        return (int) most;
    }

    void called(long now) {
        unsaved = unsaved.plus(new Unsaved(1, now));
        changed();
        if (unsaved.calls() >= MOST_UNSAVED / 2) {
            begin();
        }
    }

    void changed() {
        changed = true;
        if (!planned && !ended) {
            planned = true;
            later.execute(this::save);
        }
    }

    private void save() {
        quota.locked(() -> {
            planned = false;
            begin();
        });
    }

    private void begin() {
        if (saving || ended || !changed) {
            return;
        }
        saving = true;
        changed = false;
        underWay = unsaved;
        unsaved = Unsaved.NONE;
        Usage usage = quota.usage(false);
        write(usage).whenComplete((done, e) -> quota.locked(() -> saved(usage, e)));
    }

    private CompletionStage<Void> write(Usage usage) {
        return quotas.save(sourceId, usage, quota.minutesFrom());
    }

    private void saved(Usage usage, Throwable e) {
        saving = false;
        if (e == null) {
            failure = Optional.empty();
            quota.recorded(usage);
        } else {
            if (failure.isEmpty() && !ended) {
                LOG.warn("what was called cannot be recorded, so soon nothing is called any more: {}", e.getMessage());
            }
            failure = Optional.of(String.valueOf(e.getMessage()));
            unsaved = unsaved.plus(underWay);
            changed = true;
        }
        underWay = Unsaved.NONE;
        if (e == null && unsaved.calls() >= MOST_UNSAVED / 2) {
            begin();
        } else if (changed) {
            changed();
        }
    }

    /** Whether a further call must wait for what was called before to be on record. */
    boolean isLate(long now) {
        return unsaved.calls() + underWay.calls() >= MOST_UNSAVED
                || Math.min(unsaved.since(), underWay.since()) < now - SentCalls.micros(LATE);
    }

    Optional<String> failure() {
        return failure;
    }

    /** A first line, before any call: from here on a kill can be told. */
    void start() {
        write(quota.usage(false)).toCompletableFuture().join();
    }

    /** A last line, after which nothing is missing. */
    CompletionStage<Void> end() {
        ended = true;
        return write(quota.usage(true));
    }
}
