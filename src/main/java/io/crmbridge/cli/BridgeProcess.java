package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.RunningBundle;
import io.crmbridge.bundle.Swap;
import io.crmbridge.bundle.deploy.ApiToken;
import io.crmbridge.bundle.deploy.BundleApi;
import io.crmbridge.bundle.deploy.Deployer;
import io.crmbridge.bundle.deploy.Running;
import io.crmbridge.component.Activity;
import io.crmbridge.component.export.Exporter;
import io.crmbridge.component.inbox.Intake;
import io.crmbridge.console.OpsPages;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.SystemTimer;
import io.crmbridge.state.DataFolder;
import io.crmbridge.state.Deployments;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.StoreException.Kind;
import io.crmbridge.state.StoreSettings;
import io.crmbridge.web.WebServer;
import io.crmbridge.web.WebServer.Taker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A whole bridge in this process: store, feeds, routes and web server, started in order and stopped in reverse. */
final class BridgeProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeProcess.class);

    private final LiveBundle live;
    private final Closers ground;
    private final Closers routes;
    private final Store store;
    private final FeedRuntime feeds;
    private final Exporter exporter;
    private final WebServer web;

    private BridgeProcess(
            LiveBundle live,
            Closers ground,
            Closers routes,
            Store store,
            FeedRuntime feeds,
            Exporter exporter,
            WebServer web) {
        this.live = live;
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
        return start(
                bundle,
                data,
                port,
                environment,
                activity,
                forWhom -> false,
                host -> new Running.OwnFolder(bundle.folder()));
    }

    /**
     * @param port of the ops page; 0 for any free one
     * @param taking what a deploy meets while the bundle runs
     */
    static BridgeProcess start(
            Bundle bundle,
            Path data,
            int port,
            Map<String, String> environment,
            Activity activity,
            Standby standby,
            Function<Swap.Host, Running> taking) {
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
            LiveBundle live = routes.add(new LiveBundle(
                    bundle,
                    reading,
                    new LiveBundle.Ground(store, feeds, exporter, oauth, environment, activity, clock, timer, lanes)));
            routes.add(feeds);
            Deployer deployer = new Deployer(
                    new Deployments(data, clock),
                    Optional.of(store),
                    taking.apply(live),
                    environment,
                    Version.semantic());
            routes.add(new Chores(
                    store, feeds, live, exporter, timer, polls, new AskedDeployments(data, deployer), clock));
            Map<String, Taker> takers = oauth.takers(feeds);
            takers.put(Intake.PATH, live.intake());
            takers.putAll(
                    new BundleApi(reading.config().apiToken().orElseGet(() -> ApiToken.in(data)), deployer).takers());
            WebServer web = routes.add(WebServer.start(port, OpsPages.of(store, live.running()::contexts), takers));
            routes.add(live.intake());
            return new BridgeProcess(live, ground, routes, store, feeds, exporter, web);
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

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    BundleReader.Reading reading() {
        return live.reading();
    }

    /** Ids of the routes that started paused. */
    Set<String> paused() {
        return live.pausedAtStart();
    }

    Swap.Host live() {
        return live;
    }

    RunningBundle running() {
        return live.running();
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
