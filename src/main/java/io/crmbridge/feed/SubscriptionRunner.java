package io.crmbridge.feed;

import io.crmbridge.feed.Unit.Entry;
import io.crmbridge.state.Change;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.Subscription;
import io.crmbridge.state.Subscription.StartFrom;
import io.crmbridge.state.Subscription.State;
import io.crmbridge.state.Subscriptions.ParkedEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher of one subscription: reads the log, hands changes to the route in lanes, parks what failed, and moves the
 * place. Record ids hash to lanes; a lane is in order, and one thread at a time runs it. Thread-safe.
 *
 * <p>In flight (handed over and not yet durably done) are at most {@code parallel} + 64 changes, or one batch a lane.
 */
final class SubscriptionRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionRunner.class);
    private static final int IN_FLIGHT = 64;
    private static final int SAVE_AT = 32;
    private static final Duration SAVE_WITHIN = Duration.ofMillis(20);
    private static final Duration STORE_AGAIN = Duration.ofSeconds(5);
    private static final int READ_AHEAD = 500;
    private static final String WHY_WHOLE =
            "; the batch was not cut in two, because an earlier step had succeeded for the batch as a whole";
    private static final int TARGET_DOWN_AT = 5;
    private static final int ALARM_AT = 20;
    private static final Duration FIRST_PROBE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(30);

    private final Store store;
    private final SubscriptionSpec spec;
    private final Supplier<String> workspaceId;
    private final Delivery delivery;
    private final Clock clock;
    private final Timer timer;
    private final Executor executor;
    private final RandomGenerator random;
    private final Subscription subscription;
    private final ProgressSaver saver;

    // Guarded by this.
    private final Place place;
    private final Parking parking = new Parking();
    private final List<Deque<Unit>> lanes = new ArrayList<>();
    private final boolean[] busy;
    private State state;
    private boolean stopped;
    private boolean filling;
    private boolean more = true;
    private int running;
    private long feedUpTo = Long.MAX_VALUE;
    private int passingInARow;
    private final Set<String> passingRecords = new HashSet<>();
    private final Set<String> permanentRecords = new HashSet<>();
    private Duration probeWait = FIRST_PROBE;
    private boolean probeScheduled;
    private boolean saveTimer;
    private Optional<Instant> retryTimerAt = Optional.empty();

    SubscriptionRunner(
            Store store,
            SubscriptionSpec spec,
            Subscription subscription,
            Supplier<String> workspaceId,
            Delivery delivery,
            Clock clock,
            Timer timer,
            Executor executor,
            RandomGenerator random) {
        this.store = store;
        this.spec = spec;
        this.subscription = subscription;
        this.workspaceId = workspaceId;
        this.delivery = delivery;
        this.clock = clock;
        this.timer = timer;
        this.executor = executor;
        this.random = random;
        this.place = new Place(subscription.position(), subscription.doneAbove());
        this.saver = new ProgressSaver(store, subscription.id(), place, this, this::runLanes);
        this.busy = new boolean[spec.parallel()];
        for (int i = 0; i < spec.parallel(); i++) {
            lanes.add(new ArrayDeque<>());
        }
        this.state = subscription.state() == State.PAUSED ? State.PAUSED : State.ACTIVE;
        if (spec.cron().isPresent()) {
            feedUpTo = place.position();
        }
        restore();
        if (state != subscription.state()) {
            store.subscriptions().mark(subscription.id(), state, Optional.empty());
        }
    }

    private void restore() {
        Map<Long, List<ParkedEntry>> byUnit = new TreeMap<>();
        for (ParkedEntry entry : store.subscriptions().parked(subscription.id())) {
            byUnit.computeIfAbsent(entry.batch() == 0 ? entry.seq() : entry.batch(), key -> new ArrayList<>())
                    .add(entry);
        }
        Set<Long> parkedSeqs = new HashSet<>();
        byUnit.values().forEach(entries -> {
            ParkedEntry first = entries.get(0);
            if (spec.batchSize() == 1) {
                // One by one, also where they were a batch before the route was changed.
                entries.forEach(e -> parking.park(restored(List.of(e), 0)));
            } else {
                parking.park(restored(entries, first.seq()));
            }
            entries.forEach(e -> parkedSeqs.add(e.seq()));
        });
        for (List<Long> seqs : store.subscriptions().batches(subscription.id())) {
            if (spec.batchSize() == 1) {
                saver.endBatch(seqs.get(0));
            } else if (!parkedSeqs.contains(seqs.get(0))) {
                List<Change> changes = store.log().get(seqs);
                if (!changes.isEmpty()) {
                    park(Unit.of(changes, true), "begun before a restart");
                }
            }
        }
    }

    private static Unit restored(List<ParkedEntry> entries, long batch) {
        ParkedEntry first = entries.get(0);
        Unit unit = new Unit(
                entries.stream().map(e -> new Entry(e.seq(), e.recordId())).toList(), batch, null);
        unit.attempts = first.attempts();
        unit.nextTryAt = first.nextTryAt();
        unit.reason = first.reason();
        unit.effects = first.effects();
        return unit;
    }

    long feedId() {
        return subscription.feedId();
    }

    SubscriptionSpec spec() {
        return spec;
    }

    long id() {
        return subscription.id();
    }

    /** New changes may be in the log, or something else has moved: lanes that have work run. */
    void wake() {
        synchronized (this) {
            more = true;
        }
        runLanes();
    }

    /** Feeds what the log holds now, for a subscription that is fed by a schedule. */
    synchronized void feedUpTo(long seq) {
        feedUpTo = seq;
        wake();
    }

    private void runLanes() {
        takeDue();
        for (int lane = 0; lane < lanes.size(); lane++) {
            synchronized (this) {
                if (busy[lane] || stopped || lanes.get(lane).isEmpty() && (!more || filling)) {
                    continue;
                }
                busy[lane] = true;
            }
            int mine = lane;
            executor.execute(() -> runLane(mine));
        }
    }

    private void runLane(int lane) {
        try {
            while (true) {
                Unit unit = next(lane);
                if (unit == null) {
                    return;
                }
                deliver(unit);
            }
        } catch (StoreException e) {
            LOG.error("route {}: {}", spec.routeId(), e.getMessage());
            synchronized (this) {
                busy[lane] = false;
            }
            timer.schedule(STORE_AGAIN, this::wake);
        }
    }

    /** The lane's next unit; null when there is nothing it may deliver now, and then the lane is free. */
    private Unit next(int lane) {
        while (true) {
            synchronized (this) {
                if (stopped || state != State.ACTIVE || running + saver.unsaved() >= spec.parallel() + IN_FLIGHT) {
                    return free(lane);
                }
                Unit unit = lanes.get(lane).poll();
                if (unit != null) {
                    if (!unit.parked && isBlocked(unit)) {
                        park(unit, "waits behind an earlier change of the same record");
                        continue;
                    }
                    running += unit.weight();
                    return unit;
                }
                if (!more || filling) {
                    return free(lane);
                }
                filling = true;
                more = false;
            }
            fill();
        }
    }

    private Unit free(int lane) {
        busy[lane] = false;
        saver.idle();
        return null;
    }

    private boolean isBlocked(Unit unit) {
        return !parking.isEmpty() && unit.entries.stream().anyMatch(e -> parking.blocks(e.recordId()));
    }

    private void park(Unit unit, String reason) {
        unit.nextTryAt = clock.instant();
        unit.reason = reason;
        parking.park(unit);
        unit.seqs().forEach(place::settle);
        saver.parked(unit);
    }

    /** Reads on in the log and shares out to the lanes. Outside the lock, one thread at a time. */
    private void fill() {
        boolean readAny;
        try {
            int limit = Math.max(READ_AHEAD, spec.batchSize() * spec.parallel());
            long upTo;
            long from;
            synchronized (this) {
                upTo = feedUpTo;
                from = place.readTo();
            }
            List<Change> read = store.log().read(subscription.feedId(), subscription.id(), from, limit);
            readAny = !read.isEmpty();
            List<Change> fed = read.stream().takeWhile(c -> c.seq() <= upTo).toList();
            share(fed);
            synchronized (this) {
                more |= fed.size() == limit;
            }
        } finally {
            synchronized (this) {
                filling = false;
            }
        }
        if (readAny) {
            runLanes();
        }
    }

    /** The place learns of the changes only when the boundaries of their batches are written down. */
    private void share(List<Change> read) {
        List<List<Change>> shares = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            shares.add(new ArrayList<>());
        }
        synchronized (this) {
            for (Change change : read) {
                boolean skipped = change.baseline() && subscription.startFrom() == StartFrom.NOW;
                if (!skipped && !place.isSettled(change.seq())) {
                    shares.get(lane(change.recordId())).add(change);
                }
            }
        }
        List<List<Unit>> units = new ArrayList<>();
        List<List<Long>> boundaries = new ArrayList<>();
        for (List<Change> share : shares) {
            List<Unit> mine = new ArrayList<>();
            for (int at = 0; at < share.size(); at += spec.batchSize()) {
                List<Change> some = List.copyOf(share.subList(at, Math.min(at + spec.batchSize(), share.size())));
                Unit unit = Unit.of(some, spec.batchSize() > 1);
                mine.add(unit);
                if (unit.batch != 0) {
                    boundaries.add(unit.seqs());
                }
            }
            units.add(mine);
        }
        if (!boundaries.isEmpty()) {
            store.subscriptions().begin(subscription.id(), boundaries);
        }
        synchronized (this) {
            read.forEach(change -> place.read(change.seq()));
            for (int i = 0; i < lanes.size(); i++) {
                units.get(i).forEach(unit -> unit.seqs().forEach(place::opened));
                lanes.get(i).addAll(units.get(i));
            }
        }
    }

    private int lane(String recordId) {
        return lanes.size() == 1 ? 0 : Math.floorMod(recordId.hashCode() * 0x9E3779B9 >>> 7, lanes.size());
    }

    private void deliver(Unit unit) {
        Set<String> effects = Handover.effects(unit.effects);
        Outcome outcome;
        try {
            List<Change> changes = unit.changes == null ? store.log().get(unit.seqs()) : unit.changes;
            if (changes.size() < unit.size()) {
                outcome = new Outcome.Permanent("its body is no longer in the log");
            } else {
                outcome = delivery.deliver(handover(unit, changes, effects));
            }
        } catch (StoreException e) {
            outcome = new Outcome.TargetDown(e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("route {}: delivery failed: {}", spec.routeId(), e.toString());
            outcome = new Outcome.Permanent(e.getClass().getSimpleName());
        } catch (Error e) {
            // Rarely the record's fault (no memory, a class that is missing): the lane must live on.
            LOG.error("route {}: delivery failed", spec.routeId(), e);
            outcome = new Outcome.Passing(e.getClass().getSimpleName(), Optional.empty());
        }
        synchronized (this) {
            running -= unit.weight();
            unit.effects = String.join(" ", effects);
            settle(unit, outcome);
            if (state == State.TARGET_DOWN && running == 0) {
                scheduleProbe();
            }
            notifyAll();
        }
    }

    private Handover handover(Unit unit, List<Change> changes, Set<String> effects) {
        List<String> keys = new ArrayList<>(changes.size());
        for (Change change : changes) {
            keys.add(EffectKeys.base(workspaceId.get(), spec.feed(), change, spec.bundle() + "/" + spec.name()));
        }
        return new Handover(changes, EffectKeys.base(keys), keys, unit.batch != 0, unit.attempts, effects);
    }

    private void settle(Unit unit, Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            finished(unit);
            saver.delivered(unit, done.handledByRoute(), clock.instant());
            targetAnswers();
            permanentRecords.clear();
        } else if (outcome instanceof Outcome.Passing passing) {
            passing(unit, passing);
        } else if (outcome instanceof Outcome.TargetDown down) {
            retryLater(unit, clock.instant(), down.reason());
            targetDown(down.reason());
        } else if (outcome instanceof Outcome.Refused refused) {
            retryLater(unit, clock.instant(), refused.reason());
            alarm(refused.reason());
        } else if (outcome instanceof Outcome.Permanent permanent) {
            targetAnswers();
            boolean whole = Handover.effects(unit.effects).contains(Handover.WHOLE);
            if (unit.size() > 1 && !whole) {
                halve(unit);
                return;
            }
            dead(unit, permanent.reason() + (unit.size() > 1 ? WHY_WHOLE : ""));
            if (!permanent.ofRecord()) {
                permanentRecords.add(unit.entries.get(0).recordId());
            }
            if (permanentRecords.size() >= ALARM_AT) {
                permanentRecords.clear();
                alarm(ALARM_AT + " changes in a row failed for good, the last one: " + permanent.reason());
            }
        }
    }

    private void finished(Unit unit) {
        boolean wasParked = unit.parked;
        parking.leave(unit);
        unit.seqs().forEach(place::settle);
        saver.left(unit, wasParked);
        if (wasParked) {
            takeDueLater();
        }
    }

    private void passing(Unit unit, Outcome.Passing failure) {
        Instant now = clock.instant();
        if (state == State.TARGET_DOWN) {
            retryLater(unit, now, failure.reason());
            return;
        }
        unit.attempts++;
        if (unit.attempts >= spec.retry().attempts()) {
            dead(unit, failure.reason());
        } else {
            Duration wait = spec.retry().backOff().after(unit.attempts, random);
            Duration asked = failure.retryAfter().orElse(Duration.ZERO);
            retryLater(unit, now.plus(asked.compareTo(wait) > 0 ? asked : wait), failure.reason());
        }
        passingInARow++;
        unit.entries.forEach(e -> passingRecords.add(e.recordId()));
        if (passingInARow >= TARGET_DOWN_AT && passingRecords.size() > 1) {
            targetDown(failure.reason());
        }
    }

    private void retryLater(Unit unit, Instant at, String reason) {
        unit.nextTryAt = at;
        unit.reason = reason;
        if (unit.parked) {
            parking.keep(unit);
        } else {
            parking.park(unit);
            unit.seqs().forEach(place::settle);
        }
        saver.parked(unit);
        takeDueLater();
    }

    private void dead(Unit unit, String reason) {
        finished(unit);
        saver.dead(unit, reason);
        LOG.warn(
                "route {}: a change of {} is a dead letter after {} tries: {}",
                spec.routeId(),
                spec.feed(),
                Math.max(unit.attempts, 1),
                reason);
    }

    /** The parts are parked with boundaries of their own, so they are the same batches after a restart. */
    private void halve(Unit unit) {
        int middle = unit.size() / 2;
        List<Unit> parts = List.of(
                part(unit, unit.entries.subList(0, middle)), part(unit, unit.entries.subList(middle, unit.size())));
        boolean wasParked = unit.parked;
        if (wasParked) {
            parking.replace(unit, parts);
        } else {
            parts.forEach(parking::park);
            unit.seqs().forEach(place::settle);
        }
        parts.forEach(saver::parked);
        takeDueLater();
    }

    private Unit part(Unit whole, List<Entry> entries) {
        Unit part = new Unit(List.copyOf(entries), entries.get(0).seq(), null);
        part.attempts = whole.attempts;
        part.nextTryAt = clock.instant();
        part.effects = whole.effects;
        part.reason = "a batch that failed, cut in two";
        return part;
    }

    private void targetAnswers() {
        passingInARow = 0;
        passingRecords.clear();
        if (state == State.TARGET_DOWN) {
            LOG.info("route {}: its target answers again", spec.routeId());
            become(State.ACTIVE, Optional.empty());
            parking.allDue(clock.instant());
            takeDueLater();
        }
    }

    private void targetDown(String reason) {
        if (state == State.ACTIVE) {
            LOG.warn("route {}: its target is down ({}); polling goes on, deliveries wait", spec.routeId(), reason);
            become(State.TARGET_DOWN, Optional.of(reason));
            probeWait = FIRST_PROBE;
        }
    }

    private void scheduleProbe() {
        if (!probeScheduled) {
            probeScheduled = true;
            timer.schedule(probeWait, this::probe);
        }
    }

    /** While the target is down: one record, another one each time, and no attempt is burnt. */
    private void probe() {
        Unit unit;
        synchronized (this) {
            probeScheduled = false;
            if (stopped || state != State.TARGET_DOWN || running > 0) {
                return;
            }
            unit = probeUnit();
            if (unit == null) {
                become(State.ACTIVE, Optional.empty());
            } else {
                running += unit.weight();
                Duration longer = probeWait.multipliedBy(2);
                probeWait = longer.compareTo(LONGEST_PROBE) > 0 ? LONGEST_PROBE : longer;
            }
        }
        executor.execute(() -> {
            if (unit != null) {
                deliver(unit);
            }
            runLanes();
        });
    }

    private Unit probeUnit() {
        while (parking.firsts() < 2) {
            Optional<Deque<Unit>> lane =
                    lanes.stream().filter(waiting -> !waiting.isEmpty()).findFirst();
            if (lane.isEmpty()) {
                break;
            }
            Unit unit = lane.get().poll();
            if (unit.parked) {
                parking.keep(unit);
            } else {
                // Parked, it keeps later versions of its records back while it is tried outside its lane.
                park(unit, "waits for its target");
            }
        }
        return parking.takeLongestUntried().orElse(null);
    }

    private void alarm(String reason) {
        if (state != State.ALARM) {
            LOG.error(
                    "route {}: paused, a person must look: {}. Then: routes resume {}",
                    spec.routeId(),
                    reason,
                    spec.routeId());
            become(State.ALARM, Optional.of(reason));
        }
    }

    private void become(State next, Optional<String> reason) {
        state = next;
        store.subscriptions().mark(subscription.id(), next, reason);
    }

    synchronized State state() {
        return state;
    }

    void pause() {
        synchronized (this) {
            become(State.PAUSED, Optional.of("paused by a person"));
        }
    }

    void resume() {
        synchronized (this) {
            become(State.ACTIVE, Optional.empty());
            passingInARow = 0;
            passingRecords.clear();
            parking.allDue(clock.instant());
        }
        wake();
    }

    /** Takes in what a command parked anew in the store (a replayed dead letter). */
    void reloadParked() {
        synchronized (this) {
            for (ParkedEntry entry : store.subscriptions().parked(subscription.id())) {
                if (entry.attempts() == 0
                        && entry.batch() == 0
                        && !parking.holds(entry.seq())
                        && !saver.isLeaving(entry.seq())) {
                    Unit unit = restored(List.of(entry), spec.batchSize() == 1 ? 0 : entry.seq());
                    unit.nextTryAt = clock.instant();
                    parking.park(unit);
                }
            }
        }
        wake();
    }

    /** Moves what is due into its lane, before what is queued there. */
    private void takeDue() {
        synchronized (this) {
            if (stopped || state != State.ACTIVE || parking.isEmpty()) {
                return;
            }
            List<Unit> due = parking.takeDue(clock.instant());
            for (int i = due.size() - 1; i >= 0; i--) {
                lanes.get(lane(due.get(i).entries.get(0).recordId())).addFirst(due.get(i));
            }
            takeDueLater();
        }
    }

    private void takeDueLater() {
        Optional<Instant> next = parking.nextTry();
        if (next.isEmpty() || retryTimerAt.filter(at -> !at.isAfter(next.get())).isPresent()) {
            return;
        }
        retryTimerAt = next;
        Duration wait = Duration.between(clock.instant(), next.get());
        timer.schedule(wait.isNegative() ? Duration.ZERO : wait, () -> {
            synchronized (this) {
                retryTimerAt = Optional.empty();
            }
            runLanes();
        });
    }

    /** Saves what was achieved, within 20 ms of the first unsaved delivery. Needs the lock. */
    void saveSoon() {
        if (!saveTimer) {
            saveTimer = true;
            timer.schedule(SAVE_WITHIN, () -> {
                synchronized (this) {
                    saveTimer = false;
                    saver.idle();
                }
            });
        }
    }

    /** The store could not save: it is asked again after a while. */
    void saveLater() {
        timer.schedule(STORE_AGAIN, saver::idle);
    }

    static int saveAt() {
        return SAVE_AT;
    }

    /** Hands out nothing more. */
    synchronized void halt() {
        stopped = true;
    }

    /** Hands out nothing more; waits for what is with the route, up to {@code patience}, and saves the place. */
    void stop(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (this) {
            stopped = true;
            try {
                while (running > 0 && System.nanoTime() < deadline) {
                    wait(Math.max(1, Math.min(50, (deadline - System.nanoTime()) / 1_000_000)));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        saver.close();
    }
}
