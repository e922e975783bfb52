package io.crmbridge.testkit;

import static org.awaitility.Awaitility.await;

import io.crmbridge.component.Activity;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.Outcomes;
import io.crmbridge.component.export.Exporter;
import io.crmbridge.component.hook.HookSettings;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.inbox.InboxSettings;
import io.crmbridge.component.mail.MailSettings;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.template.Templates;
import io.crmbridge.console.Status;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.FeedSettings;
import io.crmbridge.feed.SystemTimer;
import io.crmbridge.lead.FloodGate;
import io.crmbridge.lead.LeadFiles;
import io.crmbridge.lead.Leads;
import io.crmbridge.sandbox.Mail;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.io.TempDir;

/**
 * A test of RouteBuilders on CRM Bridge: extend it, return them from {@code createRouteBuilder()}, and each test has a Camel
 * context with all of the bridge's components over an empty store, and a sandbox as its CRM, on free ports.
 *
 * <p>The connection {@code default} is the sandbox's ImpactiveAI. Whatever its name, a {@code hook:} calls the sandbox's
 * webhook receiver, and an {@code smtp:} is the sandbox's mail server, with a recipient where the route names none. Mappings,
 * templates, schemas, the files of leads/ and the properties are those of {@link #bundle()}.
 *
 * <p>When a test begins, each feed has been polled once: what was in the CRM before is known, and no change. From then on a
 * feed is polled when the test says so, by {@link #create}, {@link #update} or {@link #poll}, as long as its {@code delay} is
 * longer than the test. Nothing sleeps: the {@code await} methods wait for a condition, 15 seconds at most, and fail then.
 *
 * <p>For one test at a time, and for the thread that runs it.
 */
public abstract class BridgeTestSupport extends CamelTestSupport {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SystemTimer timer = new SystemTimer();
    private final Clock clock = Clock.systemUTC();
    private Sandbox sandbox;
    private Store store;
    private FeedRuntime feeds;
    private Exporter exporter;

    /** The folder of the bundle whose mappings, templates and properties the routes use; the current one unless overridden. */
    protected Path bundle() {
        return Path.of("").toAbsolutePath();
    }

    /** Values of {@code {{placeholders}}}, which win over those in the bundle's application.properties; none unless overridden. */
    protected Map<String, String> properties() {
        return Map.of();
    }

    /** What is in the CRM before the routes start; nothing unless overridden. */
    protected void seed(Workspace workspace) {}

    /** Stand-ins of both CRMs, with their faults, a webhook receiver and a mail server. */
    protected final Sandbox sandbox() {
        return sandbox;
    }

    /** The workspace of the connection {@code default}. */
    protected final Workspace workspace() {
        return sandbox.workspace();
    }

    /** Makes a record, and has the feed of its resource polled; returns its id. */
    protected final String create(String resource, Map<String, Object> fields) {
        String id = workspace().create(resource, fields);
        poll(resource);
        return id;
    }

    /** Changes fields of a record, and has the feed of its resource polled. */
    protected final void update(String resource, String id, Map<String, Object> fields) {
        workspace().update(resource, id, fields);
        poll(resource);
    }

    /**
     * Polls a feed now, and returns when what it showed is in the log.
     *
     * @param feed for example {@code deals}, or {@code replies/} and the id of a sequence; one that no route is on is left alone
     */
    protected final void poll(String feed) {
        if (feeds.polledFeeds().contains("default/" + feed)) {
            feeds.poll("default", feed);
        }
    }

    /** Fires a route on a schedule, such as {@code quartz:}, once, and returns when it is done; throws what it failed with. */
    protected final void fire(String routeId) throws Exception {
        Consumer consumer = context().getRoute(routeId).getConsumer();
        Exchange exchange = consumer.getEndpoint().createExchange();
        consumer.getProcessor().process(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    /** Waits until a route on a feed or an inbox has done so many changes since the test began. */
    protected final void awaitDelivered(String routeId, long count) {
        await("changes that " + routeId + " has delivered")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> route(routeId).delivered(), delivered -> delivered == count);
    }

    /** Waits until a route has given up on so many changes. */
    protected final void awaitDeadLetters(String routeId, long count) {
        await("dead letters of " + routeId)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> route(routeId).dead(), dead -> dead == count);
    }

