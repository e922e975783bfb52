package io.crmbridge.feed;

import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeLog;
import io.crmbridge.state.Commands;
import io.crmbridge.state.DeadLetters;
import io.crmbridge.state.ExportLedger;
import io.crmbridge.state.Inboxes;
import io.crmbridge.state.Intents;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Quotas;
import io.crmbridge.state.Schedules;
import io.crmbridge.state.Seeds;
import io.crmbridge.state.SeenKeys;
import io.crmbridge.state.Sources;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.Subscription;
import io.crmbridge.state.Subscriptions;
import io.crmbridge.state.Suppressions;
import io.crmbridge.state.Tokens;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The real store behind a glass: moves of places can be held back (as they are, for a moment, in the writer's queue), made
 * to fail, and lost by a kill; so can a poll's commit. For one thread.
 */
final class HeldStore implements Store {
    private final Store store;
    private final Deque<Runnable> held = new ArrayDeque<>();
    private final Log log = new Log();
    private final Places places = new Places();

    boolean hold;
    boolean killed;
    int failingSaves;
    int failingReads;
    int failingBegins;
    int failingCommits;
    boolean killBeforeCommit;
    boolean killAfterCommit;
    boolean diedAfterCommit;
    int commits;
    boolean failedCommit;
    Consumer<PollCommit> committed = poll -> {};

    HeldStore(Store store) {
        this.store = store;
    }

    /** The process dies now: what was not written never will be. */
    void kill() {
        killed = true;
        held.clear();
    }

    /** The log itself, without faults. */
    ChangeLog bare() {
        return store.log();
    }

    /** Writes what is held. */
    void write() {
        while (!held.isEmpty()) {
            held.poll().run();
        }
    }

    private void submit(Runnable write) {
        if (killed) {
            return;
        }
        if (hold) {
            held.add(write);
        } else {
            write.run();
        }
    }

    private void refuseDead() {
        if (killed) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the process is dead");
        }
    }

    private static StoreException full() {
        return new StoreException(StoreException.Kind.UNAVAILABLE, "the disk is full");
    }

    @Override
    public Sources sources() {
        return store.sources();
    }

    @Override
    public ChangeLog log() {
        return log;
    }

    @Override
    public Subscriptions subscriptions() {
        return places;
    }

    @Override
    public DeadLetters deadLetters() {
        return store.deadLetters();
    }

    @Override
    public ExportLedger exports() {
        return store.exports();
    }

    @Override
    public Commands commands() {
        return store.commands();
    }

    @Override
    public Schedules schedules() {
        return store.schedules();
    }

    @Override
    public SeenKeys seen() {
        return store.seen();
    }

    @Override
    public Intents intents() {
        return store.intents();
    }

    @Override
    public Suppressions suppressions() {
        return store.suppressions();
    }

    @Override
    public Quotas quotas() {
        return store.quotas();
    }

    @Override
    public Tokens tokens() {
        return store.tokens();
    }

    @Override
    public Seeds seeds() {
        return store.seeds();
    }

    @Override
    public Inboxes inboxes() {
        return store.inboxes();
    }

    @Override
    public void close() {
        store.close();
    }

    private final class Log implements ChangeLog {
        @Override
        public long commit(PollCommit poll) {
            refuseDead();
            if (killBeforeCommit) {
                kill();
                refuseDead();
            }
            if (failingCommits > 0) {
                failingCommits--;
                failedCommit = true;
                throw full();
            }
            long head = store.log().commit(poll);
            commits++;
            committed.accept(poll);
            if (killAfterCommit) {
                diedAfterCommit = true;
                kill();
                refuseDead();
            }
            return head;
        }

        @Override
        public List<Change> read(long feedId, long subscriptionId, long after, int limit) {
            refuseDead();
            if (failingReads > 0) {
                failingReads--;
                throw full();
            }
            return store.log().read(feedId, subscriptionId, after, limit);
        }

        @Override
        public Optional<Change> get(long seq) {
            return store.log().get(seq);
        }

        @Override
        public List<Change> get(Collection<Long> seqs) {
            refuseDead();
            return store.log().get(seqs);
        }

        @Override
        public long head() {
            return store.log().head();
        }

        @Override
        public Map<String, MirrorRow> mirror(long feedId, Collection<String> recordIds) {
            return store.log().mirror(feedId, recordIds);
        }

        @Override
        public long mirrored(long feedId) {
            return store.log().mirrored(feedId);
        }

        @Override
        public Set<String> listed(long feedId) {
            return store.log().listed(feedId);
        }

        @Override
        public List<Change> snapshot(long feedId, long after, int limit) {
            return store.log().snapshot(feedId, after, limit);
        }

        @Override
        public List<QuarantinedRow> quarantined(long feedId) {
            return store.log().quarantined(feedId);
        }

        @Override
        public long purge(Instant before) {
            return store.log().purge(before);
        }

        @Override
        public long bytes() {
            return store.log().bytes();
        }
    }

    private final class Places implements Subscriptions {
        private Subscriptions real() {
            return store.subscriptions();
        }

        @Override
        public Subscription open(
                String bundle,
                String name,
                String routeId,
                long feedId,
                Subscription.StartFrom startFrom,
                String options) {
            return real().open(bundle, name, routeId, feedId, startFrom, options);
        }

        @Override
        public List<Subscription> all() {
            return real().all();
        }

        @Override
        public CompletionStage<Void> save(Progress progress) {
            CompletableFuture<Void> saved = new CompletableFuture<>();
            submit(() -> {
                if (failingSaves > 0) {
                    failingSaves--;
                    saved.completeExceptionally(full());
                    return;
                }
                real().save(progress).toCompletableFuture().join();
                saved.complete(null);
            });
            return saved;
        }

        @Override
        public void mark(long subscriptionId, Subscription.State state, Optional<String> reason) {
            submit(() -> real().mark(subscriptionId, state, reason));
        }

        @Override
        public List<ParkedEntry> parked(long subscriptionId) {
            return real().parked(subscriptionId);
        }

        @Override
        public List<List<Long>> batches(long subscriptionId) {
            return real().batches(subscriptionId);
        }

        @Override
        public void begin(long subscriptionId, List<List<Long>> batches) {
            refuseDead();
            if (failingBegins > 0) {
                failingBegins--;
                throw full();
            }
            real().begin(subscriptionId, batches);
        }

        @Override
        public long waiting(Subscription subscription) {
            return real().waiting(subscription);
        }

        @Override
        public void routes(String bundle, Map<String, Optional<String>> routes) {
            real().routes(bundle, routes);
        }

        @Override
        public List<Route> routes() {
            return real().routes();
        }

        @Override
        public List<Expired> expire(Collection<Long> alive, Instant before) {
            return real().expire(alive, before);
        }

        @Override
        public void pauseRoute(String bundle, String routeId, boolean paused) {
            real().pauseRoute(bundle, routeId, paused);
        }
    }
}
