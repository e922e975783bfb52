package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.inbox.InboxSettings;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.template.Templates;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.FeedSettings;
import io.crmbridge.feed.SystemTimer;
import io.crmbridge.lead.LeadFiles;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.io.TempDir;

/** Routes in Java over the sandbox, in a Camel context that is not the bundle's. */
abstract class FeedRoutes extends CamelTestSupport {
    @TempDir
    private Path folder;

    final ExecutorService threads = Executors.newCachedThreadPool();
    private final SystemTimer timer = new SystemTimer();
    private Sandbox sandbox;
    Workspace workspace;
    private Store store;
    private FeedRuntime feeds;

    @Override
    protected void doPreSetup() {
        sandbox = Sandbox.start(SandboxOptions.defaults());
        workspace = sandbox.workspace();
        for (int i = 0; i <= 100; i++) {
            String stamp = "2020-01-01T00:00:%02d.%03dZ".formatted(i / 60, i);
            workspace.put("companies", Map.of("id", "c" + i, "name", "Before", "createdAt", stamp, "updatedAt", stamp));
        }
        Clock clock = Clock.systemUTC();
        store = Store.open(folder, clock);
        Connection connection =
                new Connection("default", ImpactiveAi.TYPE, sandbox.baseUrl(), new Secret(workspace.apiKey()));
        feeds = new FeedRuntime(
                store,
                List.of(new ImpactiveAi(connection, CrmHttp.Limits.DEFAULT, clock)),
                FeedSettings.DEFAULT,
                clock,
                timer,
                threads,
                threads,
                RandomGenerator.getDefault());
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        HealthCheckRegistry health = HealthCheckRegistry.get(camel);
        health.register(health.resolveById("consumers"));
        new BridgeServices(
                        "default",
                        Optional.of(feeds),
                        Optional.of(store),
                        Optional.empty(),
                        Optional.empty(),
                        new Mappings(folder),
                        new Templates(folder),
                        name -> Optional.empty(),
                        name -> Optional.empty(),
                        new InboxRules(folder, name -> InboxSettings.USUAL),
                        new LeadFiles(folder),
                        name -> Catalogue.standard(),
                        false,
                        Activity.NONE,
                        Clock.systemUTC())
                .bind(camel);
        return camel;
    }

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().logExhausted(false));

                from("impactiveai:deals?delay=1h&retry.delay=10ms")
                        .routeId("deals")
                        .to("mock:deals");

                from("impactiveai:deals?delay=1h")
                        .routeId("stages")
                        .filter(simple("${body[stageName]} != ${exchangeProperty.crmPrevious[stageName]}"))
                        .transform(simple("${exchangeProperty.crmPrevious[stageName]} to ${body[stageName]}"))
                        .to("mock:stages");

                from("impactiveai:contacts?delay=1h")
                        .routeId("cities")
                        .transform(simple("${body[address][city]}, ${body[tags][1]}, ${header.CamelCrmChange}"))
                        .to("mock:cities");

                from("impactiveai:companies?delay=1h").routeId("companies").to("mock:companies");

                from("impactiveai:invoices?delay=1h&batchSize=10&fields=number,total")
                        .routeId("invoices")
                        .to("mock:invoices");

                from("impactiveai:projects?delay=1h")
                        .routeId("projects")
                        .setProperty("text", bodyAs(String.class))
                        .setProperty("bytes", bodyAs(byte[].class))
                        .setProperty("tree", bodyAs(JsonNode.class))
                        .convertBodyTo(String.class)
                        .to("mock:projects");
            }
        };
    }

    @Override
    protected void doPostSetup() {
        await("the first poll of each feed")
                .until(() -> store.sources().feeds().stream()
                                .filter(feed -> feed.freshAt().isPresent())
                                .count()
                        == feeds.polledFeeds().size());
    }

    @Override
    protected void doPostTearDown() {
        feeds.close();
        threads.shutdownNow();
        timer.close();
        store.close();
        sandbox.close();
    }

    String create(String resource, Map<String, Object> fields) {
        String id = workspace.create(resource, fields);
        poll(resource);
        return id;
    }

    void poll(String feed) {
        feeds.poll("default", feed);
    }

    void awaitDelivered(String route, long count) {
        await("delivered by " + route)
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(store.subscriptions().all())
                        .filteredOn(subscription -> subscription.routeId().equals(route))
                        .extracting(Subscription::delivered)
                        .containsExactly(count));
    }

    List<Object> names(String mock) {
        return getMockEndpoint(mock).getExchanges().stream()
                .map(exchange -> body(exchange).get("name"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> body(Exchange exchange) {
        return exchange.getMessage().getBody(Map.class);
    }
}
