package io.crmbridge.bundle.rehearse;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.RunningBundle;
import io.crmbridge.component.Activity;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.Effect;
import io.crmbridge.component.FeedAddress;
import io.crmbridge.component.FeedConsumer;
import io.crmbridge.component.Outcomes;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.mail.MailSettings;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.rehearse.RecordedCrm;
import io.crmbridge.component.rehearse.Recorder;
import io.crmbridge.component.rehearse.RestingConsumer;
import io.crmbridge.component.template.Templates;
import io.crmbridge.crm.Crm;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.Outcome;
import io.crmbridge.lead.LeadFiles;
import io.crmbridge.lead.Leads;
import io.crmbridge.state.Change;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.DefaultConsumer;

/**
 * A bundle's routes, started, with nothing outside: sources rest until they are handed something, what routes send is recorded,
 * and all between is real, on a store of its own. Polls of what snapshots and look-ups need run once, on the thread that starts it.
 * For one thread.
 */
public final class Rehearsal implements AutoCloseable {
    /** How long steps on other threads may take to come to their end. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String bundle;
    private final Setting setting;
    private final FeedRuntime feeds;
    private final RunningBundle running;

    /**
     * @param store to write to, so never a bridge's own; closed by whoever opened it
     * @param crms read as they are, and never written to; closed with the rehearsal
     * @param clock of all that the bridge itself stamps and looks up
     * @param recorder of what is sent
     * @param routes ids of those to start, besides all that begin with {@code direct:} or {@code seda:}; empty: every one
     */
    public record Setting(
            Store store, Collection<? extends Crm> crms, Clock clock, Recorder recorder, Set<String> routes) {
        public Setting {
            routes = Set.copyOf(routes);
        }
    }

    private Rehearsal(String bundle, Setting setting, FeedRuntime feeds, RunningBundle running) {
        this.bundle = bundle;
        this.setting = setting;
        this.feeds = feeds;
        this.running = running;
    }

    /**
     * @param reading of the same bundle, without findings
     * @throws io.crmbridge.bundle.BundleException when a route does not start
     */
    public static Rehearsal start(Bundle bundle, BundleReader.Reading reading, Setting setting) {
        return start(bundle, reading.config(), setting);
    }

    /**
     * @param config of the same bundle, of which {@link BundleReader} finds nothing wrong
     * @throws io.crmbridge.bundle.BundleException when a route does not start
     */
    public static Rehearsal start(Bundle bundle, BridgeConfig config, Setting setting) {
        Clock clock = setting.clock();
        List<RecordedCrm> crms = setting.crms().stream()
                .map(crm -> new RecordedCrm(crm, setting.recorder(), clock))
                .toList();
        FeedRuntime feeds = new FeedRuntime(
                setting.store(),
                crms,
                config.feedSettings(),
                clock,
                (wait, task) -> {},
                Runnable::run,
                Runnable::run,
                RandomGenerator.getDefault());
        try {
            BridgeServices services = new BridgeServices(
                    config.bundle(),
                    Optional.of(feeds),
                    Optional.of(setting.store()),
                    Optional.empty(),
                    Optional.of(new Leads(setting.store(), feeds, config.floodGate(), clock)),
                    new Mappings(bundle.mappings()),
                    new Templates(bundle.templates()),
                    config::hook,
                    name -> config.mail(name).map(Rehearsal::complete),
                    new InboxRules(bundle.schemas(), config::inbox),
                    new LeadFiles(bundle.leads()),
                    config.crm()::catalogue,
                    true,
                    Activity.NONE,
                    clock);
            RunningBundle running =
                    RunningBundle.rehearse(bundle, config, services, setting.recorder(), setting.routes());
            return new Rehearsal(config.bundle(), setting, feeds, running);
        } catch (RuntimeException e) {
            feeds.close();
            throw e;
        }
    }

    /** A mail is made also where nobody has said yet whose server sends it, from whom and to whom. */
    private static MailSettings complete(MailSettings mail) {
        return new MailSettings(
                mail.host().or(() -> Optional.of("mail.example.com")),
                mail.port(),
                Optional.empty(),
                Optional.empty(),
                mail.from().or(() -> Optional.of("bridge@example.com")),
                mail.to().map(to -> to.isEmpty() ? "office@example.com" : to),
                mail.startTls(),
                mail.timeout());
    }

    public CamelContext context() {
        return running.context();
    }

    public List<String> routeIds() {
        return running.routeIds();
    }

    /**
     * Where a route on a feed or an inbox gets its changes from.
     *
     * @param connection a name, or {@code *}; of an inbox {@link FeedRuntime#LOCAL}
     */
    public record Feed(String connection, FeedAddress address) {}

    /** Empty where the route is on no feed and no inbox. */
    public Optional<Feed> feed(String routeId) {
        return feedConsumer(routeId).map(consumer -> new Feed(consumer.connection(), consumer.address()));
    }

    /**
     * Hands changes to a route on a feed or an inbox, as its subscription would, in batches where it wants them.
     *
     * @param connection that they are of
     * @param key of the feed, where its resource has several: the id of the sequence
     * @param changes of the store, as it looks for their previous versions there
     * @return one outcome a delivery
     */
    public List<Outcome> deliver(String routeId, String connection, Optional<String> key, List<Change> changes) {
        FeedConsumer consumer = feedConsumer(routeId)
                .orElseThrow(() -> new IllegalArgumentException("route %s is on no feed".formatted(routeId)));
        String workspace = setting.store().sources().sources().stream()
                .filter(source -> source.connection().equals(connection))
                .findFirst()
                .flatMap(Source::workspaceId)
                .orElse(connection);
        List<Outcome> outcomes = consumer.rehearse(connection, key, workspace, changes);
        settle();
        return outcomes;
    }

    /** Fires a route on a schedule. */
    public Outcome fire(String routeId, Instant due) {
        Exchange exchange = consumer(routeId).createExchange(false);
        exchange.getMessage().setHeader(CrmConstants.DUE, due.toString());
        exchange.getMessage()
                .setHeader(
                        CrmConstants.IDEMPOTENCY_KEY,
                        Effect.begin(exchange, bundle, routeId, due.toString(), ConcurrentHashMap.newKeySet()));
        return process(routeId, exchange);
    }

    /** Hands a message to a route on any other source. */
    public Outcome send(String routeId, Object body, Map<String, ?> headers) {
        Exchange exchange = consumer(routeId).createExchange(false);
        exchange.getMessage().setBody(body);
        headers.forEach(exchange.getMessage()::setHeader);
        return process(routeId, exchange);
    }

    private Outcome process(String routeId, Exchange exchange) {
        try {
            consumer(routeId).getProcessor().process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        settle();
        return exchange.getException() == null ? Outcome.DONE : Outcomes.DEFAULT.of(exchange.getException());
    }

    /** Until what went on on other threads has come to its end too. */
    private void settle() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (context().getInflightRepository().size() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Optional<FeedConsumer> feedConsumer(String routeId) {
        return consumer(routeId) instanceof RestingConsumer resting ? resting.feed() : Optional.empty();
    }

    private DefaultConsumer consumer(String routeId) {
        Route route = context().getRoute(routeId);
        if (route == null) {
            throw new IllegalArgumentException("there is no route %s in this rehearsal".formatted(routeId));
        }
        return (DefaultConsumer) route.getConsumer();
    }

    public FeedRuntime feeds() {
        return feeds;
    }

    public Recorder recorder() {
        return setting.recorder();
    }

    @Override
    public void close() {
        running.close();
        feeds.close();
    }
}
