package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Every operation that the bridge knows, called as its catalogue says: two readings of one list that must agree. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueTest {
    private static final String CATALOGUE = "/io/crmbridge/crm/intellivizz/catalogue.yaml";

    private final SettableClock clock = new SettableClock();
    private IntellivizzSandbox sandbox;
    private Location location;
    private Map<String, String> ids;

    @SuppressWarnings("unchecked")
    record Operation(String name, Map<String, Object> entry) {
        String text(String field) {
            return (String) entry.get(field);
        }

        Map<String, Object> map(String field) {
            return (Map<String, Object>) entry.getOrDefault(field, Map.of());
        }

        String verb() {
            return text("call").split(" ")[0];
        }

        String path() {
            return text("call").split(" ")[1];
        }

        boolean agency() {
            return Boolean.TRUE.equals(entry.get("agency"));
        }

        @Override
        public String toString() {
            return name + " (" + text("call") + ")";
        }
    }

    @SuppressWarnings("unchecked")
    static Stream<Operation> operations() {
        try (InputStream file = CatalogueTest.class.getResourceAsStream(CATALOGUE)) {
            Map<String, Object> catalogue =
                    (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromInputStream(file);
            List<Operation> operations = new ArrayList<>();
            ((Map<String, Map<String, Map<String, Map<String, Object>>>>) catalogue.get("resources"))
                    .forEach((resource, entry) -> entry.get("operations")
                            .forEach((name, call) -> operations.add(new Operation(resource + "." + name, call))));
            return operations.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Operation> lists() {
        return operations().filter(operation -> operation.entry().containsKey("rows"));
    }

    @BeforeAll
    void start() throws IOException {
        sandbox = IntellivizzSandbox.start(0, clock, 3, 1);
        sandbox.limits();
        location = sandbox.location();
        String contact = first("contacts");
        String note = location.create("notes", Map.of("contactId", contact, "body", "A note"));
        location.create("workflow-runs", Map.of("contactId", contact));
        Caller crm = new Caller(sandbox.baseUrl(), location.key());
        String export = Caller.json(
                        crm.post("/bulk/exports", Map.of("locationId", location.id(), "resource", "contacts")))
                .path("id")
                .asText();
        ids = new TreeMap<>(Map.of(
                "locationId",
                location.id(),
                "agencyId",
                IntellivizzSandbox.AGENCY,
                "contact",
                contact,
                "conversation",
                first("conversations"),
                "workflow",
                first("workflows"),
                "since",
                "2026-04-01T00:00:00.000Z",
                "until",
                "2026-05-02T00:00:00.000Z",
                "since:millis",
                "1774000000000",
                "until:millis",
                "1790000000000"));
        ids.put("notes", note);
        ids.put("bulk-export", export);
        ids.put("locations", location.id());
        for (String resource : List.of("contacts", "conversations", "appointments", "opportunities")) {
            ids.put(resource, first(resource));
        }
    }

    @AfterAll
    void stop() {
        sandbox.close();
    }

    private String first(String resource) {
        return String.valueOf(location.all(resource).get(0).get("id"));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void an_operation_is_refused_by_the_name_of_its_scope(Operation operation) throws IOException {
        Location bare = sandbox.addLocation("loc_" + operation.name(), "Without scopes");
        bare.restrictKey();
        var answer = call(operation, bare.key(), null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(Caller.message(answer)).contains("the scope " + operation.text("scope"));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void a_list_answers_with_rows_where_the_catalogue_says_and_no_page_is_longer_than_asked(Operation operation)
            throws IOException {
        String key = operation.agency() ? sandbox.agencyKey() : location.key();
        var answer = call(operation, key, "1");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode rows = Caller.json(answer).path(operation.text("rows"));
        assertThat(rows.isArray()).as(answer.body()).isTrue();
        assertThat(rows).as(answer.body()).isNotEmpty();
        assertThat(rows.get(0).path("id").asText()).isNotEmpty();
        Map<String, Object> paging = operation.map("paging");
        if (!paging.isEmpty()) {
            assertThat(rows).hasSize(1);
            int most = (Integer) paging.get("limit");
            assertThat(call(operation, key, Integer.toString(most)).statusCode())
                    .isEqualTo(200);
            assertThat(call(operation, key, Integer.toString(most + 1)).statusCode())
                    .isEqualTo(400);
        }
    }

    private HttpResponse<String> call(Operation operation, String key, String limit) throws IOException {
        Map<String, String> values = new TreeMap<>(ids);
        values.put(
                "id",
                ids.getOrDefault(operation.name().substring(0, operation.name().indexOf('.')), "x"));
        if (limit != null) {
            values.put("limit", limit);
        }
        String path = operation.path();
        for (Map.Entry<String, String> value : values.entrySet()) {
            path = path.replace("{" + value.getKey() + "}", value.getValue());
        }
        List<String> query = new ArrayList<>();
        fields(operation.map("query"), values)
                .forEach((name, value) ->
                        query.add(name + "=" + URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8)));
        Map<String, String> headers = new TreeMap<>(Map.of("Authorization", "Bearer " + key, "Version", "2021-07-28"));
        operation.map("headers").forEach((name, value) -> headers.put(name, (String) value));
        String body = operation.entry().containsKey("body")
                ? Caller.JSON.writeValueAsString(fields(operation.map("body"), values))
                : null;
        return new Caller(sandbox.baseUrl(), key)
                .send(operation.verb(), query.isEmpty() ? path : path + "?" + String.join("&", query), body, headers);
    }

    /** A placeholder without a value is left out; a limit in a body is a number. */
    private static Map<String, Object> fields(Map<String, Object> template, Map<String, String> values) {
        Map<String, Object> fields = new LinkedHashMap<>();
        template.forEach((name, value) -> {
            Object filled = filled(value, values);
            if (filled != null) {
                fields.put(name, filled);
            }
        });
        return fields;
    }

    @SuppressWarnings("unchecked")
    private static Object filled(Object value, Map<String, String> values) {
        if (value instanceof Map<?, ?> map) {
            return fields((Map<String, Object>) map, values);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> filled(item, values)).toList();
        }
        if (value instanceof String text && text.startsWith("{") && text.endsWith("}")) {
            String filled = values.get(text.substring(1, text.length() - 1));
            return text.equals("{limit}") && filled != null ? (Object) Integer.valueOf(filled) : filled;
        }
        return value;
    }
}
