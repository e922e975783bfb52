package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.FieldWarnings;
import io.crmbridge.bundle.RunningBundle;
import io.crmbridge.bundle.Swap;
import io.crmbridge.component.Activity;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.export.Exporter;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.inbox.Intake;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.schedule.ScheduledRoutes;
import io.crmbridge.component.template.Templates;
import io.crmbridge.crm.Connection;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.Timer;
import io.crmbridge.lead.LeadFiles;
import io.crmbridge.lead.Leads;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscriptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The version of a bundle that a process runs, and how another takes its place. Thread-safe. */
final class LiveBundle implements Swap.Host, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveBundle.class);

    private final Ground ground;
    private final RunningBundle running;
    private final Intake intake;
    private final Set<String> pausedAtStart;
    private volatile BundleReader.Reading reading;

    /**
     * What is there whatever version runs.
     *
     * @param lanes runs what is made up for or tried again
     */
    record Ground(
            Store store,
            FeedRuntime feeds,
            Exporter exporter,
            OAuthConnections oauth,
            Map<String, String> environment,
            Activity activity,
            Clock clock,
            Timer timer,
            Executor lanes) {}

    /** @throws BundleException when a route does not start */
    LiveBundle(Bundle bundle, BundleReader.Reading reading, Ground ground) {
        this.ground = ground;
        this.reading = reading;
        this.pausedAtStart = paused(reading);
        BridgeServices services = services(bundle, reading.config());
        this.running = RunningBundle.start(bundle, reading, pausedAtStart, services, schedules(reading.config()));
        this.intake = new Intake(services, running::contexts);
        noteRoutes();
        warn(services, reading);
    }

    private BridgeServices services(Bundle bundle, BridgeConfig config) {
        return new BridgeServices(
                config.bundle(),
                Optional.of(ground.feeds()),
                Optional.of(ground.store()),
                Optional.of(ground.exporter()),
                Optional.of(new Leads(ground.store(), ground.feeds(), config.floodGate(), ground.clock())),
                new Mappings(bundle.mappings()),
                new Templates(bundle.templates()),
                config::hook,
                config::mail,
                new InboxRules(bundle.schemas(), config::inbox),
                new LeadFiles(bundle.leads()),
                ground.oauth()::catalogue,
                config.allowFastPoll(),
                ground.activity(),
                ground.clock());
    }

    private ScheduledRoutes schedules(BridgeConfig config) {
        return new ScheduledRoutes(
                ground.store().schedules(),
                config.bundle(),
                config.catchUp(),
                ground.clock(),
                ground.timer(),
                ground.lanes(),
                RandomGenerator.getDefault());
    }

    @Override
    public synchronized Swap swap(Bundle bundle) {
        BundleReader.Reading next = BundleReader.read(bundle, ground.environment());
        if (!next.findings().isEmpty()) {
            throw new BundleException(next.findings());
        }
        BridgeServices services = services(bundle, next.config());
        List<String> notes = notes(next);
        addConnections(next.config());
        Swap swap = running.swap(bundle, next, paused(next), services, schedules(next.config()));
        if (swap.failures().isEmpty()) {
            reading = next;
            intake.renew(services);
            noteRoutes();
            warn(services, next);
        }
        return new Swap(
                swap.started(), swap.replaced(), swap.stopped(), swap.unchanged(), swap.failures(), List.copyOf(notes));
    }

    private List<String> notes(BundleReader.Reading next) {
        List<String> notes = new ArrayList<>();
        List<String> later = next.config().differingAtStart(reading.config());
        if (!later.isEmpty()) {
            notes.add("takes effect when the bridge is started anew: " + String.join(", ", later));
        }
        if (!next.scopes().equals(reading.scopes())
                && !next.config().crm().oauthApps().isEmpty()) {
            notes.add(
                    "installs ask for consent to what routes did when the bridge was started; start it anew to ask for"
                            + " what they do now");
        }
        return notes;
    }

    @Override
    public Set<Path> folders() {
        return running.folders();
    }

    /** Waits for a swap that is under way, which would go on from what was before. */
    synchronized void pause(String route, boolean paused) throws Exception {
        Optional<CamelContext> context = running.contextOf(route);
        if (ground.feeds().pause(route, paused) || context.isEmpty()) {
            return;
        }
        if (paused) {
            context.get().getRouteController().suspendRoute(route);
        } else {
            // One that was paused before the start has not been started yet.
            context.get().getRouteController().startRoute(route);
        }
    }

    /** Those that call with a grant are there from the start, or come by an install. */
    private void addConnections(BridgeConfig config) {
        Set<String> known = reading.config().crm().connections().stream()
                .map(Connection::name)
                .collect(Collectors.toSet());
        for (Connection connection : config.crm().connections()) {
            if (!known.contains(connection.name())
                    && config.crm().oauth(connection.name()).isEmpty()
                    && !ground.feeds().connections(connection.type()).contains(connection.name())) {
                ground.feeds()
                        .add(Crms.of(
                                connection, config, CompletableFuture.completedFuture(ground.store()), ground.clock()));
            }
        }
    }

    /** The routes that will start, but that a person has paused. */
    private Set<String> paused(BundleReader.Reading next) {
        return ground.store().subscriptions().routes().stream()
                .filter(route ->
                        route.paused() && route.bundle().equals(next.config().bundle()))
                .map(Subscriptions.Route::id)
                .filter(id -> next.routes().contains(id) && !next.off().containsKey(id))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void noteRoutes() {
        Map<String, Optional<String>> routes = new LinkedHashMap<>();
        reading.routes()
                .forEach(id -> routes.put(id, Optional.ofNullable(reading.off().get(id))));
        ground.store().subscriptions().routes(reading.config().bundle(), routes);
    }

    private void warn(BridgeServices services, BundleReader.Reading read) {
        read.warnings().forEach(warning -> LOG.warn("{}", warning));
        new FieldWarnings(services.templates(), Optional.of(ground.store()))
                .of(read.templates())
                .forEach(warning -> LOG.warn("{}", warning));
    }

    BundleReader.Reading reading() {
        return reading;
    }

    /** Ids of the routes that started paused. */
    Set<String> pausedAtStart() {
        return pausedAtStart;
    }

    RunningBundle running() {
        return running;
    }

    Intake intake() {
        return intake;
    }

    @Override
    public void close() {
        running.close();
    }
}
