package io.crmbridge.feed;

import io.crmbridge.crm.Calls;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Writes;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.Subscription;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All feeds of one process: one poll a feed, however many routes are on it, and one dispatcher a subscription.
 * Thread-safe.
 */
public final class FeedRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedRuntime.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Of one connection. */
    private static final int POLLS_AT_A_TIME = 4;

    private final Store store;
    private final FeedSettings settings;
    private final Clock clock;
    private final Timer timer;
    private final Executor polls;
    private final Executor lanes;
    private final RandomGenerator random;
    private final Map<String, ConnectionLink> links = new ConcurrentSkipListMap<>();
    private final Map<String, Executor> turns = new ConcurrentHashMap<>();
    private final List<Newcomers> newcomers = new CopyOnWriteArrayList<>();
    private final Map<String, PollTask> tasks = new TreeMap<>();
    private final Map<String, LocalFeed> locals = new TreeMap<>();
    private final List<FeedGroup> groups = new CopyOnWriteArrayList<>();
    private final List<SubscriptionRunner> runners = new CopyOnWriteArrayList<>();
    private boolean closed;

    /** @param polls runs polls; it needs a few threads for each connection, which may all wait for its CRM @param lanes runs deliveries; one thread a busy lane */
    public FeedRuntime(
            Store store,
            Collection<? extends Crm> crms,
            FeedSettings settings,
            Clock clock,
            Timer timer,
            Executor polls,
            Executor lanes,
            RandomGenerator random) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.timer = timer;
        this.polls = polls;
        this.lanes = lanes;
        this.random = random;
        crms.forEach(this::link);
    }

    private ConnectionLink link(Crm crm) {
        String name = crm.connection().name();
        Source source = store.sources().source(name, crm.connection().type());
        ConnectionLink link = new ConnectionLink(store, crm, source, settings.settle(), clock, random);
        links.put(name, link);
        return link;
    }

    private record Newcomers(String type, Consumer<String> action) {}

    /**
     * Adds a connection that was made while the bridge runs, and tells who wants all of its type.
     *
     * @throws IllegalArgumentException when there is one of this name
     */
    public void add(Crm crm) {
        String name = crm.connection().name();
        synchronized (this) {
            if (closed || links.containsKey(name)) {
                throw new IllegalArgumentException("connection %s is there already".formatted(name));
            }
            greet(link(crm));
        }
        welcome(crm.connection());
    }

    /** What one of them cannot do now keeps the others from nothing. */
    private void welcome(Connection connection) {
        newcomers.stream().filter(one -> one.type().equals(connection.type())).forEach(one -> {
            try {
                one.action().accept(connection.name());
            } catch (RuntimeException e) {
                LOG.error(
                        "connection {} is not taken up by a route; install it again, or start the bridge anew",
                        connection.name(),
                        e);
            }
        });
    }

    /**
     * Tests a connection's key soon, and polls its feeds if it is accepted; nothing where there is no such connection. Tells again
     * who wants all of its type. Returns at once.
     */
    public void retry(String connection) {
        ConnectionLink link = links.get(connection);
        if (link == null) {
            return;
        }
        // A test that is under way may wait for the CRM.
        turns(link).execute(() -> retry(link));
    }

    private void retry(ConnectionLink link) {
        String connection = link.crm().connection().name();
        link.testNow();
        welcome(link.crm().connection());
        List<PollTask> mine;
        synchronized (this) {
            mine = tasks.entrySet().stream()
                    .filter(task -> task.getKey().startsWith(connection + "/"))
                    .map(Map.Entry::getValue)
                    .toList();
        }
        mine.forEach(PollTask::pollSoon);
    }

    /** Calls back with the name of each connection of a type that is added from now on, until what is returned is run. */
    public Runnable onConnection(String type, Consumer<String> action) {
        Newcomers mine = new Newcomers(type, action);
        newcomers.add(mine);
        return () -> newcomers.remove(mine);
    }

    /** Names of the connections of a type. */
    public List<String> connections(String type) {
        return links.values().stream()
                .map(link -> link.crm().connection())
                .filter(connection -> connection.type().equals(type))
                .map(connection -> connection.name())
                .toList();
    }

    /** Whether a connection has such a feed, whose it is now. @throws IllegalArgumentException when there is no such connection */
    public boolean hasFeed(String connection, String feed) {
        return find(link(connection), feed).isPresent();
    }

    /** Calls of routes to a connection. @throws IllegalArgumentException when there is no such connection */
    public Calls calls(String connection) {
        return link(connection).calls();
    }

    /** The store's number of a connection. @throws IllegalArgumentException when there is no such connection */
    public long sourceId(String connection) {
        return link(connection).sourceId();
    }

    /** Writes of routes to a connection, each done once. @throws IllegalArgumentException when there is no such connection */
    public Writes writes(String connection) {
        return link(connection).writes();
    }

    /** Finds out what became of writes whose answer is missing, where no route is at it. */
    public void settleWrites() {
        for (ConnectionLink link : links.values()) {
            try {
                link.writes().settleDue();
            } catch (CrmException e) {
                LOG.warn("connection {}: {}", link.crm().connection().name(), e.getMessage());
            }
        }
    }

    /** Connection of the feeds that the bridge writes itself. */
    public static final String LOCAL = LocalFeed.CONNECTION;

    /** The feed of what is not well, on {@link #LOCAL}. */
    public static final String EVENTS = EventWatch.FEED;

    /**
     * Opens or resumes a subscription; its feed is polled from now on, also after the subscription is closed.
     *
     * @throws IllegalArgumentException when there is no such connection or feed
     */
    public SubscriptionHandle subscribe(SubscriptionSpec spec, Delivery delivery) {
        boolean local = spec.connection().equals(LocalFeed.CONNECTION);
        Feeding feeding = local ? local(spec.feed()) : task(link(spec.connection()), spec.feed());
        Supplier<String> workspaceId = local ? () -> LocalFeed.CONNECTION : link(spec.connection())::workspaceId;
        Subscription subscription = store.subscriptions()
                .open(
                        spec.bundle(),
                        spec.name(),
                        spec.routeId(),
                        feeding.feedId(),
                        spec.startFrom(),
                        spec.note().orElse(null));
        SubscriptionRunner runner =
                new SubscriptionRunner(store, spec, subscription, workspaceId, delivery, clock, timer, lanes, random);
        runners.add(runner);
        feeding.add(runner);
        return new Handle(feeding, runner);
    }

    /**
     * Opens or resumes a subscription to each feed of a resource that the choice means, and follows its listing: the CRM
     * need not answer now.
     *
     * @param spec its feed is the resource
     * @param deliveries made of the id of a record of the listing
     */
    public SubscriptionHandle subscribeEach(
            SubscriptionSpec spec, Choice choice, Function<String, Delivery> deliveries) {
        PollTask listing = task(link(spec.connection()), choice.listing());
        FeedGroup group = new FeedGroup(store, this, spec, choice, listing, deliveries);
        groups.add(group);
        return group;
    }

    /** Keeps polled what the feed of a sequence's former members is read from: its enrolments. */
    void sweep(SubscriptionSpec spec, String sequence, Duration time) {
        keepPolled(spec.connection(), "enrollments/" + sequence, spec.delay());
        polled(spec.connection(), spec.feed()).sweepFor(time);
    }

    void forget(FeedGroup group) {
        groups.remove(group);
    }

    /** Ends the polling of a feed that is gone from the CRM. */
    void drop(String connection, String feed) {
        PollTask task;
        synchronized (this) {
            task = tasks.remove(connection + "/" + feed);
        }
        if (task != null) {
            task.end();
        }
    }

    /**
     * The feed of a resource that the choice means, polled from now on at this delay or sooner.
     *
     * @throws NoSuchElementException with the reason when it means none, as far as the listing was ever polled
     */
    public Optional<String> keepOnePolled(String connection, String resource, Choice choice, Duration delay) {
        keepPolled(connection, choice.listing(), delay);
        PollTask listing = polled(connection, choice.listing());
        if (listing.state().freshAt().isEmpty()) {
            return Optional.empty();
        }
        Listing.Found found = Listing.of(store.log(), listing.feedId()).find(choice);
        if (found.ids().size() != 1) {
            throw new NoSuchElementException(found.problem().orElse("several are meant"));
        }
        String feed = resource + "/" + found.ids().iterator().next();
        keepPolled(connection, feed, delay);
        return Optional.of(feed);
    }

    private synchronized LocalFeed local(String feed) {
        return locals.computeIfAbsent(feed, name -> new LocalFeed(store, name, clock, timer, lanes));
    }

    /** The inbox of this name, made when new. */
    public Inbox inbox(String name) {
        return new Inbox(store, local(Inbox.FEEDS + name));
    }

    /**
     * Watches over what is not well and writes it to the feed of events.
     *
     * @param expected how often a route is expected to succeed, by its id; asked at each look
     * @param reminder how often something that lasts is told again
     */
    public EventWatch watch(Supplier<Map<String, Duration>> expected, Duration reminder) {
        return new EventWatch(store, local(EventWatch.FEED), expected, reminder, clock);
    }

    /**
     * Polls a feed from now on, at this delay or sooner, for whoever reads its mirror.
     *
     * @throws IllegalArgumentException when there is no such connection or feed
     */
    public void keepPolled(String connection, String feed, Duration delay) {
        PollTask task = task(link(connection), feed);
        task.want(delay);
        task.start();
    }

    /**
     * What is known of a polled feed. Waits for the first poll of this process, so that an answer right after a start is
     * no staler than it must be, and for no later one.
     */
    public FeedState known(String connection, String feed) {
        return polled(connection, feed).known();
    }

    private ConnectionLink link(String connection) {
        ConnectionLink link = links.get(connection);
        if (link == null) {
            throw new IllegalArgumentException(
                    "no connection \"%s\": add bridge.connection.%s.type, .base-url and .api-key"
                            .formatted(connection, connection));
        }
        return link;
    }

    private PollTask task(ConnectionLink link, String feed) {
        FeedContract contract =
                find(link, feed).orElseThrow(() -> new IllegalArgumentException("no feed \"%s\"".formatted(feed)));
        synchronized (this) {
            return tasks.computeIfAbsent(link.crm().connection().name() + "/" + feed, key -> task(link, contract));
        }
    }

    /** A feed, or the one of a key of the template whose name is the longest beginning of its own. */
    private static Optional<FeedContract> find(ConnectionLink link, String feed) {
        return link.crm().feeds().stream()
                .filter(it -> it.isTemplate() ? feed.startsWith(it.name() + "/") : feed.equals(it.name()))
                .max(Comparator.comparing(it -> it.name().length()))
                .map(it -> it.isTemplate() ? it.of(feed.substring(it.name().length() + 1)) : it);
    }

    private PollTask task(ConnectionLink link, FeedContract contract) {
        FeedState state = store.sources().lease(link.sourceId(), contract.name());
        FeedPoller poller =
                new FeedPoller(store, link.crm(), contract, state, settings.lateness(), settings.ignoreFields(), clock);
        PollTask task = new PollTask(link, poller, clock, timer, turns(link), random);
        if (contract.style() == FeedContract.Style.NEWEST) {
            link.pollInTime(contract.name(), task::pollNow);
        }
        return task;
    }

    /** Asks every CRM which workspace its key answers for, ahead of the first poll; returns at once. */
    public void greet() {
        links.values().forEach(this::greet);
    }

    private Executor turns(ConnectionLink link) {
        return turns.computeIfAbsent(link.crm().connection().name(), name -> new Turns(polls, POLLS_AT_A_TIME));
    }

    private void greet(ConnectionLink link) {
        turns(link).execute(() -> {
            try {
                link.check();
            } catch (CrmException | StoreException e) {
                LOG.debug(
                        "connection {} did not answer yet: {}",
                        link.crm().connection().name(),
                        e.getMessage());
            }
        });
    }

    /** Polls a feed now and returns when the log has what it learnt. For schedules, tests and benchmarks. */
    public void poll(String connection, String feed) {
        polled(connection, feed).pollNow();
    }

    private synchronized PollTask polled(String connection, String feed) {
        PollTask task = tasks.get(connection + "/" + feed);
        if (task == null) {
            throw new IllegalArgumentException("no route is on feed %s of %s".formatted(feed, connection));
        }
        return task;
    }

    /** Pauses or resumes every subscription of a route. False if it has none here. */
    public boolean pause(String routeId, boolean paused) {
        List<SubscriptionRunner> mine =
                runners.stream().filter(r -> r.spec().routeId().equals(routeId)).toList();
        mine.forEach(runner -> {
            if (paused) {
                runner.pause();
            } else {
                runner.resume();
            }
        });
        return !mine.isEmpty()
                || groups.stream().anyMatch(group -> group.spec().routeId().equals(routeId));
    }

    /**
     * Hands out nothing more to routes that are about to stop, and waits for what is with them, up to {@code patience} over all
     * of them; what is with them after that is handed out again, with the same keys, when they or others go on in their places.
     */
    public void quiesce(Collection<String> routeIds, Duration patience) {
        List<SubscriptionRunner> mine = runners.stream()
                .filter(runner -> routeIds.contains(runner.spec().routeId()))
                .toList();
        long deadline = System.nanoTime() + patience.toNanos();
        mine.forEach(SubscriptionRunner::halt);
        mine.forEach(runner -> runner.stop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    /** Looks for what commands parked anew. */
    public void reloadParked(long subscriptionId) {
        runners.stream().filter(r -> r.id() == subscriptionId).forEach(SubscriptionRunner::reloadParked);
    }

    /** Ids of the subscriptions that are open now. */
    public List<Long> openSubscriptions() {
        return Stream.concat(
                        runners.stream().map(SubscriptionRunner::id),
                        groups.stream().map(FeedGroup::placeId))
                .toList();
    }

    public Collection<String> polledFeeds() {
        synchronized (this) {
            return new TreeSet<>(tasks.keySet());
        }
    }

    /** Stops polling and handing out; waits a little for what is with the routes, and saves their places. */
    @Override
    public void close() {
        List<PollTask> all;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            all = List.copyOf(tasks.values());
        }
        all.forEach(PollTask::stop);
        links.values().forEach(link -> link.writes().close());
        runners.forEach(SubscriptionRunner::halt);
        runners.forEach(runner -> runner.stop(PATIENCE));
        links.values().forEach(link -> link.crm().close());
    }

    private final class Handle implements SubscriptionHandle {
        private final Feeding task;
        private final SubscriptionRunner runner;

        Handle(Feeding task, SubscriptionRunner runner) {
            this.task = task;
            this.runner = runner;
        }

        @Override
        public void start() {
            task.start();
            runner.wake();
        }

        @Override
        public String state() {
            return runner.state().name();
        }

        @Override
        public void close() {
            runners.remove(runner);
            task.remove(runner);
            runner.stop(PATIENCE);
        }
    }
}
