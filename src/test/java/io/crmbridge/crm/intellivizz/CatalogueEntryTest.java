package io.crmbridge.crm.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.crm.CrmHttp;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call looks like. */
class CatalogueEntryTest {
    private static final Catalogue STANDARD = Catalogue.standard();

    private static Catalogue with(String operation) {
        return Catalogue.read("mine.yaml", """
                resources:
                  things:
                    operations:
                      do: { kind: once, %s }
                """.formatted(operation));
    }

    @Test
    void values_take_their_place_in_the_path_the_query_and_the_headers() {
        CrmHttp.Request request = Requests.of(STANDARD, "appointments", "list", """
                {"locationId": "loc 1", "since": "2026-01-31T12:00:00+01:00", "until": "2026-02-01T00:00:00Z",
                 "limit": 100, "offset": 0}
                """);

        assertThat(request.verb()).isEqualTo("GET");
        assertThat(request.pathAndQuery())
                .isEqualTo("/calendars/events?locationId=loc%201&updatedFrom=1769857200000&updatedTo=1769904000000"
                        + "&limit=100&offset=0");
        assertThat(request.headers()).isEqualTo(Map.of("Version", "2021-04-15"));
        assertThat(request.json()).isEmpty();
        assertThat(request.lane()).isEqualTo(Requests.LANE);
    }

    @Test
    void a_parameter_without_a_value_is_left_out() {
        assertThat(Requests.of(STANDARD, "opportunities", "list", "{\"locationId\": \"l1\", \"startAfter\": null}")
                        .pathAndQuery())
                .isEqualTo("/opportunities/search?location_id=l1&order=updated_asc");
        assertThat(Requests.of(
                                with("call: GET /things, query: { q: \"from {since} on\", all: \"x\" }"),
                                "things",
                                "do",
                                "{}")
                        .pathAndQuery())
                .isEqualTo("/things?all=x");
    }

    @Test
    void a_body_takes_values_with_their_types() {
        CrmHttp.Request request = Requests.of(STANDARD, "contacts", "list", """
                {"locationId": "l1", "limit": 50, "since": "2026-01-31T12:00:00Z", "searchAfter": [1769860800000, "c9"]}
                """);

        assertThat(request.pathAndQuery()).isEqualTo("/contacts/search");
        assertThat(Requests.body(request)).isEqualTo(Requests.object("""
                {"locationId": "l1", "pageLimit": 50, "searchAfter": [1769860800000, "c9"],
                 "filters": [{"field": "dateUpdated", "operator": "range", "value": {"gte": "2026-01-31T12:00:00Z"}}],
                 "sort": [{"field": "dateUpdated", "direction": "asc"}]}
                """));
    }

    @Test
    void a_condition_without_its_value_is_left_out_whole() {
        assertThat(Requests.body(Requests.of(STANDARD, "contacts", "list", "{\"locationId\": \"l1\", \"limit\": 50}")))
                .isEqualTo(Requests.object("""
                        {"locationId": "l1", "pageLimit": 50, "sort": [{"field": "dateUpdated", "direction": "asc"}]}
                        """));
        Catalogue range =
                with("call: POST /things, body: { range: { gte: \"{since:millis}\", lt: \"{until}\" }, n: 1 }");
        assertThat(Requests.body(Requests.of(range, "things", "do", "{\"since\": \"2026-01-31T12:00:00Z\"}")))
                .isEqualTo(Requests.object("{\"range\": {\"gte\": 1769860800000}, \"n\": 1}"));
    }

    @Test
    void a_placeholder_inside_a_text_is_replaced_as_text() {
        Catalogue catalogue = with("call: POST /things, headers: { X-Where: \"at {locationId}\" }, "
                + "body: { where: \"in {locationId}, {limit} rows of {\" }");

        CrmHttp.Request request = Requests.of(catalogue, "things", "do", "{\"locationId\": \"$1\", \"limit\": 5}");

        assertThat(Requests.body(request)).isEqualTo(Requests.object("{\"where\": \"in $1, 5 rows of {\"}"));
        assertThat(request.headers()).isEqualTo(Map.of("Version", "2021-07-28", "X-Where", "at $1"));
    }

