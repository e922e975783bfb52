package io.crmbridge.feed;

import io.crmbridge.crm.BackOff;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Verdict;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One feed's polling: at the shortest delay that is asked for, sooner as pages fill, later after failures. */
final class PollTask implements Feeding {
    private static final Logger LOG = LoggerFactory.getLogger(PollTask.class);
    private static final BackOff AFTER_FAILURE = new BackOff(Duration.ofSeconds(2), Duration.ofMinutes(5));

    private final ConnectionLink link;
    private final FeedPoller poller;
    private final Clock clock;
    private final Timer timer;
    private final Executor executor;
    private final RandomGenerator random;
    private final List<SubscriptionRunner> runners = new CopyOnWriteArrayList<>();
    private final Map<Object, Runnable> watchers = new ConcurrentHashMap<>();
    private final AdaptiveInterval interval = new AdaptiveInterval();
    private volatile boolean stopped;
    private boolean started;
    private int failures;
    private volatile boolean tried;
    // Guarded by runners.
    private Duration wanted;
    private Instant nextAt = Instant.MAX;
    private long appointment;

    PollTask(
            ConnectionLink link,
            FeedPoller poller,
            Clock clock,
            Timer timer,
            Executor executor,
            RandomGenerator random) {
        this.link = link;
        this.poller = poller;
        this.clock = clock;
        this.timer = timer;
        this.executor = executor;
        this.random = random;
    }

    @Override
    public long feedId() {
        return poller.state().id();
    }

    @Override
    public void add(SubscriptionRunner runner) {
        runners.add(runner);
        hasten();
        runner.spec().cron().ifPresent(cron -> new CronFeeding(cron, clock, timer, () -> feed(runner)).start());
    }

    @Override
    public void remove(SubscriptionRunner runner) {
        runners.remove(runner);
    }

    FeedState state() {
        return poller.state();
    }

    /** Runs something after each poll that succeeded. @param who removes it again */
    void watch(Object who, Runnable action) {
        watchers.put(who, action);
    }

    void unwatch(Object who) {
        watchers.remove(who);
    }

    /** Someone reads the mirror and wants it this fresh, from now on. */
    void want(Duration delay) {
        synchronized (runners) {
            if (wanted != null && wanted.compareTo(delay) <= 0) {
                return;
            }
            wanted = delay;
        }
        hasten();
    }

    private void hasten() {
        synchronized (runners) {
            Duration shortest = Stream.concat(
                            runners.stream().map(runner -> runner.spec().delay()), Stream.ofNullable(wanted))
                    .min(Duration::compareTo)
                    .orElseThrow();
            interval.wish(shortest);
            if (nextAt != Instant.MAX && nextAt.isAfter(clock.instant().plus(shortest))) {
                schedule(shortest);
            }
        }
    }

    /** What is known of the feed once a poll was tried: waits for the first one, or makes it, and for no later one. */
    FeedState known() {
        if (!tried) {
            synchronized (this) {
                if (!tried) {
                    pollNow();
                }
            }
        }
        return poller.state();
    }

    @Override
    public void start() {
        synchronized (this) {
            if (started) {
                return;
            }
            started = true;
        }
        executor.execute(this::run);
    }

    /** In the place of the next poll that is on the timer. */
    void pollSoon() {
        schedule(Duration.ZERO);
    }

    void stop() {
        stopped = true;
    }

    private void run() {
        if (stopped) {
            return;
        }
        Duration wait = pollNow();
        if (!stopped) {
            schedule(wait);
        }
    }

    /** One poll is on the timer at a time: a sooner one replaces the one before. */
    private void schedule(Duration wait) {
        synchronized (runners) {
            nextAt = clock.instant().plus(wait);
            long mine = ++appointment;
            timer.schedule(wait, () -> {
                synchronized (runners) {
                    if (mine != appointment) {
                        return;
                    }
                    nextAt = Instant.MAX;
                }
                executor.execute(this::run);
            });
        }
    }

    private boolean feed(SubscriptionRunner runner) {
        if (stopped || !runners.contains(runner)) {
            return false;
        }
        executor.execute(() -> {
            pollNow();
            runner.feedUpTo(poller.head());
        });
        return true;
    }

    /** Polls once; a failure is recorded and shown. Returns how long to wait before the next poll. */
    synchronized Duration pollNow() {
        try {
            Optional<Duration> refused = link.check();
            if (refused.isPresent()) {
                return refused.get();
            }
            long written = link.written(feedName());
            FeedPoller.Report report = poller.poll();
            failures = 0;
            link.seen(feedName(), written);
            tell(report);
            if (report.changes() > 0) {
                runners.forEach(SubscriptionRunner::wake);
            }
            watchers.values().forEach(this::tellWatcher);
            return poller.hasMore() ? Duration.ZERO : interval.after(report);
        } catch (CrmException e) {
            if (stopped) {
                // It was waiting for its turn when the bridge was told to stop.
                return Duration.ZERO;
            }
            // A key that is good, but not for this, is no reason to stop the others.
            if (e.verdict() == Verdict.REFUSED && e.status() != 403) {
                poller.failed(e.getMessage());
                return link.refuse(e.getMessage());
            }
            if (e.verdict() == Verdict.WAIT) {
                link.leaveAlone(e);
            }
            return failed(e.getMessage(), e.retryAfter());
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.LEASE_LOST) {
                stopped = true;
            }
            LOG.error("feed {}: {}", poller.state().name(), e.getMessage());
            failures++;
            return AFTER_FAILURE.after(failures, random);
        } catch (RuntimeException e) {
            // A fault of ours must not end the polling.
            LOG.error(
                    "feed {}: a poll failed, the place is kept", poller.state().name(), e);
            failures++;
            return AFTER_FAILURE.after(failures, random);
        } finally {
            tried = true;
        }
    }

    private void tellWatcher(Runnable watcher) {
        try {
            watcher.run();
        } catch (RuntimeException e) {
            LOG.error("feed {}: what depends on it is looked at again after the next poll", feedName(), e);
        }
    }

    private String feedName() {
        return poller.state().name();
    }

    void sweepFor(Duration time) {
        poller.sweepFor(time);
    }

    /** Forgets why the last poll failed, because there will be no next one. */
    synchronized void end() {
        stopped = true;
        poller.forgetFailure();
    }

    private Duration failed(String reason, Optional<Duration> retryAfter) {
        failures++;
        Duration wait = AFTER_FAILURE.after(failures, random);
        Duration asked = retryAfter.orElse(Duration.ZERO);
        Duration longer = asked.compareTo(wait) > 0 ? asked : wait;
        LOG.warn(
                "connection {}, feed {}: {}; the place is kept, next try in {} s",
                link.crm().connection().name(),
                poller.state().name(),
                reason,
                longer.toSeconds());
        poller.failed(reason);
        return longer;
    }

    private void tell(FeedPoller.Report report) {
        String feed = poller.state().name();
        report.gap()
                .ifPresent(gap -> LOG.warn(
                        "feed {}: GAP from {} to {}: {}. Versions in it may be lost; `gaps list` keeps it on record",
                        feed,
                        gap.from(),
                        gap.to(),
                        gap.reason()));
        if (report.recovered() > 0) {
            LOG.warn("feed {}: {} records of a gap recovered from another list", feed, report.recovered());
        }
        if (report.quarantined() > 0) {
            LOG.warn(
                    "feed {}: {} rows have no id or no readable stamp and are in quarantine",
                    feed,
                    report.quarantined());
        }
        if (report.unsorted()) {
            LOG.warn("feed {}: the page is not sorted newest first, so it proves nothing", feed);
        }
    }
}
