package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.component.export.Exporter;
import io.crmbridge.feed.EventWatch;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.Timer;
import io.crmbridge.state.Commands.Command;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running bridge does each second: commands, finished exports; every ten: telling what is not well; and each hour: tidying the log. */
final class Chores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
    private static final Duration EACH = Duration.ofSeconds(1);
    private static final Duration LOOK_EACH = Duration.ofSeconds(10);
    private static final Duration PURGE_EACH = Duration.ofHours(1);
    private static final Duration PLACE_KEEP = Duration.ofDays(30);
    private static final Duration SHORTEST_KEEP = Duration.ofHours(1);

    private final Store store;
    private final FeedRuntime feeds;
    private final LiveBundle live;
    private final Exporter exporter;
    private final Timer timer;
    private final Executor executor;
    private final Duration logKeep;
    private final long logMaxSize;
    private final AskedDeployments deployments;
    private final Clock clock;
    private final EventWatch watch;
    private Instant looked;
    private Instant purged;
    private final AtomicBoolean settling = new AtomicBoolean();
    private volatile boolean closed;

    Chores(
            Store store,
            FeedRuntime feeds,
            LiveBundle live,
            Exporter exporter,
            Timer timer,
            Executor executor,
            AskedDeployments deployments,
            Clock clock) {
        BridgeConfig config = live.reading().config();
        this.store = store;
        this.feeds = feeds;
        this.live = live;
        this.exporter = exporter;
        this.timer = timer;
        this.executor = executor;
        this.logKeep = config.logKeep();
        this.logMaxSize = config.logMaxSize();
        this.deployments = deployments;
        this.clock = clock;
        this.watch = feeds.watch(() -> live.reading().config().expectations(), config.reminder());
        this.looked = clock.instant();
        this.purged = looked;
        again();
    }

    private void again() {
        timer.schedule(EACH, () -> {
            // The executor ends after this does, and takes nothing more then.
            if (!closed) {
                executor.execute(this::once);
            }
        });
    }

    private void once() {
        if (!closed) {
            run();
            again();
        }
    }

    private void run() {
        try {
            for (Command command : store.commands().open()) {
                store.commands().done(command.id(), carryOut(command));
            }
            exporter.sweep();
            if (!clock.instant().isBefore(looked.plus(LOOK_EACH))) {
                looked = clock.instant();
                watch.look();
                settleWrites();
            }
            if (!clock.instant().isBefore(purged.plus(PURGE_EACH))) {
                purged = clock.instant();
                tidy(store, feeds.openSubscriptions(), purged, logKeep, logMaxSize);
            }
        } catch (StoreException e) {
            LOG.error("{}", e.getMessage());
        } catch (RuntimeException e) {
            // Else no command would ever be carried out again.
            LOG.error("a chore failed: {}", e.toString());
        }
    }

    /** On a thread of its own, because it waits for the CRM. */
    private void settleWrites() {
        if (!closed && !settling.getAndSet(true)) {
            executor.execute(() -> {
                try {
                    feeds.settleWrites();
                } catch (RuntimeException e) {
                    // The store may be closed under it, when the bridge stops.
                    if (!closed) {
                        LOG.error("writes could not be looked up: {}", e.toString());
                    }
                } finally {
                    settling.set(false);
                }
            });
        }
    }

    /** The log keeps its age and its size, and places of routes that are gone do not hold it for ever. */
    static void tidy(Store store, Collection<Long> openSubscriptions, Instant now, Duration logKeep, long logMaxSize) {
        store.subscriptions()
                .expire(openSubscriptions, now.minus(PLACE_KEEP))
                .forEach(gone -> LOG.warn(
                        "the place of route {} (bundle {}) is given up: nothing has used it for {} days; {} changes were"
                                + " parked there, {} dead",
                        gone.routeId(),
                        gone.bundle(),
                        PLACE_KEEP.toDays(),
                        gone.parked(),
                        gone.dead()));
        Duration keep = logKeep;
        store.log().purge(now.minus(keep));
        store.intents().forget(now.minus(keep));
        while (store.log().bytes() > logMaxSize && keep.compareTo(SHORTEST_KEEP) > 0) {
            keep = keep.dividedBy(2);
            store.log().purge(now.minus(keep));
        }
        if (store.log().bytes() > logMaxSize) {
            LOG.warn(
                    "the log takes {} MB, more than bridge.log.max-size: what a route has not read, the latest version of"
                            + " each record and dead letters are never removed. See `status` for routes that stand still",
                    store.log().bytes() >> 20);
        }
    }

    private String carryOut(Command command) {
        try {
            switch (command.name()) {
                case "pause", "resume" ->
                    live.pause(command.argument(), command.name().equals("pause"));
                case StoredGrants.SAVE ->
                    feeds.retry(store.tokens().saveSealed(command.argument()).connection());
                case StoredGrants.FORGET -> store.tokens().remove(command.argument());
                case AskedDeployments.DEPLOY, AskedDeployments.ROLLBACK, AskedDeployments.RUNS -> {
                    return deployments.carryOut(command.name(), command.argument());
                }
                case "reload-parked" -> feeds.reloadParked(Long.parseLong(command.argument()));
                default -> {
                    return "unknown command";
                }
            }
            return "done";
        } catch (Exception e) {
            LOG.error("command {} failed: {}", command.name(), e.toString());
            return "failed: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