    @Test
    void fields_win_over_the_body_and_what_they_lack_stays() {
        assertThat(Requests.body(Requests.of(
                        STANDARD,
                        "contacts",
                        "create",
                        "{\"locationId\": \"l1\"}",
                        "{\"email\": \"a@x.com\", \"x\": null}")))
                .isEqualTo(Requests.object("{\"locationId\": \"l1\", \"email\": \"a@x.com\", \"x\": null}"));
        assertThat(Requests.body(Requests.of(
                        STANDARD, "contacts", "create", "{\"locationId\": \"l1\"}", "{\"locationId\": \"l2\"}")))
                .isEqualTo(Requests.object("{\"locationId\": \"l2\"}"));
        assertThat(Requests.body(
                        Requests.of(STANDARD, "tags", "remove", "{\"contact\": \"c1\"}", "{\"tags\": [\"a\"]}")))
                .isEqualTo(Requests.object("{\"tags\": [\"a\"]}"));
        assertThat(Requests.of(STANDARD, "workflows", "trigger", "{\"contact\": \"c1\", \"workflow\": \"w1\"}")
                        .json())
                .isEmpty();
    }

    @Test
    void fields_of_a_get_stand_in_the_query() {
        Catalogue catalogue = with("call: GET /things, fields: true, query: { limit: 5 }");

        assertThat(Requests.of(catalogue, "things", "do", "{}", "{\"q\": \"a&b\", \"limit\": 7, \"none\": null}")
                        .pathAndQuery())
                .isEqualTo("/things?limit=7&q=a%26b");
        assertThatThrownBy(() -> Requests.of(catalogue, "things", "do", "{}", "{\"q\": [1]}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("field q is an object or a list");
    }

    @Test
    void fields_are_refused_where_none_are_taken() {
        assertThatThrownBy(() -> Requests.of(STANDARD, "contacts", "get", "{\"id\": \"c1\"}", "{\"a\": 1}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("contacts get takes no fields");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            c1        | c1
            a b+c     | a%20b%2Bc
            a/b?c#d   | a%2Fb%3Fc%23d
            100%      | 100%25
            Grüße     | Gr%C3%BC%C3%9Fe
            {id}      | %7Bid%7D
            ..c       | ..c
            """)
    void a_value_cannot_leave_its_place_in_the_path(String id, String encoded) {
        assertThat(STANDARD.find("contacts", "get")
                        .orElseThrow()
                        .request(
                                Map.of("id", Requests.object("{}").textNode(id)),
                                java.util.Optional.empty(),
                                Requests.LANE)
                        .pathAndQuery())
                .isEqualTo("/contacts/" + encoded);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"..\"", "\".\"", "\"../x\"", "\"a/../b\"", "\"a\\\\..\"", "\"a\\nb\""})
    void a_value_that_leads_elsewhere_is_refused_and_not_repeated(String id) {
        assertThatThrownBy(() -> Requests.of(STANDARD, "contacts", "get", "{\"id\": " + id + "}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("/contacts/{id}: what is given as id would lead elsewhere than its place in the path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"id\": null}", "{\"id\": \"\"}", "{\"id\": \"  \"}", "{\"id\": [\"a\"]}", "{\"id\": {}}"
            })
    void a_path_is_not_asked_without_its_values(String values) {
        assertThatThrownBy(() -> Requests.of(STANDARD, "contacts", "get", values))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("/contacts/{id} needs id, and it is not given");
    }

    @Test
    void a_time_that_is_none_and_a_header_of_two_lines_are_refused_and_not_repeated() {
        assertThatThrownBy(() -> Requests.of(STANDARD, "conversations", "list", "{\"since\": \"secret\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("{since:millis} needs a time as in 2026-01-31T12:00:00Z");
        assertThatThrownBy(() -> Requests.of(
                        with("call: GET /things, headers: { X-Where: \"{locationId}\" }"),
                        "things",
                        "do",
                        "{\"locationId\": \"a\\r\\nX: b\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header X-Where would not be one line");
    }
}
