package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZapierListTest extends SandboxTest {

    @Test
    void lists_newest_first_as_a_bare_array() throws IOException {
        companies(3);
        var answer = list("companies");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(Caller.json(answer).isArray()).isTrue();
        assertThat(Caller.column(answer, "name")).containsExactly("Company 3", "Company 2", "Company 1");
    }

    @Test
    void lists_the_later_written_first_where_stamps_are_equal() throws IOException {
        workspace.create("companies", Map.of("name", "first"));
        workspace.create("companies", Map.of("name", "second"));
        assertThat(Caller.column(list("companies"), "name")).containsExactly("second", "first");
    }

    @Test
    void an_update_moves_a_record_to_the_top() throws IOException {
        companies(2);
        String oldest = (String) workspace.all("companies").get(1).get("id");
        clock.advance(Duration.ofSeconds(1));
        workspace.update("companies", oldest, Map.of("phone", "1"));
        assertThat(Caller.column(list("companies"), "name")).containsExactly("Company 1", "Company 2");
        assertThat(Caller.column(list("companies"), "updatedAt"))
                .containsExactly("2026-05-01T12:00:03.000Z", "2026-05-01T12:00:02.000Z");
    }

    @Test
    void never_lists_more_than_100() throws IOException {
        companies(101);
        var names = Caller.column(list("companies"), "name");
        assertThat(names).hasSize(100).startsWith("Company 101").endsWith("Company 2");
    }

    @Test
    void never_lists_more_than_100_since_a_stamp() throws IOException {
        companies(150);
        var answer = crm.get("/api/zapier/companies?since=2026-05-01T12:00:00.000Z");
        assertThat(Caller.column(answer, "name")).hasSize(100).startsWith("Company 150");
    }

    @Test
    void since_leaves_out_the_record_with_exactly_that_stamp() throws IOException {
        companies(3);
        var answer = crm.get("/api/zapier/companies?since=2026-05-01T12:00:02.000Z");
        assertThat(Caller.column(answer, "name")).containsExactly("Company 3");
        var before = crm.get("/api/zapier/companies?since=2026-05-01T12:00:01.999Z");
        assertThat(Caller.column(before, "name")).containsExactly("Company 3", "Company 2");
    }

    @Test
    void since_may_have_an_offset_or_be_a_date() throws IOException {
        companies(2);
        assertThat(Caller.column(crm.get("/api/zapier/companies?since=2026-05-01T14:00:01%2B02:00"), "name"))
                .containsExactly("Company 2");
        assertThat(Caller.column(crm.get("/api/zapier/companies?since=2026-05-01"), "name"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "", "2026-13-01T00:00:00Z", "1777636800000", "2026-05-01T14:00:01+02:00"})
    void an_unreadable_since_is_a_bad_request(String since) throws IOException {
        var answer = crm.get("/api/zapier/companies?since=" + since);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains("since is not an ISO 8601");
    }

    @ParameterizedTest
    @ValueSource(strings = {"contacts", "companies", "deals", "invoices", "projects"})
    void every_resource_is_listed_with_ids_and_stamps(String resource) throws IOException {
        workspace.create(resource, Map.of("name", "x"));
        JsonNode row = Caller.json(list(resource)).path(0);
        assertThat(row.path("id").asText()).matches("c[0-9a-z]{24}");
        assertThat(row.path("createdAt").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(row.path("updatedAt").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
    }

    @Test
    void contacts_carry_the_name_of_their_company() throws IOException {
        String company = workspace.create("companies", Map.of("name", "Acme"));
        workspace.create("contacts", Map.of("firstName", "A", "lastName", "B", "companyId", company));
        workspace.create("contacts", Map.of("firstName", "C", "lastName", "D"));
        JsonNode rows = Caller.json(list("contacts"));
        assertThat(rows.path(1).path("companyName").asText()).isEqualTo("Acme");
        assertThat(rows.path(0).path("companyName").isNull()).isTrue();
    }

    @Test
    void deals_carry_the_names_of_stage_company_and_contact() throws IOException {
        String company = workspace.create("companies", Map.of("name", "Acme"));
        String contact = workspace.create("contacts", Map.of("firstName", "Ada", "lastName", "B"));
        workspace.create("deals", Map.of("name", "D", "stageName", "Won", "companyId", company, "contactId", contact));
        JsonNode row = Caller.json(list("deals")).path(0);
        assertThat(row.path("stageName").asText()).isEqualTo("Won");
        assertThat(row.path("companyName").asText()).isEqualTo("Acme");
        assertThat(row.path("contactName").asText()).isEqualTo("Ada B");
    }

    @Test
    void seeded_invoices_carry_totals_status_dates_and_names() throws IOException {
        try (Sandbox seeded =
                Sandbox.start(SandboxOptions.defaults().withClock(clock).withSeedRecords(3))) {
            var answer = new Caller(seeded.baseUrl(), Sandbox.DEFAULT_KEY).get("/api/zapier/invoices");
            assertThat(Caller.column(answer, "number")).containsExactly("INV-0003", "INV-0002", "INV-0001");
            JsonNode paid = Caller.json(answer).path(0);
            assertThat(paid.path("status").asText()).isEqualTo("paid");
            assertThat(paid.path("paidAt").asText()).isEqualTo("2026-04-22T00:00:00.000Z");
            assertThat(paid.path("dueDate").asText()).isEqualTo("2026-04-24T00:00:00.000Z");
            assertThat(paid.path("total").decimalValue())
                    .isEqualByComparingTo(paid.path("subtotal")
                            .decimalValue()
                            .add(paid.path("tax").decimalValue()))
                    .isPositive();
            assertThat(paid.path("companyName").asText()).isEqualTo("Company 0003");
            assertThat(paid.path("contactName").asText()).isEqualTo("Contact 0003");
        }
    }

    @Test
    void seeded_projects_carry_stage_and_company_names() throws IOException {
        try (Sandbox seeded =
                Sandbox.start(SandboxOptions.defaults().withClock(clock).withSeedRecords(1))) {
            var answer = new Caller(seeded.baseUrl(), Sandbox.DEFAULT_KEY).get("/api/zapier/projects");
            assertThat(Caller.column(answer, "stageName")).containsExactly("Active");
            assertThat(Caller.column(answer, "companyName")).containsExactly("Company 0001");
        }
    }

    @Test
    void seeded_records_are_older_than_the_start_and_the_same_in_every_run() {
        SandboxOptions options = SandboxOptions.defaults().withClock(clock).withSeedRecords(2);
        try (Sandbox one = Sandbox.start(options);
                Sandbox other = Sandbox.start(options);
                Sandbox otherSeed = Sandbox.start(options.withSeed(7))) {
            assertThat(one.workspace().all("deals"))
                    .isEqualTo(other.workspace().all("deals"))
                    .isNotEqualTo(otherSeed.workspace().all("deals"))
                    .extracting(row -> row.get("updatedAt"))
                    .containsExactly("2026-05-01T11:59:00.000Z", "2026-05-01T11:58:00.000Z");
        }
    }

    @Test
    void a_raw_row_is_served_as_it_was_given() throws IOException {
        Map<String, Object> row = new HashMap<>();
        row.put("id", 7);
        row.put("updatedAt", null);
        row.put("nested", Map.of("list", List.of(1, "=cmd()")));
        workspace.put("deals", row);
        assertThat(Caller.json(list("deals")).path(0)).isEqualTo(Caller.JSON.valueToTree(row));
    }

    @Test
    void a_raw_row_takes_the_place_of_its_stamp_and_without_one_that_of_its_arrival() throws IOException {
        companies(2);
        workspace.put("companies", Map.of("id", "late", "name", "late", "updatedAt", "2026-05-01T12:00:01.500Z"));
        workspace.put("companies", Map.of("id", "future", "name", "future", "updatedAt", "2027-01-01T00:00:00Z"));
        workspace.put("companies", Map.of("name", "no id, no stamp"));
        assertThat(Caller.column(list("companies"), "name"))
                .containsExactly("future", "no id, no stamp", "Company 2", "late", "Company 1");
        var since = crm.get("/api/zapier/companies?since=2026-05-01T12:00:02.000Z");
        assertThat(Caller.column(since, "name")).containsExactly("future");
    }

    @Test
    void a_removed_record_is_gone() throws IOException {
        companies(2);
        workspace.remove("companies", (String) workspace.all("companies").get(0).get("id"));
        assertThat(Caller.column(list("companies"), "name")).containsExactly("Company 1");
    }
}
