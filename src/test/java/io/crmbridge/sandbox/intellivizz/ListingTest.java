package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How lists misbehave, and the faults that every CRM of the sandbox has. */
class ListingTest extends IntellivizzTest {
    private static final Object OLDEST_CHANGE_FIRST = List.of(Map.of("field", "dateUpdated", "direction", "asc"));
    private static final Object FROM_THE_THIRD = List.of(
            Map.of("field", "dateUpdated", "operator", "range", "value", Map.of("gte", "2026-05-01T12:00:03.000Z")));

    private List<String> ids(Object... more) throws IOException {
        return Caller.column(search(more), "contacts", "id");
    }

    @Test
    void a_list_that_ignores_the_order_shows_the_newest_first_and_pages_on_in_that_order() throws IOException {
        contacts(4);
        location.listing("contacts").ignoreSort();
        var page = search("sort", OLDEST_CHANGE_FIRST, "pageLimit", 2);
        assertThat(Caller.column(page, "contacts", "id")).containsExactly("c4", "c3");
        assertThat(ids("searchAfter", Caller.json(page).at("/contacts/1/searchAfter")))
                .containsExactly("c2", "c1");
        location.listing("contacts").behave();
        assertThat(ids("sort", OLDEST_CHANGE_FIRST)).containsExactly("c1", "c2", "c3", "c4");
    }

    @Test
    void a_list_that_ignores_filters_shows_all_and_one_with_a_cap_shows_less_than_asked() throws IOException {
        contacts(4);
        assertThat(ids("sort", OLDEST_CHANGE_FIRST, "filters", FROM_THE_THIRD)).containsExactly("c3", "c4");
        location.listing("contacts").ignoreFilters();
        assertThat(ids("sort", OLDEST_CHANGE_FIRST, "filters", FROM_THE_THIRD)).containsExactly("c1", "c2", "c3", "c4");
        location.listing("contacts").behave().cap(3);
        assertThat(ids("sort", OLDEST_CHANGE_FIRST, "pageLimit", 100)).containsExactly("c1", "c2", "c3");
    }

    @Test
    void a_list_that_changes_between_two_pages_loses_a_row_to_who_counts_on() throws IOException {
        for (int i = 1; i <= 4; i++) {
            clock.advance(Duration.ofSeconds(1));
            location.create("invoices", Map.of("id", "i" + i, "name", "Invoice " + i));
        }
        location.listing("invoices").afterPages(1, () -> location.remove("invoices", "i4"));
        String path = "/invoices/?altType=location&altId=loc_sandbox&limit=2&offset=";
        assertThat(Caller.column(crm.get(path + "0"), "invoices", "id")).containsExactly("i4", "i3");
        assertThat(Caller.column(crm.get(path + "2"), "invoices", "id"))
                .as("i2 has moved to the first page")
                .containsExactly("i1");
        assertThat(location.all("invoices")).hasSize(3);
    }

    @Test
    void the_faults_of_the_sandbox_strike_here_too() throws IOException {
        contacts(3);
        sandbox.faults()
                .on("POST", "/contacts/search")
                .times(1)
                .cap(1)
                .unsorted()
                .arm();
        assertThat(ids("sort", OLDEST_CHANGE_FIRST)).containsExactly("c1");
        sandbox.faults().on("POST", "/contacts/search").times(1).ignoreSince().arm();
        assertThat(ids("filters", FROM_THE_THIRD, "sort", OLDEST_CHANGE_FIRST)).hasSize(3);
        sandbox.faults()
                .on("POST", "/contacts/search")
                .times(1)
                .withoutId()
                .extraFields()
                .nullFields("email")
                .arm();
        JsonNode row = Caller.json(search()).at("/contacts/0");
        assertThat(row.has("id")).isFalse();
        assertThat(row.path("email").isNull()).isTrue();
        assertThat(row.has("unknownText")).isTrue();
        sandbox.faults()
                .on("POST", "/contacts/")
                .times(1)
                .status(502)
                .afterCommit()
                .arm();
        assertThat(crm.post("/contacts/", Map.of("locationId", "loc_sandbox", "email", "late@example.com"))
                        .statusCode())
                .isEqualTo(502);
        assertThat(location.all("contacts")).hasSize(4);
        var limited = sandbox.faults()
                .on("GET", "/contacts")
                .tooMany(Duration.ofSeconds(7))
                .arm();
        assertThat(crm.get("/contacts/c1").headers().firstValue("Retry-After")).hasValue("7");
        assertThat(sandbox.refusedByLimit(location.key())).isZero();
        assertThat(limited.hits()).isEqualTo(1);
    }
}
