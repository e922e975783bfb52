package io.crmbridge.component;

import static org.awaitility.Awaitility.await;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.RunningBundle;
import io.crmbridge.component.export.Exporter;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.inbox.Intake;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.schedule.ScheduledRoutes;
import io.crmbridge.component.template.Templates;
import io.crmbridge.console.Status;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Intellivizz;
import io.crmbridge.feed.EventWatch;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.SystemTimer;
import io.crmbridge.feed.Timer;
import io.crmbridge.lead.LeadFiles;
import io.crmbridge.lead.Leads;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.sandbox.intellivizz.Location;
import io.crmbridge.state.Store;
import io.crmbridge.web.WebServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.mock.MockEndpoint;

/** A bundle's routes over a real store, against a sandbox; polled when a test says so. */
public final class TestBridge implements AutoCloseable {
    private final BiFunction<String, Map<String, Object>, String> creating;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Timer timer;
    private final Store store;
    private final FeedRuntime feeds;
    private final Exporter exporter;
    private final RunningBundle running;
    private final EventWatch watch;
    private final Intake intake;
    private WebServer web;

    /** A bundle's folder that a test writes. */
    public static final class Draft {
        private final Path folder;
        private final Optional<Sandbox> sandbox;
        private final String type;
        private final BiFunction<String, Map<String, Object>, String> creating;
        private final StringBuilder properties = new StringBuilder();
        private int routes;
        private Clock clock = Clock.systemUTC();

        private Draft(
                Path folder,
                Optional<Sandbox> sandbox,
                String type,
                BiFunction<String, Map<String, Object>, String> creating) {
            this.folder = folder;
            this.sandbox = sandbox;
            this.type = type;
            this.creating = creating;
        }

        /** A connection with the key of a location. */
        public Draft location(String name, IntellivizzSandbox crm, Location location) {
            return intellivizz(name, crm, "location-id", location.id(), location.key());
        }

        /** A connection with the key of the agency. */
        public Draft agency(String name, IntellivizzSandbox crm) {
            return intellivizz(name, crm, "agency-id", IntellivizzSandbox.AGENCY, crm.agencyKey());
        }

        private Draft intellivizz(String name, IntellivizzSandbox crm, String whose, String id, String key) {
            String prefix = "bridge.connection." + name;
            set(prefix + ".type", Intellivizz.TYPE);
            set(prefix + ".base-url", crm.baseUrl());
            set(prefix + "." + whose, id);
            return set(prefix + ".api-key", key);
        }

        public Draft set(String key, Object value) {
            properties.append(key).append('=').append(value).append('\n');
            return this;
        }

        /** A hook to a path of the sandbox's receiver. */
        public Draft hook(String name) {
            set("bridge.hook." + name + ".allow-private", true);
            return set(
                    "bridge.hook." + name + ".url",
                    sandbox.orElseThrow().receiver().url().resolve(name));
        }

        public Draft mapping(String name, String jslt) {
            return write("mappings/" + name + ".jslt", jslt);
        }

        /** @param file with its ending, .html or .txt */
        public Draft template(String file, String mustache) {
            return write("templates/" + file, mustache);
        }

        public Draft schema(String name, String json) {
            return write("schemas/" + name + ".schema.json", json);
        }

        /** A route on a feed that is polled at the start and then when asked; steps as YAML, without indent. */
        public Draft route(String id, String feed, String options, String steps) {
            return yaml("""
                    - route:
                        id: %s
                        from:
                          uri: "%s:%s?delay=1h%s"
                          steps:
                    %s""".formatted(id, type, feed, options.isEmpty() ? "" : "&" + options, steps.indent(8)));
        }

        /** The bridge's own clock; its timer stays that of the machine. */
        public Draft clock(Clock own) {
            clock = own;
            return this;
        }

        public Draft yaml(String text) {
            return write("routes/r%02d.yaml".formatted(++routes), text);
        }

