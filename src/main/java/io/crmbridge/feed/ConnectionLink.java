package io.crmbridge.feed;

import io.crmbridge.crm.BackOff;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Standing;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.Writes;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's standing: no poll before its key has answered for the workspace it belongs to, and none while the key
 * is refused; then the auth test alone is repeated, at a minute growing to an hour. Thread-safe.
 */
final class ConnectionLink implements Standing {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLink.class);
    /** Together with those before that have one stamp they must fit into a page of a hundred, and leave room. */
    private static final int MOST_UNSEEN = 49;

    private static final BackOff TESTS = new BackOff(Duration.ofMinutes(1), Duration.ofHours(1));

    private final Store store;
    private final Crm crm;
    private final Calls calls;
    private final Writes writes;
    private final Clock clock;
    private final RandomGenerator random;
    private volatile Source source;
    /** Of each feed that shows its newest records alone: what we have written since it was polled. */
    private final Map<String, Written> ours = new ConcurrentHashMap<>();

    private boolean verified;
    private int refusals;
    private Optional<String> refusal = Optional.empty();
    private Instant nextTest = Instant.MIN;
    private Instant quietUntil = Instant.MIN;
    private String quietReason = "";

    ConnectionLink(Store store, Crm crm, Source source, Duration settle, Clock clock, RandomGenerator random) {
        this.calls = new Calls(crm, this);
        this.writes = new Writes(calls, store.intents(), source.id(), settle, clock);
        this.store = store;
        this.crm = crm;
        this.source = source;
        this.clock = clock;
        this.random = random;
    }

    Calls calls() {
        return calls;
    }

    Writes writes() {
        return writes;
    }

    Crm crm() {
        return crm;
    }

    long sourceId() {
        return source.id();
    }

    /** Does not wait for an auth test under way. */
    String workspaceId() {
        return source.workspaceId()
                .orElseThrow(() -> new IllegalStateException("no workspace is known for a connection with changes"));
    }

    /**
     * Makes sure of the workspace before a poll.
     *
     * @return how long to wait first, because the key was refused or the CRM asked to be left alone; empty: poll
     * @throws CrmException when the CRM cannot be asked just now
     */
    synchronized Optional<Duration> check() {
        Instant now = clock.instant();
        if (now.isBefore(quietUntil)) {
            return Optional.of(Duration.between(now, quietUntil));
        }
        if (verified) {
            return Optional.empty();
        }
        if (now.isBefore(nextTest)) {
            return Optional.of(Duration.between(now, nextTest));
        }
        try {
            Workspace workspace = crm.identify();
            source = store.sources().bind(source.id(), workspace.id(), workspace.name());
            verified = true;
            refusals = 0;
            refusal = Optional.empty();
            return Optional.empty();
        } catch (CrmException e) {
            if (e.verdict() != Verdict.REFUSED) {
                throw e;
            }
            return Optional.of(stop(Source.State.REFUSED, e.getMessage()));
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.OTHER_WORKSPACE) {
                throw e;
            }
            return Optional.of(stop(Source.State.OTHER_WORKSPACE, e.getMessage()));
        }
    }

    /** The same for a call of a route, which is not to wait here. */
    @Override
    public synchronized void admit() {
        Optional<Duration> wait = check();
        if (wait.isPresent()) {
            throw new CrmException(
                    refusal.isPresent() ? Verdict.REFUSED : Verdict.WAIT,
                    "connection %s: %s".formatted(crm.connection().name(), refusal.orElse(quietReason)),
                    wait,
                    null);
        }
    }

    /**
     * @param poll shows what was written
     * @param begun how many were about to be written, ever
     * @param written how many of them the CRM has answered
     * @param seen how many of them had been answered when the last poll began
     */
    private record Written(Runnable poll, AtomicLong begun, AtomicLong written, AtomicLong seen) {}

    /** From now on the feed is polled in time for what we write ourselves not to push other changes off its page. */
    void pollInTime(String feed, Runnable poll) {
        ours.put(feed, new Written(poll, new AtomicLong(), new AtomicLong(), new AtomicLong()));
    }

    /** How many records we have written to a feed, ever. */
    long written(String feed) {
        Written of = ours.get(feed);
        return of == null ? 0 : of.written().get();
    }

    /** A page shows all up to this number of them. */
    void seen(String feed, long written) {
        Written of = ours.get(feed);
        if (of != null) {
            of.seen().set(written);
        }
    }

    @Override
    public Runnable aboutToWrite(String resource, int records) {
        Written of = ours.get(resource);
        if (of == null) {
            return () -> {};
        }
        long unseen = of.begun().get() - of.seen().get();
        if (unseen > 0 && unseen + records > MOST_UNSEEN) {
            of.poll().run();
        }
        of.begun().addAndGet(records);
        return () -> of.written().addAndGet(records);
    }

    /** It holds for every feed of the key. */
    @Override
    public synchronized void leaveAlone(CrmException wait) {
        wait.retryAfter()
                .map(time -> clock.instant().plus(time))
                .filter(until -> until.isAfter(quietUntil))
                .ifPresent(until -> {
                    quietUntil = until;
                    // Without an answer it was the quota, which says why.
                    quietReason = wait.status() == 0 ? wait.getMessage() : "the CRM asked to be left alone";
                });
    }

    @Override
    public void refused(String reason) {
        refuse(reason);
    }

    /** What a person has done may have mended it, or led to another workspace: before the next call the key is tested. */
    synchronized void testNow() {
        verified = false;
        nextTest = Instant.MIN;
    }

    /** A call came back with a refused key. @return how long to wait for the next test */
    synchronized Duration refuse(String reason) {
        verified = false;
        return stop(Source.State.REFUSED, reason);
    }

    private Duration stop(Source.State state, String reason) {
        refusals++;
        refusal = Optional.of(reason);
        Duration wait = TESTS.after(refusals, random);
        nextTest = clock.instant().plus(wait);
        if (source.state() != state || refusals == 1) {
            LOG.error(
                    "connection {}: {}. Polling stops, every place is kept; the key is tested again in {} s",
                    crm.connection().name(),
                    reason,
                    wait.toSeconds());
        }
        store.sources().mark(source.id(), state, Optional.of(reason));
        return wait;
    }
}
