package io.crmbridge.feed;

import io.crmbridge.feed.FakeCrm.Answered;
import io.crmbridge.feed.FakeCrm.Version;
import io.crmbridge.state.Change;
import io.crmbridge.state.DeadLetters;
import io.crmbridge.state.DeadLetters.DeadLetter;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Gap;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import io.crmbridge.state.Subscription.StartFrom;
import io.crmbridge.state.Subscriptions.ParkedEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A bridge over a fake CRM and a scripted target, and beside it an oracle that knows every version, every delivery and what
 * the store has written. Everything runs on the caller's thread; a broken promise is an AssertionError.
 */
final class FeedWorld implements AutoCloseable {
    static final Duration LATENESS = Duration.ofSeconds(60);
    private static final Duration DELAY = Duration.ofSeconds(30);
    private static final RetryPolicy RETRY = new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofMinutes(5));
    private static final int MOST_TASKS = 100_000;

    /** @param seeds records before the first poll @param hold the store writes places only when told to */
    record Config(
            StartFrom startFrom,
            int parallel,
            int batchSize,
            int cap,
            int realCap,
            int seeds,
            boolean hold,
            int routes) {
        boolean lowCap() {
            return realCap < cap;
        }
    }

    private final Config config;
    private final Path folder;
    private final SettableClock clock = new SettableClock("2026-05-01T12:00:00.250Z");
    private final ManualTimer timer = new ManualTimer(clock);
    private final ManualExecutor executor = new ManualExecutor();
    private final FakeCrm crm;
    private final Instant startedAt = clock.instant();

    private HeldStore store;
    private FeedRuntime runtime;
    private final List<Target> targets = new ArrayList<>();
    private final Deque<FeedAction> during = new ArrayDeque<>();

    // What is to happen.
    private final Deque<Integer> outcomes = new ArrayDeque<>();
    private boolean down;
    private int killInDelivery;

    // What the oracle knows.
    private final Map<Long, Instant> logged = new HashMap<>();
    private final Set<Long> loggedBaseline = new HashSet<>();
    private final Map<Long, Logged> log = new TreeMap<>();
    private final Set<Long> excused = new HashSet<>();
    private final Set<Long> unknownHistory = new HashSet<>();
    private Optional<Instant> proven = Optional.empty();
    private final Set<String> knownBefore = new HashSet<>();
    private int answersChecked;
    private int openGaps;
    private boolean orderly;
    private boolean historyKnown;
    private boolean gapAllowed;
    int polls;
    int deliveries;
    int kills;
    int excuses;

    private record Logged(long seq, String recordId, long number, boolean baseline) {}

    FeedWorld(Config config, Path folder) {
        this.config = config;
        this.folder = folder;
        this.crm = new FakeCrm(clock, config.cap(), config.realCap());
        for (int i = 0; i < config.routes(); i++) {
            targets.add(new Target("route-" + i));
        }
        for (int i = 0; i < config.seeds(); i++) {
            crm.write("r" + i, clock.instant().minus(Duration.ofHours(config.seeds() - i)), false, true);
        }
        open();
    }

    private void open() {
        store = new HeldStore(Store.open(folder, clock));
        store.hold = config.hold();
        store.committed = this::committed;
        runtime = new FeedRuntime(
                store,
                List.of(crm),
                new FeedSettings(LATENESS, Set.of(), Duration.ofSeconds(30)),
                clock,
                timer,
                executor,
                executor,
                new Random(1));
        for (Target target : targets) {
            target.reopened();
            SubscriptionSpec spec = new SubscriptionSpec(
                    "bundle",
                    target.name,
                    target.name,
                    "default",
                    "deals",
                    config.startFrom(),
                    DELAY,
                    Optional.empty(),
                    config.parallel(),
                    config.batchSize(),
                    RETRY,
                    Optional.empty());
            SubscriptionHandle handle = runtime.subscribe(spec, target);
            target.id = store.subscriptions().all().stream()
                    .filter(s -> s.name().equals(target.name))
                    .findFirst()
                    .orElseThrow()
                    .id();
            target.start(handle);
        }
    }

    /** Performs a history, then lets everything heal, and checks every promise on the way. */
    void run(List<FeedAction> history) {
        for (FeedAction action : history) {
            if (action.during()) {
                during.add(action);
            } else {
                perform(action);
            }
            if (store.killed) {
                reopen();
            }
        }
        heal();
    }

    private void perform(FeedAction action) {
        String id = "r" + Math.floorMod(action.a(), 12);
        switch (action.verb()) {
            case CREATE, UPDATE -> {
                gapAllowed |= action.b() > 0;
                crm.write(id, Duration.ofSeconds(Math.floorMod(action.b(), 55)));
            }
            case REMOVE -> {
                crm.remove(id);
                gapAllowed = true;
            }
            case BURST -> burst(Math.floorMod(action.a(), 20) + 1, action.b() == 1);
            case FUTURE -> {
                gapAllowed = true;
                crm.write(id, clock.instant().plus(Duration.ofDays(2)), false, true);
            }
            case BROKEN -> {
                gapAllowed = true;
                crm.write(id, clock.instant(), false, false);
            }
            case TICK -> tick(Duration.ofMillis(action.a()));
            case POLL -> poll();
            case WORK -> work();
            case STEP -> {
                executor.runOne(action.a());
                checkPoll();
            }
            case OUTCOME -> {
                for (int i = 0; i < action.b(); i++) {
                    outcomes.add(action.a());
                }
            }
            case DOWN -> down = action.a() == 1;
            case SAVE -> store.write();
            case FAIL_SAVE -> store.failingSaves = action.a();
            case FAIL_READ -> store.failingReads = action.a();
            case FAIL_BEGIN -> store.failingBegins = action.a();
            case FAIL_COMMIT -> store.failingCommits = action.a();
            case KILL -> {
                switch (action.a()) {
                    case 0 -> store.kill();
                    case 3 -> store.killBeforeCommit = true;
                    case 4 -> store.killAfterCommit = true;
                    default -> killInDelivery = action.a();
                }
            }
            case RESTART -> restart();
            case PURGE -> store.log().purge(clock.instant());
            case REPLAY -> replay();
            case PAUSE -> targets.forEach(t -> runtime.pause(t.name, true));
            case RESUME -> targets.forEach(t -> runtime.pause(t.name, false));
            case FAULT -> {
                gapAllowed = true;
                crm.faults.add(FakeCrm.Fault.values()[Math.floorMod(action.a(), FakeCrm.Fault.values().length)]);
            }
        }
    }

    private void burst(int count, boolean tied) {
        gapAllowed = true;
        for (int i = 0; i < count; i++) {
            crm.write("b" + i, Duration.ZERO);
            if (!tied) {
                clock.advance(Duration.ofMillis(1));
            }
        }
    }

    private void tick(Duration time) {
        clock.advance(time);
        for (int i = 0; i < MOST_TASKS && !store.killed && timer.runOneDue(); i++) {
            checkPoll();
        }
    }

    private void poll() {
        runtime.poll("default", "deals");
        checkPoll();
    }

    private void work() {
        for (int i = 0; i < MOST_TASKS && !store.killed; i++) {
            if (!executor.runOne(0) && !timer.runOneDue()) {
                return;
            }
            checkPoll();
        }
    }

    private void replay() {
        for (DeadLetter letter : store.deadLetters().list(false)) {
            if (store.deadLetters().replay(letter.id())) {
                target(letter.subscriptionId()).replayed(letter.seq());
            }
        }
        targets.forEach(t -> runtime.reloadParked(t.id));
    }

    private Target target(long id) {
        return targets.stream().filter(t -> t.id == id).findFirst().orElseThrow();
    }

    private void restart() {
        if (deliveringNow()) {
            return;
        }
        store.hold = false;
        store.failingSaves = 0;
        store.write();
        runtime.close();
        store.close();
        executor.clear();
        timer.clear();
        orderly = true;
        open();
        orderly = false;
    }

    private boolean deliveringNow() {
        return targets.stream().anyMatch(t -> !t.inDelivery.isEmpty());
    }

    private void reopen() {
        kills++;
        if (store.diedAfterCommit) {
            List<Answered> pages = crm.answered.subList(answersChecked, crm.answered.size());
            last().snapshot().stream()
                    .filter(v -> !isAccounted(v, store.sources().gaps(false)))
                    .forEach(v -> excuse(v, pages));
        }
        killInDelivery = 0;
        during.clear();
        store.close();
        executor.clear();
        timer.clear();
        answersChecked = crm.answered.size();
        open();
    }

    // --- the oracle of polls ---

    private void committed(PollCommit poll) {
        List<Change> all = store.bare().read(poll.state().id(), 0, log.isEmpty() ? 0 : lastSeq(), 100_000);
        for (Change change : all) {
            long number = FakeCrm.number(change.body());
            log.put(change.seq(), new Logged(change.seq(), change.recordId(), number, change.baseline()));
            logged.put(number, clock.instant());
            if (change.baseline()) {
                loggedBaseline.add(number);
            }
        }
        if (!historyKnown && poll.state().historyFrom().isPresent()) {
            historyKnown = true;
            last().snapshot().stream()
                    .filter(v -> !v.stamp().isAfter(poll.state().historyFrom().get()))
                    .forEach(v -> unknownHistory.add(v.number()));
        }
        excuseLateBelow(last());
        long sinceProven = last().snapshot().stream()
                .filter(v -> proven.map(p -> !v.stamp().isBefore(p)).orElse(false))
                .count();
        proven.ifPresent(p -> require(
                poll.state().proven().isPresent()
                        && !poll.state().proven().get().isBefore(p),
                "P moved back from %s to %s",
                p,
                poll.state().proven()));
        proven = poll.state().proven();
        if (poll.gap().isPresent()) {
            openGaps++;
            require(
                    gapAllowed || config.lowCap() || sinceProven >= config.cap(),
                    "a gap without a burst, a removal or a fault: %s",
                    poll.gap().get());
        }
    }

    /** Noted at the commit, because a kill may come before the poll is looked at. */
    private void excuseLateBelow(Answered page) {
        if (page.rows().size() >= config.realCap()) {
            Instant oldest = page.rows().get(page.rows().size() - 1).stamp();
            page.snapshot().stream()
                    .filter(v -> v.late() && !v.stamp().isAfter(oldest) && !logged.containsKey(v.number()))
                    .forEach(v -> excused.add(v.number()));
        }
    }

    private long lastSeq() {
        long last = 0;
        for (long seq : log.keySet()) {
            last = seq;
        }
        return last;
    }

    private Answered last() {
        return crm.answered.get(crm.answered.size() - 1);
    }

    /** After a poll that was committed: every version it could see, up to the proven point, is accounted for. */
    private void checkPoll() {
        if (crm.answered.size() == answersChecked) {
            return;
        }
        List<Answered> pages = crm.answered.subList(answersChecked, crm.answered.size());
        answersChecked = crm.answered.size();
        polls += pages.size();
        store.sources().source("default", "fake");
        FeedState state = store.sources().feeds().get(0);
        boolean failed = state.error().isPresent() || store.killed || store.failedCommit;
        store.failedCommit = false;
        if (failed || !pages.stream().allMatch(Answered::sorted)) {
            return;
        }
        require(state.proven().isPresent(), "a poll succeeded and P is nowhere");
        List<Gap> gaps = store.sources().gaps(false);
        require(gaps.size() == openGaps, "%d gaps are on record, %d were opened", gaps.size(), openGaps);
        Answered page = pages.get(pages.size() - 1);
        for (Version version : page.snapshot()) {
            if (version.visible()
                    && !version.stamp().isAfter(state.proven().get())
                    && !isAccounted(version, gaps)
                    && !excuse(version, pages)) {
                throw new AssertionError("version %s is neither in the log nor in a gap; P=%s, pages=%s, gaps=%s"
                        .formatted(version, state.proven().get(), pages, gaps));
            }
        }
        log.values().forEach(entry -> knownBefore.add(entry.recordId()));
    }

    private boolean isAccounted(Version version, List<Gap> gaps) {
        return logged.containsKey(version.number())
                || excused.contains(version.number())
                || unknownHistory.contains(version.number())
                || gaps.stream()
                        .anyMatch(gap -> !version.stamp().isBefore(gap.from())
                                && !version.stamp().isAfter(gap.to()));
    }

    /**
     * Two known holes: a late commit below the oldest row of a full page, which no page shows any more; and a server with
     * a lower cap than documented as long as one of its pages shows every record that is known.
     */
    private boolean excuse(Version version, List<Answered> pages) {
        boolean belowFullPage = version.late()
                && pages.stream()
                        .anyMatch(page -> page.rows().size() >= config.realCap()
                                && !page.rows()
                                        .get(page.rows().size() - 1)
                                        .stamp()
                                        .isBefore(version.stamp()));
        Set<String> shown = new HashSet<>();
        pages.forEach(page -> page.rows().forEach(v -> shown.add(v.id())));
        boolean littleKnown = config.lowCap() && shown.containsAll(knownBefore);
        if (belowFullPage || littleKnown) {
            excused.add(version.number());
            excuses++;
            return true;
        }
        return false;
    }

    // --- the oracle of deliveries ---

    private final class Target implements Delivery {
        private final String name;
        private long id;
        private SubscriptionHandle handle;
        private final Map<Long, String> keys = new HashMap<>();
        private final Map<String, String> keysOfVersions = new HashMap<>();
        private final Set<Long> done = new HashSet<>();
        private final Set<Long> doneHere = new HashSet<>();
        private final Set<Long> durable = new HashSet<>();
        private final Set<Long> delivered = new HashSet<>();
        private final Set<Long> mayRepeat = new HashSet<>();
        private final Set<String> inDelivery = new HashSet<>();
        private final Set<Long> dying = new HashSet<>();
        private final Map<Long, Integer> passing = new HashMap<>();

        Target(String name) {
            this.name = name;
        }

        /** What the store says is settled must be done or dead; and little may be done that it does not say. */
        void reopened() {
            inDelivery.clear();
            dying.clear();
            mayRepeat.clear();
            durable.clear();
            Optional<Subscription> saved = store.subscriptions().all().stream()
                    .filter(s -> s.name().equals(name))
                    .findFirst();
            if (saved.isPresent()) {
                Set<Long> parked = parked();
                Set<Long> dead = dead(true);
                Set<Long> above = ranges(saved.get().doneAbove());
                int unsaved = 0;
                for (Logged entry : log.values()) {
                    boolean settled = entry.seq() <= saved.get().position() || above.contains(entry.seq());
                    if (settled && !parked.contains(entry.seq())) {
                        require(
                                done.contains(entry.seq()) || dead.contains(entry.seq()) || skipped(entry),
                                "%s: the place says that %s is settled, but it was never delivered",
                                name,
                                entry);
                        durable.add(entry.seq());
                    } else if (doneHere.contains(entry.seq())) {
                        unsaved++;
                    }
                }
                require(
                        unsaved <= (orderly ? 0 : (config.parallel() + 64) * config.batchSize()),
                        "%d changes that are done are not durably so",
                        unsaved);
            }
            doneHere.clear();
        }

        void start(SubscriptionHandle opened) {
            handle = opened;
            handle.start();
        }

        private boolean skipped(Logged entry) {
            return entry.baseline() && config.startFrom() == StartFrom.NOW;
        }

        private Set<Long> parked() {
            Set<Long> seqs = new HashSet<>();
            store.subscriptions().parked(id).stream().map(ParkedEntry::seq).forEach(seqs::add);
            return seqs;
        }

        private Set<Long> dead(boolean ever) {
            Set<Long> seqs = new HashSet<>();
            store.deadLetters().list(true).stream()
                    .filter(l -> l.subscriptionId() == id && (ever || l.state() == DeadLetters.State.DEAD))
                    .forEach(l -> seqs.add(l.seq()));
            return seqs;
        }

        private Set<Long> ranges(String text) {
            Set<Long> seqs = new TreeSet<>();
            for (String range : text.isEmpty() ? new String[0] : text.split(",")) {
                String[] ends = range.split("-");
                for (long seq = Long.parseLong(ends[0]); seq <= Long.parseLong(ends[ends.length - 1]); seq++) {
                    seqs.add(seq);
                }
            }
            return seqs;
        }

        void replayed(long seq) {
            mayRepeat.add(seq);
            durable.remove(seq);
        }

        @Override
        public Outcome deliver(Handover handover) {
            if (store.killed) {
                throw new IllegalStateException("the process is dead");
            }
            deliveries++;
            if (killInDelivery == 2) {
                store.kill();
                throw new IllegalStateException("killed before the target accepts");
            }
            check(handover);
            handover.changes().forEach(c -> inDelivery.add(c.recordId()));
            FeedAction inside = during.poll();
            if (inside != null) {
                perform(inside);
            }
            if (killInDelivery == 1) {
                handover.changes().forEach(c -> accept(c.seq()));
                store.kill();
            }
            if (store.killed) {
                throw new IllegalStateException("killed after the target accepts");
            }
            handover.changes().forEach(c -> inDelivery.remove(c.recordId()));
            return outcome(handover);
        }

        private Outcome outcome(Handover handover) {
            int outcome = down ? 1 : outcomes.isEmpty() ? 0 : outcomes.poll();
            return switch (Math.floorMod(outcome, 7)) {
                case 1 -> {
                    countPassing(handover);
                    yield new Outcome.Passing("503", Optional.empty());
                }
                case 2 -> {
                    die(handover);
                    yield new Outcome.Permanent("no mapping");
                }
                case 3 -> new Outcome.TargetDown("it sleeps");
                case 4 -> new Outcome.Refused("401");
                case 5 -> {
                    handover.changes().forEach(c -> accept(c.seq()));
                    yield new Outcome.Done(true);
                }
                case 6 -> {
                    countPassing(handover);
                    throw new StackOverflowError("a fault of the route's own code");
                }
                default -> {
                    handover.changes().forEach(c -> accept(c.seq()));
                    yield Outcome.DONE;
                }
            };
        }

        private void countPassing(Handover handover) {
            for (Change change : handover.changes()) {
                if (passing.merge(change.seq(), 1, Integer::sum) >= RETRY.attempts()) {
                    dying.add(change.seq());
                }
            }
        }

        private void die(Handover handover) {
            if (handover.changes().size() == 1) {
                dying.add(handover.changes().get(0).seq());
            }
        }

        private void accept(long seq) {
            done.add(seq);
            doneHere.add(seq);
        }

        private void check(Handover handover) {
            require(
                    handover.batch() == config.batchSize() > 1,
                    "%s asked for batches of %d and got %s",
                    name,
                    config.batchSize(),
                    handover);
            for (int i = 0; i < handover.changes().size(); i++) {
                Change change = handover.changes().get(i);
                String key = handover.keys().get(i);
                String known = keys.putIfAbsent(change.seq(), key);
                require(known == null || known.equals(key), "the key of %d changed", change.seq());
                String version = change.recordId() + "@" + FakeCrm.number(change.body());
                String sameVersion = keysOfVersions.putIfAbsent(version, key);
                require(sameVersion == null || sameVersion.equals(key), "the key of %s changed", version);
                require(
                        !inDelivery.contains(change.recordId()),
                        "%s is delivered twice at a time: %d",
                        change.recordId(),
                        change.seq());
                require(
                        !durable.contains(change.seq()) && !doneHere.contains(change.seq())
                                || mayRepeat.contains(change.seq()),
                        "%s: %d is done and came again",
                        name,
                        change.seq());
                if (doneHere.contains(change.seq())) {
                    mayRepeat.remove(change.seq());
                }
                if (delivered.add(change.seq())) {
                    checkOrder(handover, change);
                }
            }
        }

        private void checkOrder(Handover handover, Change change) {
            Set<Long> dead = null;
            for (Logged earlier : log.values()) {
                if (earlier.seq() >= change.seq()) {
                    return;
                }
                if (earlier.recordId().equals(change.recordId())
                        && !skipped(earlier)
                        && !done.contains(earlier.seq())
                        && handover.changes().stream().noneMatch(c -> c.seq() == earlier.seq())) {
                    dead = dead == null ? dead(true) : dead;
                    require(
                            dead.contains(earlier.seq()) || dying.contains(earlier.seq()),
                            "%d came before %d of the same record",
                            change.seq(),
                            earlier.seq());
                }
            }
        }

        void checkEnd() {
            Set<Long> dead = dead(true);
            for (Logged entry : log.values()) {
                require(
                        done.contains(entry.seq()) || dead.contains(entry.seq()) || skipped(entry),
                        "%s never got %s; place %s, parked %s",
                        name,
                        entry,
                        store.subscriptions().all(),
                        store.subscriptions().parked(id));
            }
            require(parked().isEmpty(), "%s still has parked changes: %s", name, parked());
            Subscription saved = store.subscriptions().all().stream()
                    .filter(s -> s.id() == id)
                    .findFirst()
                    .orElseThrow();
            require(store.subscriptions().batches(id).isEmpty(), "%s has unfinished batches", name);
            require(
                    log.isEmpty() || saved.position() >= lastSeq() || doneNothing(),
                    "%s stands at %d of %d",
                    name,
                    saved.position(),
                    lastSeq());
        }

        /** A place moves with deliveries: one that has skipped all there was stands where it stood. */
        private boolean doneNothing() {
            return log.values().stream().filter(e -> !skipped(e)).noneMatch(e -> e.seq() > position());
        }

        private long position() {
            return store.subscriptions().all().stream()
                    .filter(s -> s.id() == id)
                    .findFirst()
                    .orElseThrow()
                    .position();
        }
    }

    // --- the end ---

    /** All faults end. Then nothing may be left over. */
    private void heal() {
        crm.faults.clear();
        during.clear();
        outcomes.clear();
        killInDelivery = 0;
        store.killBeforeCommit = false;
        store.killAfterCommit = false;
        store.failingSaves = 0;
        store.failingReads = 0;
        store.failingBegins = 0;
        store.failingCommits = 0;
        store.hold = false;
        store.write();
        down = true;
        int calls = crm.calls;
        for (int i = 0; i < 3; i++) {
            work();
            tick(Duration.ofMinutes(6));
        }
        work();
        require(crm.calls > calls, "polling does not go on while the target is down");
        down = false;
        perform(FeedAction.of(FeedAction.Verb.RESUME, 0, 0));
        for (int round = 0; round < 60 && !(round > 3 && settled()); round++) {
            work();
            tick(Duration.ofMinutes(6));
            work();
            tick(Duration.ofMillis(25));
            work();
            targets.stream().filter(t -> t.handle.state().equals("ALARM")).forEach(t -> runtime.pause(t.name, false));
        }
        poll();
        targets.forEach(Target::checkEnd);
        List<Gap> gaps = store.sources().gaps(false);
        for (Version version : crm.live()) {
            require(
                    !version.visible()
                            || isAccounted(version, gaps)
                            || version.stamp().isAfter(clock.instant()),
                    "%s is live and nobody knows it",
                    version);
        }
    }

    private boolean settled() {
        return targets.stream()
                .allMatch(t -> t.parked().isEmpty()
                        && store.subscriptions().batches(t.id).isEmpty()
                        && t.handle.state().equals("ACTIVE")
                        && t.doneNothing());
    }

    Duration lived() {
        return Duration.between(startedAt, clock.instant());
    }

    private static void require(boolean holds, String otherwise, Object... values) {
        if (!holds) {
            throw new AssertionError(otherwise.formatted(values));
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
