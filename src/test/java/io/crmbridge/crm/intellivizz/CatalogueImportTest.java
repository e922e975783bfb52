package io.crmbridge.crm.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.intellivizz.CatalogueEntry.Origin;
import io.crmbridge.crm.intellivizz.FeedEntry.Reading;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Collections that were built differently become catalogues. */
class CatalogueImportTest {
    private static final String V2_1 = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

    @TempDir
    private Path folder;

    private static CatalogueImport imported(String name) {
        return CatalogueImport.postman(
                Path.of("src/test/resources/io/crmbridge/crm/intellivizz/" + name + ".postman_collection.json"));
    }

    private CatalogueImport imported(String name, String items) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, """
                {"info": {"name": "c", "schema": "%s"}, "item": [%s]}
                """.formatted(V2_1, items));
        return CatalogueImport.postman(file);
    }

    private CatalogueImport one(String verb, String url, String name) throws IOException {
        return imported("one.json", """
                {"name": "%s", "request": {"method": "%s", "url": "https://crm.example.com%s"}}
                """.formatted(name, verb, url));
    }

    private static Map<String, String> calls(List<ImportReport.Matched> matched) {
        return matched.stream()
                .collect(Collectors.toMap(ImportReport.Matched::operation, ImportReport.Matched::request));
    }

    private static String call(Catalogue catalogue, String resource, String operation) {
        return catalogue
                .find(resource, operation)
                .map(entry -> entry.operation().verb() + " " + entry.operation().path())
                .orElseThrow();
    }

    private Catalogue readBack(CatalogueImport made) throws IOException {
        Path file = folder.resolve("made.yaml");
        Files.writeString(file, made.yaml());
        return Catalogue.read(file);
    }

    @Test
    void an_address_of_several_lines_is_one_and_where_the_key_is_sent_to_is_told() throws IOException {
        CatalogueImport made = one("GET", "/contacts/\\n:id", "Get contact");

        assertThat(call(readBack(made), "contacts", "get")).isEqualTo("GET /contacts/{id}");
        assertThat(made.report().remarks())
                .contains(
                        "calls, and the key with them, go to https://crm.example.com, as the collection says: make sure that it is the CRM");
    }

    @Test
    void what_a_folder_alone_says_makes_no_write() throws IOException {
        CatalogueImport made = imported("folder.json", """
                {"name": "Opportunities", "item": [
                  {"name": "Frobnicate", "request": {"method": "POST", "url": "https://crm.example.com/frobnicate"}},
                  {"name": "Create one", "request": {"method": "POST", "url": "https://crm.example.com/bargains"}}]}
                """);

        assertThat(calls(made.report().changed()))
                .containsOnly(Map.entry("opportunities create", "Opportunities / Create one"));
        assertThat(made.report().unmatched())
                .singleElement()
                .extracting(ImportReport.Open::request)
                .isEqualTo("Opportunities / Frobnicate");
    }

    @Test
    void a_flat_collection_with_another_prefix() throws IOException {
        CatalogueImport made = imported("flat");
        ImportReport report = made.report();
        Catalogue catalogue = readBack(made);

        assertThat(report.collection()).isEqualTo("Intellivizz API");
        assertThat(report.requests()).isEqualTo(13);
        assertThat(calls(report.changed()))
                .containsOnly(
                        Map.entry("contacts create", "Create Contact"),
                        Map.entry("contacts get", "Get Contact"),
                        Map.entry("contacts update", "Update Contact"),
                        Map.entry("contacts list", "Search Contacts"),
                        Map.entry("contacts search", "Search Contacts"),
                        Map.entry("tags add", "Add Tags"),
                        Map.entry("workflows trigger", "Add Contact to Workflow"),
                        Map.entry("appointments reschedule", "Update Appointment"),
                        Map.entry("appointments cancel", "Update Appointment"),
                        Map.entry("opportunities list", "Search Opportunity"),
                        Map.entry("locations get", "Get Sub-Account"),
                        Map.entry("auth test", "Get Sub-Account"));
        assertThat(report.ambiguous()).isEmpty();
        assertThat(report.unmatched())
                .extracting(ImportReport.Open::request)
                .containsExactly("Get Contacts", "Get Appointments for Contact", "Text2Pay");
        assertThat(report.remarks())
                .containsExactly(
                        "Delete Contact goes to another address than most and is not taken",
                        "calls, and the key with them, go to https://api.intellivizz.example, as the collection says: make sure that it is the CRM");
        assertThat(report.assumed())
                .contains("contacts delete", "members list (no public source)")
                .hasSize(38);
        assertThat(report.secrets()).isEmpty();

        assertThat(catalogue.baseUrl()).isEqualTo(URI.create("https://api.intellivizz.example"));
        assertThat(catalogue.version()).isEqualTo("2024-05-01");
        assertThat(call(catalogue, "auth", "test")).isEqualTo("GET /v2/locations/{locationId}");
        assertThat(catalogue.find("contacts", "get").orElseThrow().origin()).isEqualTo(Origin.COLLECTION);
        assertThat(catalogue.find("contacts", "delete").orElseThrow().origin()).isEqualTo(Origin.ASSUMED);
        assertThat(catalogue.feed("contacts")).isEqualTo(Catalogue.standard().feed("contacts"));
    }

    @Test
    void what_a_flat_collection_says_is_asked_for() throws IOException {
        Catalogue catalogue = readBack(imported("flat"));

        CrmHttp.Request list = Requests.of(catalogue, "contacts", "list", """
                {"locationId": "l1", "limit": 100, "since": "2026-01-31T12:00:00Z", "searchAfter": [1, "c"]}
                """);
        assertThat(list.pathAndQuery()).isEqualTo("/v2/contacts/search");
        assertThat(list.headers()).isEqualTo(Map.of("Version", "2024-05-01"));
        assertThat(Requests.body(list)).isEqualTo(Requests.object("""
                {"locationId": "l1", "pageLimit": 100, "searchAfter": [1, "c"],
                 "filters": [{"field": "dateUpdated", "operator": "range", "value": {"gte": "2026-01-31T12:00:00Z"}}],
                 "sort": [{"field": "dateUpdated", "direction": "asc"}]}
                """));
        assertThat(Requests.body(Requests.of(
                        catalogue, "contacts", "create", "{\"locationId\": \"l1\"}", "{\"email\": \"a@x.com\"}")))
                .isEqualTo(Requests.object("{\"locationId\": \"l1\", \"email\": \"a@x.com\"}"));
        CrmHttp.Request cancel = Requests.of(catalogue, "appointments", "cancel", "{\"id\": \"a1\"}");
        assertThat(cancel.pathAndQuery()).isEqualTo("/v2/calendars/events/appointments/a1");
        assertThat(cancel.headers()).isEqualTo(Map.of("Version", "2024-04-15"));
        assertThat(Requests.body(cancel)).isEqualTo(Requests.object("{\"appointmentStatus\": \"cancelled\"}"));
    }

    @Test
    void a_nested_collection_with_variables_and_secrets() throws IOException {
        CatalogueImport made = imported("nested");
        ImportReport report = made.report();
        Catalogue catalogue = readBack(made);

        assertThat(calls(report.changed()))
                .containsOnly(
                        Map.entry("contacts get", "Contacts / Get contact"),
                        Map.entry("contacts list", "Contacts / List contacts"),
                        Map.entry("contacts create", "Contacts / Create contact"),
                        Map.entry("notes update", "Contacts / Notes / Update note"),
                        Map.entry("transactions list", "Payments / List transactions"),
                        Map.entry("appointments cancel", "Calendars / Cancel appointment"),
                        Map.entry("appointments reschedule", "Calendars / Reschedule appointment"));
        assertThat(report.changed())
                .filteredOn(match -> match.operation().equals("contacts get"))
                .singleElement()
                .satisfies(match -> {
                    assertThat(match.call()).isEqualTo("GET /v3/crm/people/{personId}");
                    assertThat(match.reason()).isEqualTo("the path names contacts, the verb is GET, \"get\" tells get");
                    assertThat(match.changes())
                            .containsExactly(
                                    "call: GET /v3/crm/people/{id} instead of GET /contacts/{id}",
                                    "query: {expand=tags}",
                                    "headers: {X-Channel=public}",
                                    "switched off there: query parameter fields, header X-Debug");
                });
        assertThat(report.ambiguous())
                .extracting(ImportReport.Open::request)
                .containsExactly("Workflows / All workflows", "Workflows / Workflows, all of them");
        assertThat(report.ambiguous().get(0).write())
                .isEqualTo(
                        "resources: { workflows: { operations: { list: { call: \"GET /v3/automations/workflows\" } } } }");
        assertThat(report.assumed()).contains("workflows list", "contacts search");
        assertThat(report.scripts()).containsExactly("the collection: prerequest", "Contacts / Get contact: test");
        assertThat(report.auth())
                .containsExactly("the collection: oauth2", "Contacts: bearer", "Contacts / Get contact: noauth");
        assertThat(report.remarks())
                .containsExactly(
                        "Calendars / Reschedule appointment: its body is of mode graphql and is not used",
                        "calls, and the key with them, go to https://crm.intellivizz.example/api, as the collection says: make sure that it is the CRM",
                        "people are sent to https://login.intellivizz.example/consent to consent, as the collection says: make sure that it is the CRM");

        assertThat(catalogue.baseUrl()).isEqualTo(URI.create("https://crm.intellivizz.example/api"));
        assertThat(catalogue.authorizeUrl()).isEqualTo(URI.create("https://login.intellivizz.example/consent"));
        assertThat(catalogue.tokenPath()).isEqualTo("/v3/oauth2/token");
        assertThat(catalogue.feed("contacts"))
                .contains(new FeedEntry("list", "id", "updated_at", "created_at", Reading.KEYSET));
        assertThat(catalogue.feed("transactions").orElseThrow().reading()).isEqualTo(Reading.WINDOW);
        assertThat(catalogue.find("contacts", "list").orElseThrow().rows()).contains("people");
        assertThat(catalogue.find("contacts", "list").orElseThrow().paging())
                .contains(new Paging(Paging.Style.CURSOR, 100, Optional.of("meta.nextCursor")));
    }

    @Test
    void what_a_nested_collection_says_is_asked_for() throws IOException {
        Catalogue catalogue = readBack(imported("nested"));

        assertThat(Requests.of(catalogue, "contacts", "list", """
                        {"locationId": "l1", "limit": 100, "since": "2026-01-31T12:00:00Z", "cursor": "abc"}
                        """).pathAndQuery())
                .isEqualTo("/v3/crm/people?locationId=l1&pageSize=100&cursor=abc&updatedAfter=2026-01-31T12%3A00%3A00Z"
                        + "&sort=updated_at%3Aasc");
        CrmHttp.Request create =
                Requests.of(catalogue, "contacts", "create", "{\"locationId\": \"l1\"}", "{\"email\": \"a@x.com\"}");
        assertThat(create.verb() + create.pathAndQuery()).isEqualTo("POST/v3/crm/people");
        assertThat(Requests.body(create))
                .isEqualTo(Requests.object("{\"location_id\": \"l1\", \"email\": \"a@x.com\"}"));
        CrmHttp.Request note =
                Requests.of(catalogue, "notes", "update", "{\"contact\": \"p1\", \"id\": \"n1\"}", "{\"body\": \"x\"}");
        assertThat(note.verb() + note.pathAndQuery()).isEqualTo("PATCH/v3/crm/people/p1/notes/n1");
        assertThat(Requests.of(catalogue, "appointments", "cancel", "{\"id\": \"a1\"}")
                        .json())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nested", "snake"})
    void no_secret_and_no_example_is_taken_over_or_told(String name) throws IOException {
        CatalogueImport made = imported(name);

        assertThat(made.yaml() + new ObjectMapper().writeValueAsString(made.report()))
                .doesNotContain("SECRET", "ada@example.com", "jo@example.com", "Ada", "called");
    }

    @Test
    void secrets_are_told_by_where_they_stood() {
        assertThat(imported("nested").report().secrets())
                .containsExactlyInAnyOrder(
                        "the collection: variable apiKey",
                        "the collection: variable session",
                        "the collection: clientSecret of auth oauth2",
                        "the collection: accessToken of auth oauth2",
                        "Contacts: token of auth bearer",
                        "Contacts / Get contact: query parameter api_key",
                        "Contacts / Get contact: header Authorization",
                        "Contacts / List contacts: token of its example of an answer",
                        "Contacts / Create contact: apiKey of its body");
        assertThat(imported("snake").report().secrets())
                .containsExactlyInAnyOrder(
                        "the collection: value of auth apikey", "people / person_create: body member access_token");
    }

    @Test
    void a_collection_with_other_names_and_memberships() throws IOException {
        CatalogueImport made = imported("snake");
        ImportReport report = made.report();
        Catalogue catalogue = readBack(made);

        assertThat(calls(report.changed()))
                .containsOnlyKeys(
                        "contacts create",
                        "contacts get",
                        "contacts delete",
                        "contacts list",
                        "messages send",
                        "messages thread",
                        "workflows trigger",
                        "workflow-runs list",
                        "members list",
                        "courses list",
                        "course-progress list");
        assertThat(calls(report.unchanged())).containsOnly(Map.entry("pipelines list", "misc / pipelines"));
        assertThat(report.unmatched())
                .extracting(ImportReport.Open::request)
                .containsExactly("misc / ping", "misc / query");
        assertThat(report.remarks())
                .contains(
                        "the collection does not say its address: write base-url by hand",
                        "misc / query: its body is no JSON and is not used",
                        "people / person_create: its body is urlencoded, and the bridge sends JSON with the same names")
                .anyMatch(remark -> remark.startsWith("the collection: auth apikey is none that the bridge knows"));

        assertThat(catalogue.baseUrl()).isEqualTo(Catalogue.standard().baseUrl());
        assertThat(catalogue.feed("members"))
                .contains(new FeedEntry("list", "_id", "updated_at", "createdAt", Reading.KEYSET));
        assertThat(catalogue.feed("contacts").orElseThrow().reading())
                .as("nothing bounds the list")
                .isEqualTo(Reading.ALL);
        assertThat(catalogue.feed("workflow-runs").orElseThrow().reading()).isEqualTo(Reading.WINDOW);
        assertThat(catalogue.find("members", "list").orElseThrow().origin()).isEqualTo(Origin.COLLECTION);
        assertThat(catalogue.find("members", "list").orElseThrow().paging())
                .contains(new Paging(Paging.Style.CURSOR, 100, Optional.of("next_page_token")));
        assertThat(catalogue
                        .find("courses", "list")
                        .orElseThrow()
                        .paging()
                        .orElseThrow()
                        .style())
                .isEqualTo(Paging.Style.OFFSET);
        assertThat(catalogue
                        .find("contacts", "list")
                        .orElseThrow()
                        .paging()
                        .orElseThrow()
                        .style())
                .isEqualTo(Paging.Style.PAGE);
    }

    @Test
    void what_a_collection_with_other_names_says_is_asked_for() throws IOException {
        Catalogue catalogue = readBack(imported("snake"));

        assertThat(Requests.of(catalogue, "members", "list", """
                        {"locationId": "l1", "limit": 100, "since": "2026-01-31T12:00:00Z", "cursor": null}
                        """).pathAndQuery())
                .isEqualTo("/learning/members?sub_account_id=l1&updated_since=2026-01-31T12%3A00%3A00Z"
                        + "&order_by=updated_asc&page_size=100");
        assertThat(Requests.of(catalogue, "workflow-runs", "list", """
                        {"since": "2026-01-31T12:00:00Z", "until": "2026-01-31T12:00:01Z"}
                        """).pathAndQuery())
                .isEqualTo("/workflows/runs?updated_since=1769860800000&updated_before=1769860801000");
        CrmHttp.Request trigger =
                Requests.of(catalogue, "workflows", "trigger", "{\"contact\": \"p1\", \"workflow\": \"w1\"}");
        assertThat(trigger.pathAndQuery()).isEqualTo("/workflows/w1/trigger");
        assertThat(Requests.body(trigger)).isEqualTo(Requests.object("{\"person_id\": \"p1\"}"));
        assertThatThrownBy(() -> Requests.of(catalogue, "workflows", "trigger", "{\"workflow\": \"w1\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("workflows trigger needs contact, and it is not given");
        assertThat(Requests.body(Requests.of(
                        catalogue, "contacts", "create", "{\"locationId\": \"l1\"}", "{\"email\": \"a@x.com\"}")))
                .isEqualTo(Requests.object("{\"sub_account_id\": \"l1\", \"email\": \"a@x.com\"}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /v1/deals/:deal_id              | Read deal            | opportunities get    | GET /v1/deals/{id}
            PUT    | /deals/:id/stage                | Move deal            | opportunities move   | PUT /deals/{id}/stage
            GET    | /crm/directory/:personId        | Get contact          | contacts get         | GET /crm/directory/{id}
            GET    | /contacts/ocQHyuzHvysMo5N5VsXc  | Get contact          | contacts get         | GET /contacts/{id}
            GET    | /contacts/ada@example.com        | Get contact          | contacts get         | GET /contacts/{id}
            GET    | /contacts/{{contact_id}}/notes  | Notes                | notes list           | GET /contacts/{contact}/notes
            GET    | /sub-accounts                   | List sub-accounts    | locations list       | GET /sub-accounts
            GET    | /accounts/{{locationId}}/people/:id | Get person       | contacts get         | GET /accounts/{locationId}/people/{id}
            GET    | /custom_fields                  | Custom fields        | custom-fields list   | GET /custom_fields
            GET    | /surveys/responses              | Responses            | survey-submissions list | GET /surveys/responses
            POST   | /people/upsert                  | Upsert               | contacts upsert      | POST /people/upsert
            POST   | /flows/:flowId/run/:contactId   | Start workflow       | -                    | -
            GET    | /opportunities/:id/notes        | List notes           | -                    | -
            GET    | /forms/:formId/submissions      | Form submissions     | -                    | -
            PUT    | /opportunities/:id/status       | Update status        | -                    | -
            POST   | /contacts/bulk/tags/update      | Update tags          | -                    | -
            DELETE | /contacts/:id/tags/:tagId       | Remove tag           | -                    | -
            OPTIONS | /contacts                      | List contacts        | -                    | -
            """)
    void a_request_is_an_operation_or_none(String verb, String url, String name, String operation, String call)
            throws IOException {
        CatalogueImport made = one(verb, url, name);
        List<ImportReport.Matched> matched = Stream.concat(
                        made.report().changed().stream(), made.report().unchanged().stream())
                .filter(match -> !match.reason().startsWith("the same call as"))
                .toList();

        if (operation.equals("-")) {
            assertThat(matched).isEmpty();
            assertThat(made.report().unmatched()).hasSize(1);
        } else {
            assertThat(matched).extracting(ImportReport.Matched::operation).containsExactly(operation);
            assertThat(call(made.catalogue(), operation.split(" ")[0], operation.split(" ")[1]))
                    .isEqualTo(call);
        }
    }

    @Test
    void what_stands_in_a_path_leads_nowhere_else_and_odd_requests_do_no_harm() throws IOException {
        CatalogueImport made = imported("odd.json", """
                {"name": "Get contact", "request": {"method": "GET", "url": "https://u:SECRET@crm.example.com//a/../contacts//%2e%2e/:id#x",
                  "header": [{"key": "bad name", "value": "x"}, {"key": "X-A", "value": "{{unknown}}"}, {"key": "X-L", "value": "{{locationId}}"}]}},
                {"name": "List notes", "request": {"url": {"raw": ""}}},
                {"name": "", "request": {}}, {"request": "x"}, {}, {"name": "f", "item": []}, 5, null, "text",
                {"name": "List calendars", "request": {"method": "GET", "url": "crm.example.com/calendars?locationId={{l}}&a=%7Bx%7D",
                  "body": {"mode": "raw", "raw": "[]"}}}
                """);

        assertThat(call(made.catalogue(), "calendars", "list")).isEqualTo("GET /calendars");
        assertThat(made.yaml()).doesNotContain("SECRET", "..", "unknown", "bad name");
        assertThat(made.report().secrets()).contains("Get contact: user in the address");
    }

    @Test
    void a_collection_of_nothing_is_refused() {
        assertThatThrownBy(() -> imported("none.json", "")).hasMessageContaining("none.json has no request in it");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"info": {"schema": "https://schema.getpostman.com/json/collection/v2.0.0/collection.json"}, "item": []} | is a collection v2.0
            {"id": "1", "name": "old", "requests": [], "order": []}  | is a collection v1
            {"name": "env", "values": []}                            | is an environment
            {"openapi": "3.0.0"}                                     | is something else
            []                                                       | is something else
            {"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}} | is something else
            """)
    void another_file_is_refused_and_told_what_is_expected(String json, String told) throws IOException {
        Path file = folder.resolve("other.json");
        Files.writeString(file, json);

        assertThatThrownBy(() -> CatalogueImport.postman(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other.json " + told + "; a Postman collection v2.1 is expected: export it");
    }

    @Test
    void what_is_no_json_or_not_there_is_told_without_its_words() throws IOException {
        Path file = folder.resolve("broken.json");
        Files.writeString(file, "{\n\"token\": SECRET");

        assertThatThrownBy(() -> CatalogueImport.postman(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it is no JSON in line 2")
                .hasMessageNotContaining("SECRET");
        assertThatThrownBy(() -> CatalogueImport.postman(folder.resolve("none.json")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.json cannot be read");
    }

    @Test
    @Timeout(10)
    void a_bomb_does_no_harm() throws IOException {
        Function<String, Path> file = text -> {
            try {
                return Files.writeString(folder.resolve("bomb.json"), text);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
        String head = "{\"info\": {\"schema\": \"" + V2_1 + "\"}, \"item\": [";
        assertThatThrownBy(() -> CatalogueImport.postman(file.apply(head + "[".repeat(100_000))))
                .hasMessageContaining("nested deeper than 200");
        assertThatThrownBy(() -> CatalogueImport.postman(
                        file.apply(head + "{\"name\":\"a\",\"request\":\"x\"},".repeat(5_001) + "{}]}")))
                .hasMessageContaining("more than 5000 requests");
        assertThat(CatalogueImport.postman(
                                file.apply(head + "{\"name\": \"Create contact\", \"request\": {\"method\": \"POST\","
                                        + "\"url\": \"https://a.example/contacts\", \"body\": {\"mode\": \"raw\", \"raw\": \""
                                        + "{{".repeat(500_000) + "\"}}}]}"))
                        .report()
                        .remarks())
                .containsExactly(
                        "Create contact: its body is no JSON and is not used",
                        "calls, and the key with them, go to https://a.example, as the collection says: make sure that it is the CRM");
        String doubled = Stream.iterate(1, i -> i + 1)
                .limit(40)
                .map(i -> "{\"key\": \"v%d\", \"value\": \"{{v%d}}{{v%d}}{{v%d}}{{v%d}}\"}"
                        .formatted(i, i + 1, i + 1, i + 1, i + 1))
                .collect(Collectors.joining(","));
        assertThat(CatalogueImport.postman(file.apply(head
                                + "{\"name\": \"Get contact\", \"request\": \"{{v1}}/contacts/:id\"}], \"variable\": ["
                                + doubled + "]}"))
                        .report()
                        .changed())
                .isEmpty();
        try (var large = java.nio.channels.FileChannel.open(
                folder.resolve("large.json"),
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.WRITE)) {
            large.write(java.nio.ByteBuffer.wrap(new byte[1]), PostmanCollection.MOST_BYTES);
        }
        assertThatThrownBy(() -> CatalogueImport.postman(folder.resolve("large.json")))
                .hasMessageContaining("more than 50 MB");
    }
}
