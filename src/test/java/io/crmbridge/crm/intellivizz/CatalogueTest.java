package io.crmbridge.crm.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.intellivizz.CatalogueEntry.Origin;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** catalogue.yaml, and a customer's file laid over it. */
class CatalogueTest {
    @TempDir
    private Path folder;

    private Catalogue read(String yaml) throws IOException {
        Path file = folder.resolve("mine.yaml");
        Files.writeString(file, yaml);
        return Catalogue.read(file);
    }

    private static CatalogueEntry find(Catalogue catalogue, String resource, String operation) {
        return catalogue.find(resource, operation).orElseThrow();
    }

    @Test
    void the_standard_has_every_documented_resource_with_its_calls_paging_and_feed() {
        Catalogue standard = Catalogue.standard();

        assertThat(standard.resources())
                .contains("contacts", "tags", "notes", "conversations", "messages", "appointments", "opportunities")
                .contains(
                        "workflow-runs",
                        "form-submissions",
                        "invoices",
                        "transactions",
                        "members",
                        "locations",
                        "auth");
        assertThat(standard.baseUrl()).isEqualTo(URI.create("https://services.leadconnectorhq.com"));
        assertThat(standard.version()).isEqualTo("2021-07-28");
        assertThat(standard.tokenPath()).isEqualTo("/oauth/token");
        assertThat(standard.authorizeUrl().getPath()).isEqualTo("/v2/oauth/chooselocation");
        assertThat(standard.operations("contacts").get(0).operation().name()).isEqualTo("create");
        assertThat(standard.operations("no-such")).isEmpty();
        CatalogueEntry list = find(standard, "contacts", "list");
        assertThat(list.operation().verb()).isEqualTo("POST");
        assertThat(list.operation().path()).isEqualTo("/contacts/search");
        assertThat(list.operation().kind()).isEqualTo(Operation.Kind.READ);
        assertThat(list.paging()).contains(new Paging(Paging.Style.SEARCH_AFTER, 100, Optional.empty()));
        assertThat(list.rows()).contains("contacts");
        assertThat(list.scope()).contains("contacts.read");
        assertThat(list.origin()).isEqualTo(Origin.ASSUMED);
        assertThat(list.headers()).isEqualTo(Map.of("Version", "2021-07-28"));
        assertThat(find(standard, "members", "list").origin()).isEqualTo(Origin.UNKNOWN);
        assertThat(find(standard, "locations", "list").agency()).isTrue();
        assertThat(find(standard, "invoices", "create").key()).containsExactly("invoiceNumber", "name", "contactId");
        assertThat(standard.feed("contacts"))
                .contains(new FeedEntry("list", "id", "dateUpdated", "dateAdded", FeedEntry.Reading.KEYSET));
        assertThat(standard.feed("calendars")).contains(new FeedEntry("list", "id", "", "", FeedEntry.Reading.ALL));
        assertThat(standard.feed("notes")).isEmpty();
    }

    @Test
    void every_operation_of_the_standard_can_be_asked_for() {
        Catalogue standard = Catalogue.standard();

        assertThat(standard.all()).hasSizeGreaterThanOrEqualTo(50).allSatisfy(operation -> {
            CatalogueEntry entry = find(standard, operation.resource(), operation.name());
            assertThat(entry.operation()).isSameAs(operation);
            assertThat(entry.request(Requests.EVERYTHING, Optional.empty(), Requests.LANE)
                            .pathAndQuery())
                    .startsWith("/")
                    .doesNotContain("{");
        });
    }

    @Test
    void a_file_may_say_one_field_of_one_operation() throws IOException {
        Catalogue catalogue = read("""
                base-url: https://crm.example.com/api/
                version: "2024-01-01"
                resources:
                  contacts:
                    operations:
                      get: { call: "GET /v3/people/{id}" }
                """);

        CatalogueEntry get = find(catalogue, "contacts", "get");
        assertThat(get.operation().path()).isEqualTo("/v3/people/{id}");
        assertThat(get.operation().kind()).isEqualTo(Operation.Kind.READ);
        assertThat(get.scope()).contains("contacts.read");
        assertThat(get.origin()).isEqualTo(Origin.COLLECTION);
        assertThat(get.headers()).isEqualTo(Map.of("Version", "2024-01-01"));
        assertThat(find(catalogue, "conversations", "get").headers()).isEqualTo(Map.of("Version", "2021-04-15"));
        assertThat(find(catalogue, "contacts", "update").operation())
                .isEqualTo(find(Catalogue.standard(), "contacts", "update").operation());
        assertThat(catalogue.baseUrl()).isEqualTo(URI.create("https://crm.example.com/api"));
        assertThat(catalogue.all()).hasSameSizeAs(Catalogue.standard().all());
    }