        /** A file of the bundle. */
        public Draft write(String name, String text) {
            try {
                Path file = folder.resolve("bundle").resolve(name);
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
                return this;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** The sandbox's mail server under a name. */
        public Draft mail(String name) {
            set("bridge.mail." + name + ".host", "127.0.0.1");
            set("bridge.mail." + name + ".port", sandbox.orElseThrow().mailbox().port());
            return set("bridge.mail." + name + ".from", "CRM <crm@example.com>");
        }

        public TestBridge start() throws IOException {
            return start(clock, new SystemTimer());
        }

        public TestBridge start(Clock clock, Timer timer) throws IOException {
            sandbox.ifPresent(crm -> {
                set("bridge.connection.default.type", ImpactiveAi.TYPE);
                set("bridge.connection.default.base-url", crm.baseUrl());
                set("bridge.connection.default.api-key", Sandbox.DEFAULT_KEY);
            });
            write("application.properties", properties.toString());
            return new TestBridge(folder, creating, clock, timer);
        }
    }

    public static Draft in(Path folder, Sandbox sandbox) {
        return new Draft(folder, Optional.of(sandbox), ImpactiveAi.TYPE, sandbox.workspace()::create);
    }

    /** The default connection has the key of the default location. */
    public static Draft in(Path folder, IntellivizzSandbox crm) {
        return with(folder, crm).location("default", crm, crm.location());
    }

    /** Without a connection. */
    public static Draft with(Path folder, IntellivizzSandbox crm) {
        return new Draft(folder, Optional.empty(), Intellivizz.TYPE, crm.location()::create);
    }

    private static Crm crm(Connection connection, BridgeConfig config, Clock clock) {
        if (connection.type().equals(ImpactiveAi.TYPE)) {
            return new ImpactiveAi(connection, config.limits(), clock);
        }
        Account account = config.crm().account(connection.name());
        return new Intellivizz(
                connection,
                () -> account,
                config.crm().catalogue(connection.name()),
                Quota.NONE,
                config.limits(),
                clock);
    }

    private TestBridge(Path folder, BiFunction<String, Map<String, Object>, String> creating, Clock clock, Timer timer)
            throws IOException {
        this.creating = creating;
        this.timer = timer;
        Bundle bundle = Bundle.at(folder.resolve("bundle"), Map.of());
        BundleReader.Reading reading = BundleReader.read(bundle, Map.of());
        if (!reading.findings().isEmpty()) {
            throw new BundleException(reading.findings());
        }
        store = Store.open(folder.resolve("data"), clock);
        feeds = new FeedRuntime(
                store,
                reading.config().crm().connections().stream()
                        .map(connection -> crm(connection, reading.config(), clock))
                        .toList(),
                reading.config().feedSettings(),
                clock,
                timer,
                threads,
                threads,
                RandomGenerator.getDefault());
        exporter = new Exporter(folder.resolve("exports"), store.exports(), clock);
        BridgeServices services = new BridgeServices(
                "default",
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
                reading.config().crm()::catalogue,
                reading.config().allowFastPoll(),
                Activity.NONE,
                clock);
        watch = feeds.watch(
                () -> reading.config().expectations(), reading.config().reminder());
        ScheduledRoutes schedules = new ScheduledRoutes(
                store.schedules(),
                "default",
                reading.config().catchUp(),
                clock,
                timer,
                threads,
                RandomGenerator.getDefault());
        running = RunningBundle.start(bundle, reading, Set.of(), services, schedules);
        Map<String, Optional<String>> routes = new TreeMap<>();
        reading.routes()
                .forEach(id -> routes.put(id, Optional.ofNullable(reading.off().get(id))));
        store.subscriptions().routes("default", routes);
        intake = new Intake(services, running::contexts);
        for (String feed : feeds.polledFeeds()) {
            feeds.poll(feed.substring(0, feed.indexOf('/')), feed.substring(feed.indexOf('/') + 1));
        }
    }

    public CamelContext camel() {
        return running.contexts().get(0);
    }

    public Store store() {
        return store;
    }

    /** Of the bridge's own web server, which the first one who asks starts. */
    public int port() {
        if (web == null) {
            web = WebServer.start(0, Map.of(), Map.of(Intake.PATH, intake));
        }
        return web.port();
    }

    /** Takes nothing in any more, as a bridge that stops. */
    public void stopIntake() {
        intake.close();
    }

    public Exporter exporter() {
        return exporter;
    }

    public MockEndpoint mock(String name) {
        return camel().getEndpoint("mock:" + name, MockEndpoint.class);
    }

    /** What happens at a {@code mock:} step. */
    public TestBridge at(String mock, Processor processor) {
        mock(mock).whenAnyExchangeReceived(processor);
        return this;
    }

    /** Tells what is not well, as a running bridge does every ten seconds. */
    public void look() {
        watch.look();
    }

    /** Sends what a person has let through, as a running bridge does every few seconds. */
    public void settle() {
        feeds.settleWrites();
    }

    public void poll(String feed) {
        poll("default", feed);
    }

    public void poll(String connection, String feed) {
        feeds.poll(connection, feed);
    }

    /** Lets a route go on that stopped with an alarm. */
    public void resume(String route) {
        feeds.pause(route, false);
    }

    /** Lets a route take in what was parked anew. */
    public void reloadParked(String route) {
        store.subscriptions().all().stream()
                .filter(place -> place.routeId().equals(route))
                .forEach(place -> feeds.reloadParked(place.id()));
    }

    /** Makes a record and lets the feed find it; returns its id. */
    public String create(String resource, Map<String, Object> fields) {
        String id = creating.apply(resource, fields);
        poll(resource);
        return id;
    }

    public Status.RouteStatus route(String id) {
        return Status.of(store, true).routes().stream()
                .filter(route -> route.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until a route has delivered so many changes, and its place is saved. */
    public void awaitDelivered(String id, long count) {
        await("delivered by " + id)
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(
                                route(id).delivered())
                        .isEqualTo(count));
    }

    public void awaitDead(String id, long count) {
        await("dead letters of " + id)
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(
                                route(id).dead())
                        .isEqualTo(count));
    }

    public void awaitState(String id, String state) {
        await("state of " + id)
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(
                                route(id).state())
                        .isEqualTo(state));
    }

    @Override
    public void close() {
        if (web != null) {
            web.close();
        }
        running.close();
        feeds.close();
        exporter.close();
        threads.shutdownNow();
        if (timer instanceof SystemTimer running) {
            running.close();
        }
        store.close();
    }
}
