package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.FieldWarnings;
import io.crmbridge.bundle.RunningBundle;
import io.crmbridge.component.Activity;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.export.Exporter;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.inbox.Intake;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.schedule.ScheduledRoutes;
import io.crmbridge.component.template.Templates;
import io.crmbridge.console.OpsPages;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.SystemTimer;
import io.crmbridge.lead.LeadFiles;
import io.crmbridge.lead.Leads;
import io.crmbridge.state.DataFolder;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.StoreException.Kind;
import io.crmbridge.state.StoreSettings;
import io.crmbridge.state.Subscriptions;
import io.crmbridge.web.WebServer;
import io.crmbridge.web.WebServer.Taker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole bridge in this process: store, feeds, routes and web server, started in order and stopped in reverse. */
final class BridgeProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeProcess.class);

    private final BundleReader.Reading reading;
    private final Set<String> paused;
    private final Closers ground;
    private final Closers routes;
    private final Store store;
    private final FeedRuntime feeds;
    private final Exporter exporter;
    private final WebServer web;

    private BridgeProcess(
            BundleReader.Reading reading,
            Set<String> paused,
            Closers ground,
            Closers routes,
            Store store,
            FeedRuntime feeds,
            Exporter exporter,
            WebServer web) {
        this.reading = reading;
        this.paused = paused;
        this.ground = ground;
        this.routes = routes;
        this.store = store;
        this.feeds = feeds;
        this.exporter = exporter;
        this.web = web;
    }

    /** What to do while another bridge is active on the store. */
    interface Standby {
        /** False when this one shall not wait any longer. */
        boolean waits(String forWhom);
    }

    static BridgeProcess start(Bundle bundle, Path data, int port, Map<String, String> environment, Activity activity) {
        return start(bundle, data, port, environment, activity, forWhom -> false);
    }

    /** @param port of the ops page; 0 for any free one */
    static BridgeProcess start(
            Bundle bundle, Path data, int port, Map<String, String> environment, Activity activity, Standby standby) {
        Clock clock = Clock.systemUTC();
        CompletableFuture.runAsync(Store::preload);
        BundleReader.Reading reading = BundleReader.read(bundle, environment);
        if (!reading.findings().isEmpty()) {
            throw new BundleException(reading.findings());
        }
        List<Connection> connections = reading.config().crm().connections();
        StoreSettings where = reading.config().store();
        Closers ground = new Closers();
        Closers routes = new Closers();
        try {
            ground.add(DataFolder.hold(data, clock));
            CompletableFuture<Store> opened = new CompletableFuture<>();
            CompletableFuture<List<Crm>> crms = CompletableFuture.supplyAsync(() -> connections.stream()
                    .filter(connection ->
                            reading.config().crm().oauth(connection.name()).isEmpty())
                    .map(connection -> Crms.of(connection, reading.config(), opened, clock))
                    .toList());
            Store store = ground.add(open(data, where, port, standby, clock));
            opened.complete(store);
            OAuthConnections oauth = ground.add(new OAuthConnections(reading, store, clock));
            List<Crm> crmsOfAll =
                    Stream.concat(crms.join().stream(), oauth.all().stream()).toList();
            SystemTimer timer = ground.add(new SystemTimer());
            ExecutorService polls = ground.executor(Executors.newCachedThreadPool(daemons("bridge-poll")));
            ExecutorService lanes = ground.executor(Executors.newCachedThreadPool(daemons("bridge-lane")));
            FeedRuntime feeds = new FeedRuntime(
                    store,
                    crmsOfAll,
                    reading.config().feedSettings(),
                    clock,
                    timer,
                    polls,
                    lanes,
                    RandomGenerator.getDefault());
            feeds.greet();
            Exporter exporter = ground.add(exporter(reading.config(), data, store, clock));
            BridgeServices services = new BridgeServices(
                    reading.config().bundle(),
                    Optional.of(feeds),
                    Optional.of(store),
                    Optional.of(exporter),
                    Optional.of(new Leads(store, feeds, reading.config().floodGate(), clock)),
                    new Mappings(bundle.mappings()),
                    new Templates(bundle.templates()),
                    reading.config()::hook,
                    reading.config()::mail,
                    new InboxRules(bundle.schemas(), reading.config()::inbox),
                    new LeadFiles(bundle.leads()),
                    oauth::catalogue,
                    reading.config().allowFastPoll(),
                    activity,
                    clock);
            ScheduledRoutes schedules = new ScheduledRoutes(
                    store.schedules(),
                    reading.config().bundle(),
                    reading.config().catchUp(),
                    clock,
                    timer,
                    lanes,
                    RandomGenerator.getDefault());
            Set<String> paused = paused(store, reading);
            RunningBundle running = routes.add(RunningBundle.start(bundle, reading, paused, services, schedules));
            routes.add(feeds);
            noteRoutes(store, reading);
            routes.add(new Chores(store, feeds, running, exporter, timer, polls, reading.config(), clock));
            Intake intake = new Intake(services, running::context);
            Map<String, Taker> takers = oauth.takers(feeds);
            takers.put(Intake.PATH, intake);
            WebServer web = routes.add(WebServer.start(port, OpsPages.of(store, running::context), takers));
            routes.add(intake);
            reading.warnings().forEach(warning -> LOG.warn("{}", warning));
            new FieldWarnings(services.templates(), Optional.of(store))
                    .of(reading.templates())
                    .forEach(warning -> LOG.warn("{}", warning));
            return new BridgeProcess(reading, paused, ground, routes, store, feeds, exporter, web);
        } catch (IllegalStateException e) {
            routes.close();
            ground.close();
            throw new CommandException(ExitCodes.USAGE, e.getMessage());
        } catch (RuntimeException e) {
            routes.close();
            ground.close();
            throw e;
        }
    }

    /** Waits for its turn where several bridges share a store; says so on the ops page meanwhile. */
    private static Store open(Path data, StoreSettings where, int port, Standby standby, Clock clock) {
        AtomicReference<String> forWhom = new AtomicReference<>();
        try (Closers waiting = new Closers()) {
            while (true) {
                try {
                    return Store.open(data, where, clock);
                } catch (StoreException e) {
                    boolean passing = forWhom.get() != null && e.kind() == Kind.UNAVAILABLE;
                    if (e.kind() != Kind.TAKEN && !passing || !standby.waits(e.getMessage())) {
                        throw e;
                    }
                    if (forWhom.getAndSet(e.getMessage()) == null) {
                        waiting.add(WebServer.start(port, OpsPages.standby(forWhom::get)));
                    }
                }
            }
        }
    }

    private static Exporter exporter(BridgeConfig config, Path data, Store store, Clock clock) {
        Path folder =
                config.exportDir().map(Path::of).orElse(data.resolve("exports").resolve(config.bundle()));
        try {
            return new Exporter(folder, store.exports(), clock);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "the export folder %s cannot be used (%s): set bridge.export.dir".formatted(folder, e));
        }
    }

    /** The routes that will start, but that a person has paused. */
    private static Set<String> paused(Store store, BundleReader.Reading reading) {
        return store.subscriptions().routes().stream()
                .filter(route ->
                        route.paused() && route.bundle().equals(reading.config().bundle()))
                .map(Subscriptions.Route::id)
                .filter(id -> reading.routes().contains(id) && !reading.off().containsKey(id))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void noteRoutes(Store store, BundleReader.Reading reading) {
        Map<String, Optional<String>> routes = new LinkedHashMap<>();
        reading.routes()
                .forEach(id -> routes.put(id, Optional.ofNullable(reading.off().get(id))));
        store.subscriptions().routes(reading.config().bundle(), routes);
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    BundleReader.Reading reading() {
        return reading;
    }

    /** Ids of the routes that started paused. */
    Set<String> paused() {
        return paused;
    }

    Store store() {
        return store;
    }

    FeedRuntime feeds() {
        return feeds;
    }

    Path exports() {
        return exporter.folder();
    }

    String address() {
        return "http://127.0.0.1:" + web.port() + "/";
    }

    /** Stops polling and delivering, with every place saved; the store can still be read. */
    void stopRoutes() {
        routes.close();
    }

    @Override
    public void close() {
        routes.close();
        ground.close();
    }
}
