package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.component.Connectors.Connector;
import io.crmbridge.component.inbox.InboxRules;
import io.crmbridge.component.inbox.InboxSettings;
import io.crmbridge.component.map.Mappings;
import io.crmbridge.component.template.Templates;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.WriteRules;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.FeedSettings;
import io.crmbridge.feed.SystemTimer;
import io.crmbridge.lead.FloodGate;
import io.crmbridge.lead.LeadFiles;
import io.crmbridge.lead.Leads;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All connectors speak alike. They are found on the class path, so that a new one is held to it too. */
@Timeout(60)
class ConnectorConformanceTest {
    private static final List<String> STATUSES = List.of("400", "401", "403", "404", "429", "500", "late");
    private static final String PROBE = "&delay=1h&startFrom=now";

    /** What each is known to have. */
    private static final Map<String, String> RESOURCES = Map.of(
            "impactiveai",
            "contacts companies deals invoices projects sequences steps enrollments sends replies contact-replies bookings"
                    + " sending-accounts auth",
            "intellivizz",
            "contacts tags notes custom-fields conversations messages calendars appointments opportunities pipelines"
                    + " workflows workflow-runs forms form-submissions surveys survey-submissions invoices transactions members"
                    + " courses course-progress locations");

    /** Feeds of one contact, of which nothing could be complete. */
    private static final Set<String> WITHOUT_SNAPSHOT = Set.of("contact-replies");

    @TempDir
    private static Path folder;

    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final SystemTimer TIMER = new SystemTimer();
    private static final List<Crm> CRMS = new ArrayList<>();
    private static AnyCrm server;
    private static Store store;
    private static FeedRuntime feeds;
    private static DefaultCamelContext camel;

    @BeforeAll
    static void start() throws Exception {
        server = new AnyCrm(List.of("/api/zapier/auth/test", "/locations/" + AnyCrm.WORKSPACE));
        for (Connector connector : Connectors.all()) {
            CRMS.add(connector.connect(connector.scheme(), server.url("ok")));
            for (String status : STATUSES) {
                CRMS.add(connector.connect(connector.scheme() + "-" + status, server.url(status)));
            }
        }
        Clock clock = Clock.systemUTC();
        store = Store.open(folder, clock);
        feeds = new FeedRuntime(
                store,
                CRMS,
                new FeedSettings(Duration.ofMinutes(5), Set.of(), Duration.ofMillis(100)),
                clock,
                TIMER,
                THREADS,
                THREADS,
                RandomGenerator.getDefault());
        camel = new DefaultCamelContext();
        new BridgeServices(
                        "default",
                        Optional.of(feeds),
                        Optional.of(store),
                        Optional.empty(),
                        Optional.of(new Leads(store, feeds, new FloodGate.Limit(100, Duration.ofHours(1)), clock)),
                        new Mappings(folder),
                        new Templates(folder),
                        name -> Optional.empty(),
                        name -> Optional.empty(),
                        new InboxRules(folder, name -> InboxSettings.USUAL),
                        new LeadFiles(folder),
                        name -> Catalogue.standard(),
                        false,
                        Activity.NONE,
                        clock)
                .bind(camel);
        camel.start();
    }

    @AfterAll
    static void stop() throws IOException {
        camel.close();
        feeds.close();
        server.close();
        THREADS.shutdownNow();
        TIMER.close();
        store.close();
    }

    static List<Connector> connectors() throws IOException {
        return Connectors.all();
    }

    private static Crm crm(Connector connector) {
        return CRMS.stream()
                .filter(crm -> crm.connection().name().equals(connector.scheme()))
                .findFirst()
                .orElseThrow();
    }

    private static List<Operation> operations(Connector connector, String resource) {
        return crm(connector).operations().stream()
                .filter(operation -> operation.resource().equals(resource))
                .toList();
    }