    @Test
    void a_file_may_add_resources_and_take_fields_operations_and_feeds_away() throws IOException {
        Catalogue catalogue = read("""
                resources:
                  tickets:
                    feed: { list: list, id: ticketId, reading: all }
                    operations:
                      close: { call: "POST /tickets/{ticket}/close", kind: repeatable, note: Asked for by mail. }
                      list: { call: GET /tickets, kind: read, query: { contact: "{ticket}", open: true } }
                  contacts:
                    feed: null
                    operations:
                      delete: null
                      list: { body: { pageLimit: "{limit}" }, paging: null }
                  members:
                    unknown: false
                    feed: { reading: all }
                """);

        assertThat(catalogue.resources()).endsWith("tickets");
        CatalogueEntry close = catalogue.operations("tickets").get(0);
        assertThat(close.note()).isEqualTo("Asked for by mail.");
        assertThat(close.operation().needs()).containsExactly("ticket");
        assertThat(find(catalogue, "tickets", "list").query()).isEqualTo(Map.of("contact", "{ticket}", "open", "true"));
        assertThat(catalogue.feed("tickets"))
                .contains(new FeedEntry("list", "ticketId", "", "", FeedEntry.Reading.ALL));
        assertThat(catalogue.feed("contacts")).isEmpty();
        assertThat(catalogue.find("contacts", "delete")).isEmpty();
        assertThat(find(catalogue, "contacts", "list").paging()).isEmpty();
        assertThat(find(catalogue, "members", "list").origin()).isEqualTo(Origin.ASSUMED);
        assertThat(catalogue.feed("members"))
                .contains(new FeedEntry("list", "id", "updatedAt", "createdAt", FeedEntry.Reading.ALL));
    }

    @Test
    void an_empty_file_is_the_standard() throws IOException {
        assertThat(read("# nothing differs\n").all())
                .containsExactlyElementsOf(Catalogue.standard().all());
    }

