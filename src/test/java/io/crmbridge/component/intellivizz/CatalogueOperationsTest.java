package io.crmbridge.component.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.component.TestBridge;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.sandbox.intellivizz.Location;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation of the standard catalogue, called by a step of a route over HTTP; a new one is called too. */
@Timeout(120)
class CatalogueOperationsTest {
    @TempDir
    private static Path folder;

    private static IntellivizzSandbox crm;
    private static TestBridge bridge;

    @BeforeAll
    static void start() throws Exception {
        crm = IntellivizzSandbox.start(0, Clock.systemUTC(), 3, 7);
        crm.limits();
        TestBridge.Draft draft =
                TestBridge.in(folder, crm).agency("agency", crm).set("bridge.crm.settle", "100ms");
        for (CatalogueEntry entry : entries().toList()) {
            Operation operation = entry.operation();
            draft.yaml("""
                    - route:
                        id: %s
                        from:
                          uri: direct:%s
                          steps:
                            - to:
                                uri: intellivizz:%s
                                parameters:
                                  operation: %s
                                  connection: %s
                    """.formatted(
                            route(operation),
                            route(operation),
                            operation.resource(),
                            operation.name(),
                            entry.agency() ? "agency" : "default"));
        }
        bridge = draft.start();
    }

    @AfterAll
    static void stop() {
        bridge.close();
        crm.close();
    }

    static Stream<CatalogueEntry> entries() {
        Catalogue standard = Catalogue.standard();
        return standard.resources().stream().flatMap(resource -> standard.operations(resource).stream());
    }

    private static String route(Operation operation) {
        return operation.resource() + "-" + operation.name();
    }

    /** What lists what others make comes last. */
    static Stream<Operation> operations() {
        return entries()
                .map(CatalogueEntry::operation)
                .sorted(Comparator.comparing((Operation operation) -> operation.kind() == Operation.Kind.READ));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void each_is_carried_out(Operation operation) {
        String path = operation.path();
        String prefix = path.contains("{") ? path.substring(0, path.indexOf('{')) : path;
        long before = crm.requests(operation.verb(), prefix);

        Exchange answer = bridge.camel()
                .createProducerTemplate()
                .request(
                        "direct:" + route(operation),
                        exchange -> exchange.getMessage().setBody(body(operation)));

        assertThat(answer.getException()).isNull();
        assertThat(crm.requests(operation.verb(), prefix)).isGreaterThan(before);
        Object body = answer.getMessage().getBody();
        boolean lists = Catalogue.standard()
                .find(operation.resource(), operation.name())
                .flatMap(CatalogueEntry::rows)
                .isPresent();
        if (lists) {
            assertThat(body)
                    .isInstanceOfSatisfying(List.class, rows -> assertThat(rows).isNotEmpty());
        } else {
            assertThat(body)
                    .isInstanceOfSatisfying(
                            Map.class, record -> assertThat(record).isNotEmpty());
        }
    }

    private static String any(String resource) {
        return String.valueOf(crm.location().all(resource).get(0).get("id"));
    }

    /** What its path needs, and the fields that the CRM asks for. */
    private static Object body(Operation operation) {
        Location location = crm.location();
        Map<String, Object> body = new LinkedHashMap<>();
        String contact = any("contacts");
        if (operation.needs().contains("contact")) {
            body.put("contactId", contact);
        }
        if (operation.needs().contains("workflow")) {
            body.put("workflowId", any("workflows"));
        }
        if (operation.needs().contains("conversation")) {
            body.put("conversationId", any("conversations"));
        }
        if (operation.needs().contains("id")) {
            body.put(
                    "id",
                    switch (operation.resource()) {
                        case "locations" -> location.id();
                        case "notes" -> location.create("notes", Map.of("contactId", contact, "body", "Old"));
                        case "bulk-export" -> started();
                        default ->
                            operation.name().equals("delete")
                                    ? location.create(operation.resource(), Map.of("name", "Gone"))
                                    : any(operation.resource());
                    });
        }
        body.putAll(
                switch (operation.resource() + " " + operation.name()) {
                    case "contacts create", "contacts upsert" -> Map.of("firstName", "Eva", "email", "eva@example.com");
                    case "contacts update" -> Map.of("companyName", "New");
                    case "contacts search" ->
                        Map.of("filters", List.of(Map.of("field", "lastName", "operator", "eq", "value", "Example")));
                    case "tags add", "tags remove" -> Map.of("tags", List.of("vip"));
                    case "notes create", "notes update" -> Map.of("body", "A note");
                    case "messages send" -> Map.of("type", "SMS", "contactId", contact, "message", "Hello there");
                    case "appointments create" ->
                        Map.of(
                                "calendarId",
                                any("calendars"),
                                "contactId",
                                contact,
                                "startTime",
                                "2031-01-01T10:00:00Z");
                    case "appointments reschedule" ->
                        Map.of("startTime", "2031-02-01T10:00:00Z", "endTime", "2031-02-01T11:00:00Z");
                    case "opportunities create" ->
                        Map.of("name", "Deal", "pipelineId", any("pipelines"), "contactId", contact);
                    case "opportunities update" -> Map.of("monetaryValue", 7);
                    case "opportunities move" -> Map.of("pipelineStageId", location.stage("Proposal"));
                    case "invoices create" -> Map.of("name", "Invoice", "contactId", contact);
                    case "bulk-export start" -> Map.of("resource", "contacts");
                    default -> Map.of();
                });
        return body.isEmpty() ? null : body;
    }

    private static String started() {
        Exchange start = bridge.camel()
                .createProducerTemplate()
                .request(
                        "direct:bulk-export-start",
                        exchange -> exchange.getMessage().setBody(Map.of("resource", "contacts")));
        return String.valueOf(start.getMessage().getBody(Map.class).get("id"));
    }
}