    @Test
    void each_crm_is_a_component_and_there_are_several() throws Exception {
        assertThat(connectors())
                .extracting(Connector::scheme)
                .hasSizeGreaterThan(1)
                .isEqualTo(Connectors.crms());
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void it_has_the_classes_that_each_one_has(Connector connector) throws Exception {
        assertThat(connector.glue(connector.stem() + "Component")).isAssignableTo(org.apache.camel.Component.class);
        Class<?> endpoint = connector.glue(connector.stem() + "Endpoint");
        assertThat(endpoint).isAssignableTo(FeedSource.class);
        assertThat(connector.glue(connector.stem() + "Producer")).isAssignableTo(org.apache.camel.Producer.class);
        assertThat(connector.glue("CallBuilder")).isAssignableTo(EntryCalls.class);
        assertThat(connector.glue("CallOptions")).hasAnnotation(UriParams.class);
        assertThat(endpoint.getMethod("getCall").getReturnType()).isEqualTo(connector.glue("CallOptions"));
        assertThat(endpoint.getMethod("getOptions").getReturnType()).isEqualTo(FeedOptions.class);
        assertThat(endpoint.getMethod("getSnapshot").getReturnType()).isEqualTo(SnapshotOptions.class);

        assertThat(connector.ofCrm(Crm.class)).singleElement().satisfies(crm -> {
            assertThat(crm.getSimpleName()).isEqualTo(connector.stem());
            assertThat(crm.reflect().getField("TYPE").get(null)).isEqualTo(connector.scheme());
        });
        assertThat(connector.ofCrm(WriteRules.class))
                .singleElement()
                .satisfies(rules -> assertThat(rules.getSimpleName()).isEqualTo(connector.stem() + "Writes"));
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void it_has_the_options_of_every_connector(Connector connector) {
        Set<String> shared =
                new TreeSet<>(Set.of("resource", "connection", "operation", "id", "contact", "since", "limit"));
        Stream.of(FeedOptions.class, SnapshotOptions.class)
                .flatMap(options -> Arrays.stream(options.getDeclaredFields()))
                .filter(field -> field.isAnnotationPresent(UriParam.class))
                .map(Field::getName)
                .forEach(shared::add);

        assertThat(connector.options().fieldNames()).toIterable().containsAll(shared);
    }

    /** A connector may add sentences of its own. */
    @Test
    void options_of_one_name_are_of_one_type_and_default_and_mean_the_same() throws Exception {
        Map<String, Map<String, String>> said = new TreeMap<>();
        for (Connector connector : connectors()) {
            connector.options().properties().forEach(option -> {
                JsonNode is = option.getValue();
                List.of("kind", "type", "javaType", "defaultValue", "multiValue", "secret", "required")
                        .forEach(aspect -> tell(
                                said,
                                option.getKey() + " " + aspect,
                                connector,
                                is.path(aspect).asText().replace("enum", "string")));
                String meaning = is.path("description").asText().split("\\. ")[0];
                tell(said, option.getKey() + " description", connector, meaning);
            });
        }

        assertThat(said)
                .allSatisfy((what, byConnector) -> assertThat(new TreeSet<>(byConnector.values()))
                        .as("%s: %s", what, byConnector)
                        .hasSize(1));
    }

    private static void tell(Map<String, Map<String, String>> said, String what, Connector connector, String value) {
        said.computeIfAbsent(what, key -> new TreeMap<>()).put(connector.scheme(), value);
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void it_has_its_resources_and_something_can_be_done_with_each(Connector connector) {
        Set<String> resources = new LinkedHashSet<>();
        crm(connector).operations().forEach(operation -> resources.add(operation.resource()));
        crm(connector).feeds().forEach(feed -> resources.add(feed.name().split("/")[0]));
        assertThat(resources)
                .contains(RESOURCES.getOrDefault(connector.scheme(), "contacts").split(" "));

        assertThat(resources)
                .allSatisfy(resource -> assertThat(works(connector, resource))
                        .as("an operation of %s:%s that runs", connector, resource)
                        .isTrue());
    }

    private boolean works(Connector connector, String resource) {
        return resource.equals("locations")
                || operations(connector, resource).stream()
                        .anyMatch(operation -> call(connector, resource, operation.name(), operation)
                                        .getException()
                                == null);
    }

    private static Exchange call(Connector connector, String resource, String name, Operation operation) {
        return call(uri(connector, resource, name, operation.needs()), connector.scheme());
    }

    /** With an option for each that is needed, where there is one. */
    private static String uri(Connector connector, String resource, String operation, List<String> needs) {
        StringBuilder uri = new StringBuilder("%s:%s?delay=1h&connection=%s".formatted(connector, resource, connector));
        if (!operation.isEmpty()) {
            uri.append("&operation=").append(operation);
        }
        needs.stream()
                .filter(connector.options()::has)
                .forEach(need -> uri.append('&').append(need).append('=').append(AnyCrm.WORKSPACE));
        return uri.toString();
    }

    private static Exchange call(String uri, String name) {
        return camel.createProducerTemplate()
                .request(uri, exchange -> exchange.getMessage().setBody(new HashMap<>(entry(name))));
    }

    private static Map<String, Object> entry(String name) {
        return Map.of(
                "firstName",
                "A",
                "lastName",
                "B",
                "name",
                name,
                "email",
                name + "@example.com",
                "subject",
                "S",
                "body",
                "B");
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void what_it_does_unless_it_is_told_is_the_first_operation(Connector connector) {
        Set<String> resources = new LinkedHashSet<>();
        crm(connector).operations().forEach(operation -> resources.add(operation.resource()));

        assertThat(resources)
                .filteredOn(resource -> !resource.equals("enrollments"))
                .allSatisfy(resource -> {
                    Operation first = operations(connector, resource).get(0);
                    server.requests();
                    call(connector, resource, "", first);
                    List<String> unless = server.requests();
                    call(connector, resource, first.name(), first);
                    List<String> told = server.requests();
                    assertThat(unless.stream()
                                    .filter(asked -> asked.startsWith(first.verb()))
                                    .toList())
                            .isEqualTo(told.stream()
                                    .filter(asked -> asked.startsWith(first.verb()))
                                    .toList());
                    if (!resource.equals("locations")) {
                        assertThat(told).anySatisfy(asked -> assertThat(asked).matches(pattern(first)));
                    }
                });
    }

    private static String pattern(Operation operation) {
        return operation.verb() + " " + operation.path().replaceAll("\\{\\w+}", "[^/]+");
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void each_feed_answers_a_snapshot(Connector connector) {
        Collection<FeedContract> all = crm(connector).feeds();

        assertThat(all).isNotEmpty().allSatisfy(feed -> {
            String resource = feed.name().split("/")[0];
            if (!WITHOUT_SNAPSHOT.contains(resource)) {
                List<String> needs = feed.isTemplate() ? List.of("sequence") : List.of();
                assertThat(camel.getEndpoint(uri(connector, resource, "snapshot", needs))
                                .createProducer())
                        .isInstanceOf(SnapshotProducer.class);
            }
        });
    }

    @Test
    void wrong_words_and_options_in_the_wrong_place_are_refused_in_the_same_words() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("contactz?delay=1h", "resource \"contactz\" does not exist: did you mean \"contacts\"?");
        expected.put("contacts?operation=creat", "operation \"creat\" does not exist: did you mean \"create\"?");
        expected.put(
                "contacts?operation=list&connection=*", "connection=* is for a source: operation=list works on one");
        expected.put("contacts?operation=snapshot&since=x", "since is an option of operation=list: use updatedWithin");
        expected.put("contacts?where=${body[a]}", "where is an option of operation=snapshot alone");
        expected.put("contacts?operation=list&once=id", "once is an option of operation=snapshot alone");
        expected.put("contacts?startFrom=nov", "startFrom \"nov\" does not exist: did you mean \"now\"?");
        expected.put("contacts?delay=1s", "delay=1s is under 30 s");
        expected.put("contacts?cron=x", "cron=x is no Quartz expression");
        expected.put("contacts?operation=create&since=x", "since is an option of");
        for (Connector connector : connectors()) {
            expected.forEach((uri, told) -> assertThatThrownBy(() -> camel.getEndpoint(connector + ":" + uri))
                    .as(connector + ":" + uri)
                    .satisfies(failure -> assertThat(messages(failure)).contains(told)));
        }
    }

    private static String messages(Throwable failure) {
        return Stream.iterate(failure, at -> at != null, Throwable::getCause)
                .map(Throwable::getMessage)
                .toList()
                .toString();
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void an_option_that_it_does_not_have_is_told(Connector connector) {
        assertThat(PluginHelper.getRuntimeCamelCatalog(camel)
                        .validateProperties(connector.scheme(), Map.of("resource", "contacts", "dealy", "1h"))
                        .getUnknown())
                .containsExactly("dealy");
    }

    @ParameterizedTest
    @MethodSource("connectors")
    void a_source_may_be_of_all_connections_and_takes_no_operation(Connector connector) throws Exception {
        Consumer consumer =
                camel.getEndpoint(connector + ":contacts?connection=*" + PROBE).createConsumer(exchange -> {});
        assertThat(consumer).isInstanceOf(FeedConsumer.class);

        assertThatThrownBy(() -> camel.getEndpoint(connector + ":contacts?operation=list")
                        .createConsumer(exchange -> {}))
                .hasMessage("operation=list is for a target, not for from:");
    }

    /** What a route may lean on, with the types of the values. */
    private static Map<String, String> shape(Exchange exchange) {
        Map<String, String> shape = new TreeMap<>();
        exchange.getMessage()
                .getHeaders()
                .forEach((name, value) -> shape.put(name, value.getClass().getSimpleName()));
        shape.put("body", exchange.getMessage().getBody().getClass().getSimpleName());
        shape.put(
                "previous",
                exchange.getProperty(CrmConstants.PREVIOUS).getClass().getSimpleName());
        shape.put("change", String.valueOf(exchange.getMessage().getHeader(CrmConstants.CHANGE)));
        return shape;
    }

    @Test
    void a_change_is_delivered_in_the_same_shape() throws Exception {
        Map<String, List<Map<String, String>>> shapes = new TreeMap<>();
        for (Connector connector : connectors()) {
            List<Map<String, String>> got = new CopyOnWriteArrayList<>();
            server.rows("[]");
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("%s:contacts?connection=%s%s".formatted(connector, connector, PROBE))
                            .routeId("shape-" + connector)
                            .process(exchange -> got.add(shape(exchange)));
                }
            });
            FeedContract contacts = crm(connector).feeds().stream()
                    .filter(feed -> feed.name().equals("contacts"))
                    .findFirst()
                    .orElseThrow();
            feeds.poll(connector.scheme(), "contacts");
            Instant now = Instant.now();
            server.rows(row(contacts, now, now, "One"));
            feeds.poll(connector.scheme(), "contacts");
            await().until(() -> got.size() == 1);
            server.rows(row(contacts, now, Instant.now(), "Two"));
            feeds.poll(connector.scheme(), "contacts");
            await().until(() -> got.size() == 2);
            camel.getRouteController().stopRoute("shape-" + connector);
            shapes.put(connector.scheme(), List.copyOf(got));
            server.rows(AnyCrm.ONE);
        }

        assertThat(new LinkedHashSet<>(shapes.values())).as("%s", shapes).hasSize(1);
        List<Map<String, String>> any = shapes.values().iterator().next();
        assertThat(any.get(0))
                .containsEntry("change", "created")
                .containsEntry("body", "CrmRecord")
                .containsKeys(
                        CrmConstants.CONNECTION,
                        CrmConstants.FEED,
                        CrmConstants.RECORD_ID,
                        CrmConstants.VERSION,
                        CrmConstants.CHANGED_FIELDS,
                        CrmConstants.IDEMPOTENCY_KEY);
        assertThat(any.get(1)).containsEntry("change", "updated").containsEntry("previous", "PreviousBody");
    }

    private static String row(FeedContract feed, Instant created, Instant updated, String name) {
        return "[{\"%s\": \"r1\", \"%s\": \"%s\", \"%s\": \"%s\", \"name\": \"%s\"}]"
                .formatted(feed.idField(), feed.createdField(), created, feed.cursorField(), updated, name);
    }

    private static Map<String, String> outcomes(String uri, String status, Function<Exchange, String> made)
            throws Exception {
        Map<String, String> outcomes = new TreeMap<>();
        for (Connector connector : connectors()) {
            String target = "%s:contacts?connection=%s-%s&%s".formatted(connector, connector, status, uri);
            outcomes.put(connector.scheme(), made.apply(call(target, status)));
        }
        return outcomes;
    }

    private static String outcome(Exchange exchange) {
        assertThat(exchange.getException()).isNotNull();
        return Outcomes.DEFAULT.of(exchange.getException()).getClass().getSimpleName();
    }

    @ParameterizedTest
    @CsvSource({
        "400, Permanent",
        "403, Refused",
        "404, Permanent",
        "429, Passing",
        "500, Passing",
        "late, Passing",
        "401, Refused"
    })
    void an_answer_means_the_same_outcome(String status, String outcome) throws Exception {
        assertThat(outcomes("operation=list", status, ConnectorConformanceTest::outcome))
                .allSatisfy((connector, made) -> assertThat(made).isEqualTo(outcome));
        if (!List.of("429", "500", "late").contains(status)) {
            assertThat(new TreeSet<>(outcomes("operation=create", status, ConnectorConformanceTest::outcome)
                            .values()))
                    .hasSize(1);
        }
    }

    @Test
    void a_list_in_json_is_answered_with_a_list_and_one_entry_with_one() throws Exception {
        for (Connector connector : connectors()) {
            String uri = "%s:contacts?connection=%s&operation=update".formatted(connector, connector);
            assertThat(camel.createProducerTemplate().requestBody(uri, (Object) "[{\"id\":\"1\"},{\"id\":\"2\"}]"))
                    .as(uri)
                    .isInstanceOfSatisfying(
                            List.class, answers -> assertThat(answers).hasSize(2));
            assertThat(camel.createProducerTemplate().requestBody(uri, (Object) "{\"id\":\"1\"}"))
                    .isInstanceOf(Map.class);
        }
    }
}