    @Test
    void every_mistake_is_told_at_once_with_its_line() {
        assertThatThrownBy(() -> read("""
                        base-ulr: https://crm.example.com
                        resources:
                          contacts:
                            operations:
                              get: { call: FETCH /contacts }
                              list:
                                paging: { style: cursour, limit: 0 }
                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage().lines())
                        .hasSize(4)
                        .satisfiesExactlyInAnyOrder(
                                line -> assertThat(line)
                                        .contains(
                                                "mine.yaml, line 1: a catalogue has no \"base-ulr\"; there are base-url"),
                                line -> assertThat(line)
                                        .contains(
                                                "mine.yaml, line 5: call of contacts get has no verb \"FETCH\"; there are DELETE"),
                                line -> assertThat(line)
                                        .contains(
                                                "mine.yaml, line 7: paging of contacts list has no style \"cursour\"; there are cursor"),
                                line -> assertThat(line)
                                        .contains("mine.yaml, line 7: limit of contacts list is a number above zero")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            get: { cal: GET /x }                          | contacts get has no "cal"; there are agency, body, call
            get: { kind: maybe }                          | contacts get has no kind "maybe"; there are once, read, repeatable
            get: { call: GET }                            | is no verb and path
            get: { call: "GET contacts" }                 | path of contacts get begins with one slash
            get: { call: "GET https://x.com/a" }          | path of contacts get begins with one slash
            get: { call: "GET /contacts?a=b" }            | has a ? or #: write what comes behind it as query
            get: { call: "GET /contacts/../x" }           | has a step that is . or ..
            get: { call: "GET /contacts/{id" }            | something else than letters
            get: { call: "GET /contacts/{{id}}" }         | something else than letters
            get: { call: "GET /contacts/{id:millis}" }    | something else than letters
            get: { query: { a: {locationId} } }           | query of contacts get, a: write the placeholder in quotes
            create: { body: { a: [ {locationId} ] } }     | body of contacts create: write the placeholder in quotes
            get: { query: { a: "{locatonId}" } }          | has no placeholder "locatonId"; there are
            get: { query: { a: "{{locationId}}" } }       | a placeholder has single braces
            get: { query: { a: "{since:days}" } }         | has no form "since:days"; there are since:millis
            get: { query: { a: "{id:millis}" } }          | has no form "id:millis"
            get: { query: { a: "{cursor}" } }             | contacts get has {cursor}, and its paging is not told: write style: cursor
            list: { paging: { style: page, limit: 10 } }  | paging of contacts list is page, and neither query nor body has {page}
            list: { paging: { limit: 10 } }               | paging of contacts list has no style
            list: { call: "GET /contacts" }               | contacts list is a GET and sends no body
            list: { kind: once }                          | feed of contacts: list is of another kind than read
            list: { body: { s: "{searchAfter}" } }        | feed of contacts is read as keyset, and its list has no {since}
            list: null                                    | feed of contacts: contacts has no operation "list"; there are create
            get: { headers: { authorization: x } }        | headers of contacts get: the bridge itself says authorization
            get: { headers: { "a b": x } }                | "a b" is no header of one line
            get: { agency: perhaps }                      | agency of contacts get is true or false
            create: { body: [ a ] }                       | body of contacts create is no map, and fields are laid over it
            create: { key: email }                        | key of contacts create is a list of names
            create: { scope: [a] }                        | scope of contacts create is no text
            create: { body: { a: 1, a: 2 } }              | body of contacts create: found duplicate key
            find: { call: GET /find }                     | contacts find has no kind
            Find: { call: GET /find, kind: read }         | operation "Find" of contacts: write small letters
            get: read                                     | contacts get is no map of names and values
            get: { call: GET /a, call: GET /b }           | contacts get has "call" twice
            """)
    void what_an_operation_cannot_be_is_told(String operation, String told) {
        assertThatThrownBy(() -> read("resources:\n  contacts:\n    operations:\n      " + operation + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line ")
                .hasMessageContaining(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            base-url: crm.example.com                            | base-url is no address as in https://
            base-url: "https://user:word@crm.example.com"        | base-url is no address as in https://
            base-url: null                                       | base-url is no text
            oauth: { token: "https://crm.example.com/token" }    | token of oauth begins with a slash
            oauth: { tokn: /token }                              | oauth has no "tokn"; there are authorize, token
            resources: [contacts]                                | resources is no map of names and values
            resources: { Contacts: { operations: {} } }          | resource "Contacts": write small letters
            resources: { contacts: { feeds: {} } }               | contacts has no "feeds"; there are feed, operations, unknown
            resources: { contacts: { feed: { reading: fast } } } | feed of contacts has no reading "fast"; there are all, keyset, window
            resources: { notes: { feed: { list: list } } }       | feed of notes has no reading
            resources: { forms: { feed: { reading: keyset } } }  | feed of forms has no updated
            resources: { members: { unknown: perhaps } }         | unknown of members is true or false
            resources: { a: &a { operations: {} }, b: *a }       | aliases
            resources: { contacts: {                             | mine.yaml, line
            - a                                                  | the file is no map of names and values
            """)
    void what_a_catalogue_cannot_be_is_told(String yaml, String told) {
        assertThatThrownBy(() -> read(yaml + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mine.yaml")
                .hasMessageContaining(told);
    }

    @Test
    void a_file_that_is_not_there_is_told() {
        assertThatThrownBy(() -> Catalogue.read(folder.resolve("none.yaml")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.yaml cannot be read");
    }

    @Test
    void asking_changes_no_template_and_nobody_changes_the_lists() {
        JsonNode body = find(Catalogue.standard(), "contacts", "list").body().orElseThrow();

        find(Catalogue.standard(), "contacts", "list").request(Requests.EVERYTHING, Optional.empty(), Requests.LANE);

        assertThat(body.toString()).contains("{since}");
        assertThatThrownBy(() -> Catalogue.standard().operations("contacts").clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
