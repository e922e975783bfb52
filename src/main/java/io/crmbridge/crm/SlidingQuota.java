package io.crmbridge.crm;

import io.crmbridge.crm.WaitingLanes.Waiter;
import io.crmbridge.state.Quotas;
import io.crmbridge.state.Quotas.Usage;
import io.crmbridge.state.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets so many calls through that no window of the limits ever holds more, wherever it begins; a token bucket would let twice as
 * many over its edge.
 *
 * <p>A limit of n calls is kept as the CRM counts, by their arrival, however long they travel: of any n + 1 calls the last one was
 * let through when fewer than n of the others counted, so one of them had been answered, and before that had arrived, at least a
 * window earlier. And the last one arrives after it was let through, so the arrivals of the n + 1 are at least a window apart.
 *
 * <p>Windows up to five minutes are waited for, by lanes (see {@link WaitingLanes}); longer ones and long
 * pauses are not: {@link #take} throws, with the time.
 *
 * <p>Back-fill may use nine tenths of a long window, so that the last tenth is left to polls and writes. It is held back without a
 * time to wait, because that would hold for the whole connection. Thread-safe.
 */
public final class SlidingQuota implements Quota {
    private static final Logger LOG = LoggerFactory.getLogger(SlidingQuota.class);
    private static final long LONGEST_WAIT = SentCalls.micros(Duration.ofMinutes(1));
    private static final int BACK_FILL_SHARE = 90;
    private static final int SECONDS_TO_END = 10;

    private final QuotaLimits limits;
    private final String crm;
    private final Clock clock;
    private final Pause pause;
    private final Optional<QuotaRecord> record;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private final WaitingLanes waiting = new WaitingLanes();
    private final SentCalls sent;
    private Slowdown slowdown;
    private Optional<Instant> spentAt;
    private long latest;
    private boolean closed;

    /** Waits under the lock, which the condition gives back meanwhile; ends early when it is signalled. */
    interface Pause {
        void await(Condition turn, Duration time) throws InterruptedException;

        Pause REAL = (turn, time) -> turn.awaitNanos(time.toNanos());
    }

    private SlidingQuota(QuotaLimits limits, String crm, Optional<Kept> kept, Clock clock, Pause pause) {
        this.limits = limits;
        this.crm = crm;
        this.clock = clock;
        this.pause = pause;
        Optional<Usage> before = kept.flatMap(Kept::load);
        long now = now();
        this.sent = before.map(usage -> SentCalls.of(limits, usage, SentCalls.instant(now)))
                .orElseGet(() -> new SentCalls(limits));
        this.slowdown = new Slowdown(before.flatMap(Usage::slowed));
        this.spentAt = before.flatMap(Usage::spentAt);
        this.record = kept.map(k -> new QuotaRecord(k.quotas(), k.sourceId(), k.later(), this));
        if (before.filter(usage -> !usage.clean()).isPresent()) {
            for (int missing = QuotaRecord.mayBeMissing(limits); missing > 0; missing--) {
                sent.end(sent.begin(now), now);
            }
        }
    }

    /** @param later runs what it is given in about a second */
    private record Kept(Quotas quotas, long sourceId, Executor later) {
        Optional<Usage> load() {
            return quotas.load(sourceId);
        }
    }

    /** One that forgets. @param crm its name, for a person */
    static SlidingQuota of(QuotaLimits limits, String crm, Clock clock, Pause pause) {
        return new SlidingQuota(limits, crm, Optional.empty(), clock, pause);
    }

    /**
     * One that goes on where the one before on this source ended.
     *
     * @param crm its name, for a person
     * @param clock may be set meanwhile: its time counts only now
     * @throws StoreException when the store cannot be read or written
     */
    public static SlidingQuota open(QuotaLimits limits, String crm, Quotas quotas, long sourceId, Clock clock) {
        return open(
                limits,
                crm,
                quotas,
                sourceId,
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS),
                new SteadyClock(clock),
                Pause.REAL);
    }

    static SlidingQuota open(
            QuotaLimits limits, String crm, Quotas quotas, long sourceId, Executor later, Clock clock, Pause pause) {
        SlidingQuota quota =
                new SlidingQuota(limits, crm, Optional.of(new Kept(quotas, sourceId, later)), clock, pause);
        try {
            quota.record.orElseThrow().start();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException known ? known : e;
        }
        return quota;
    }

    @Override
    public Permit take(Lane lane) {
        lock.lock();
        try {
            long now = now();
            refuse(lane, now);
            if (waiting.isEmpty() && !isLate(now) && freeAt(now) <= now) {
                return call(now);
            }
            return await(new Waiter(lane, lock.newCondition(), now));
        } finally {
            lock.unlock();
        }
    }

    private Permit await(Waiter me) {
        waiting.join(me);
        try {
            while (true) {
                long now = now();
                refuse(me.lane(), now);
                boolean late = isLate(now);
                if (late && now >= me.since() + LONGEST_WAIT) {
                    throw unrecorded();
                }
                long until = late ? me.since() + LONGEST_WAIT : freeAt(now);
                if (waiting.next().filter(me::equals).isEmpty()) {
                    me.turn().await();
                } else if (until > now) {
                    pause.await(me.turn(), Duration.of(until - now, ChronoUnit.MICROS));
                } else {
                    waiting.served(me);
                    return call(now);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CrmException(
                    Verdict.WAIT, "a call to %s was interrupted while it waited".formatted(crm), Optional.empty(), e);
        } finally {
            waiting.leave(me);
            wakeNext();
        }
    }

    private void wakeNext() {
        waiting.next().ifPresent(next -> next.turn().signal());
    }

    private Permit call(long now) {
        SentCalls.Call call = sent.begin(now);
        record.ifPresent(kept -> kept.called(now));
        return () -> locked(() -> end(call));
    }

    private void end(SentCalls.Call call) {
        if (sent.end(call, now())) {
            record.ifPresent(QuotaRecord::changed);
        }
    }

    /** Never goes back. */
    private long now() {
        latest = Math.max(latest, SentCalls.micros(clock.instant()));
        return latest;
    }

    private boolean isLate(long now) {
        return record.isPresent() && record.get().isLate(now);
    }

    private long freeAt(long now) {
        return Math.max(sent.freeAt(slowdown.share(SentCalls.instant(now))), SentCalls.micros(slowdown.quietUntil()));
    }

    /** @throws CrmException where waiting is no use */
    private void refuse(Lane lane, long now) {
        sent.expire(now);
        if (closed) {
            throw new CrmException(Verdict.WAIT, "%s is called no more: the connection is closed".formatted(crm));
        }
        long quiet = SentCalls.micros(slowdown.quietUntil()) - now;
        if (quiet > LONGEST_WAIT) {
            throw wait(
                    quiet,
                    "%s asked to be left alone; calls resume at %s".formatted(crm, seconds(slowdown.quietUntil())));
        }
        SentCalls.Spent spent = sent.spent(now, 100);
        if (spent != null) {
            if (spentAt.isEmpty() || spentAt.get().isBefore(SentCalls.instant(now - LONGEST_WAIT))) {
                spentAt = Optional.of(SentCalls.instant(now));
                record.ifPresent(QuotaRecord::changed);
            }
            throw wait(
                    spent.freeAt() - now,
                    "the %s is spent; calls resume at %s; %s's support can raise the limit"
                            .formatted(spent.window().words(), seconds(SentCalls.instant(spent.freeAt())), crm));
        }
        SentCalls.Spent almost = lane == Lane.BACK_FILL ? sent.spent(now, BACK_FILL_SHARE) : null;
        if (almost != null) {
            throw new CrmException(
                    Verdict.WAIT,
                    "nine tenths of the %s are spent, and the rest is for polls and writes; reading what was before resumes at %s"
                            .formatted(almost.window().words(), seconds(SentCalls.instant(almost.freeAt()))));
        }
    }

    private static CrmException wait(long micros, String message) {
        return new CrmException(Verdict.WAIT, message, Optional.of(Duration.of(micros, ChronoUnit.MICROS)), null);
    }

    private CrmException unrecorded() {
        return new CrmException(
                Verdict.WAIT,
                "%s is not called while it cannot be recorded: %s"
                        .formatted(
                                crm,
                                record.flatMap(QuotaRecord::failure)
                                        .orElse(
                                                "the store has not answered for a minute; see whether its disk is stuck")));
    }

    /** Not before it. */
    static Instant seconds(Instant at) {
        Instant whole = at.truncatedTo(ChronoUnit.SECONDS);
        return whole.equals(at) ? at : whole.plusSeconds(1);
    }

    @Override
    public void exceeded(Optional<Duration> retryAfter) {
        lock.lock();
        try {
            Instant now = SentCalls.instant(now());
            Slowdown before = slowdown;
            slowdown = before.after(retryAfter, now);
            if (!slowdown.equals(before)) {
                LOG.warn(
                        "{} answered that there were too many calls; the next one is made at {}, and then {} % of each"
                                + " limit is used until it is quiet",
                        crm, seconds(slowdown.quietUntil()), slowdown.share(now));
                record.ifPresent(QuotaRecord::changed);
                waiting.wakeAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait, and notes that no call is missing on record. */
    @Override
    public void close() {
        CompletionStage<Void> noted = null;
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                waiting.wakeAll();
                noted = record.map(QuotaRecord::end).orElse(null);
            }
        } finally {
            lock.unlock();
        }
        if (noted != null) {
            finish(noted.toCompletableFuture());
        }
    }

    private void finish(CompletableFuture<Void> noted) {
        try {
            noted.get(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "{}: the end of the calls could not be recorded, so the next start waits a little: {}",
                    crm,
                    e.toString());
        }
    }

    /** Runs what changes the record, and then wakes whoever waited for that. */
    void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
            wakeNext();
        } finally {
            lock.unlock();
        }
    }

    Usage usage(boolean clean) {
        long now = now();
        sent.expire(now);
        return new Usage(
                limits.toString(),
                sent.recent(now),
                sent.changedMinutes(),
                slowdown.last(),
                spentAt,
                SentCalls.instant(now),
                clean);
    }

    Instant minutesFrom() {
        return sent.minutesFrom(now());
    }

    void recorded(Usage usage) {
        sent.recorded(usage.minutes());
    }

    /** How many wait now. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