    private Status.RouteStatus route(String routeId) {
        return Status.of(store, true).routes().stream()
                .filter(route -> route.id().equals(routeId))
                .findFirst()
                .orElseThrow(() ->
                        new AssertionError("no route with the id %s is on a feed or an inbox; does it have a routeId?"
                                .formatted(routeId)));
    }

    /** Calls of {@code hook:<name>} so far, the oldest first. */
    protected final List<WebhookReceiver.Received> webhooks(String name) {
        return sandbox.receiver().received().stream()
                .filter(call -> call.path().equals("/" + name))
                .toList();
    }

    /** Mails so far, the oldest first. */
    protected final List<Mail> mails() {
        return sandbox.mailbox().mails();
    }

    /** Finishes what {@code export:} has written, and returns the text of each file by its path. Routes export no more then. */
    protected final Map<String, String> exports() throws IOException {
        exporter.close();
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(exporter.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(exporter.folder().relativize(file).toString(), Files.readString(file));
            }
        }
        return texts;
    }

    @Override
    protected void doPreSetup() throws Exception {
        sandbox = Sandbox.start(SandboxOptions.defaults());
        seed(workspace());
        store = Store.open(folder.resolve("data"), clock);
        Connection connection = new Connection(
                "default",
                ImpactiveAi.TYPE,
                sandbox.baseUrl(),
                new Secret(workspace().apiKey()));
        feeds = new FeedRuntime(
                store,
                List.of(new ImpactiveAi(connection, CrmHttp.Limits.DEFAULT, clock)),
                FeedSettings.DEFAULT,
                clock,
                timer,
                threads,
                threads,
                RandomGenerator.getDefault());
        exporter = new Exporter(folder.resolve("exports"), store.exports(), clock);
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        Properties own = new Properties();
        Path file = bundle().resolve("application.properties");
        if (Files.exists(file)) {
            try (Reader text = Files.newBufferedReader(file)) {
                own.load(text);
            }
        }
        own.putAll(properties());
        camel.getPropertiesComponent().setOverrideProperties(own);
        RedeliveryPolicyDefinition quiet = new RedeliveryPolicyDefinition();
        quiet.setLogExhausted("false");
        DefaultErrorHandlerDefinition usual = new DefaultErrorHandlerDefinition();
        usual.setRedeliveryPolicy(quiet);
        usual.setOnExceptionOccurredProcessor(Outcomes::hideDatabase);
        camel.getCamelContextExtension().setErrorHandlerFactory(usual);
        new BridgeServices(
                        "default",
                        Optional.of(feeds),
                        Optional.of(store),
                        Optional.of(exporter),
                        Optional.of(new Leads(store, feeds, new FloodGate.Limit(100, Duration.ofHours(1)), clock)),
                        new Mappings(bundle().resolve("mappings")),
                        new Templates(bundle().resolve("templates")),
                        this::hook,
                        this::mail,
                        new InboxRules(bundle().resolve("schemas"), name -> InboxSettings.USUAL),
                        new LeadFiles(bundle().resolve("leads")),
                        name -> Catalogue.standard(),
                        true,
                        Activity.NONE,
                        clock)
                .bind(camel);
        return camel;
    }

    private Optional<HookSettings> hook(String name) {
        return Optional.of(new HookSettings(
                sandbox.receiver().url().resolve("/" + name),
                Optional.empty(),
                true,
                Map.of(),
                Duration.ofSeconds(10)));
    }

    private Optional<MailSettings> mail(String name) {
        return Optional.of(new MailSettings(
                Optional.of("127.0.0.1"),
                Optional.of(sandbox.mailbox().port()),
                Optional.empty(),
                Optional.empty(),
                Optional.of("CRM <crm@example.com>"),
                Optional.of("office@example.com"),
                Optional.empty(),
                MailSettings.USUAL_TIMEOUT));
    }

    @Override
    protected void doPostSetup() throws Exception {
        Map<String, Optional<String>> routes = new TreeMap<>();
        context().getRoutes().forEach(route -> routes.put(route.getId(), Optional.empty()));
        store.subscriptions().routes("default", routes);
        await("the first poll of each feed")
                .atMost(PATIENCE)
                .until(() -> store.sources().feeds().stream()
                                .filter(feed -> feed.freshAt().isPresent())
                                .count()
                        >= feeds.polledFeeds().size());
    }

    @Override
    protected void doPostTearDown() throws Exception {
        feeds.close();
        exporter.close();
        threads.shutdownNow();
        timer.close();
        store.close();
        sandbox.close();
    }
}
