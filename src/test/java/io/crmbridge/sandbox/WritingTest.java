package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WritingTest extends SandboxTest {

    @Test
    void a_created_company_is_answered_and_listed() throws IOException {
        var answer = crm.post("/api/zapier/companies", "{\"name\":\"Acme\",\"website\":\"https://acme.example\"}");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(Caller.json(answer).path("updatedAt").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(Caller.json(list("companies")).path(0)).isEqualTo(Caller.json(answer));
    }

    @Test
    void a_deal_without_a_stage_is_placed_in_the_first_one() throws IOException {
        JsonNode deal = Caller.json(crm.post("/api/zapier/deals", "{\"name\":\"D\",\"amount\":12.50}"));
        assertThat(deal.path("stageName").asText()).isEqualTo("New");
        assertThat(deal.path("amount").decimalValue()).isEqualByComparingTo("12.50");
    }

    @Test
    void a_deal_with_a_stage_id_is_placed_there() throws IOException {
        workspace.create("deals", Map.of("name", "D", "stageName", "Proposal"));
        String stageId = (String) workspace.all("deals").get(0).get("stageId");
        var answer = crm.post("/api/zapier/deals", "{\"name\":\"E\",\"stageId\":\"" + stageId + "\"}");
        assertThat(Caller.json(answer).path("stageName").asText()).isEqualTo("Proposal");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "companies | {}                                     | name is required",
                "companies | {\"name\":\"  \"}                      | name is required",
                "deals     | {\"amount\":1}                         | name is required",
                "deals     | {\"name\":\"D\",\"amount\":\"1\"}      | amount must be a number",
                "deals     | {\"name\":\"D\",\"stageId\":\"x\"}     | stageId 'x' does not belong",
                "deals     | {\"name\":\"D\",\"companyId\":\"x\"}   | companyId 'x' does not belong",
                "deals     | {\"name\":\"D\",\"contactId\":\"x\"}   | contactId 'x' does not belong",
                "contacts  | {\"firstName\":\"A\"}                  | lastName is required",
                "contacts  | {\"lastName\":\"B\"}                   | firstName is required",
                "contacts  | {\"firstName\":\"A\",\"lastName\":\"B\",\"email\":1} | email must be a text",
                "contacts  | [1]                                    | must be a JSON object",
                "contacts  | {\"firstName\":                        | not valid JSON",
                "contacts  | {} x                                   | not valid JSON",
                "contacts  | ''                                     | body is empty",
            })
    void a_bad_body_is_refused_with_a_sentence(String resource, String body, String sentence) throws IOException {
        var answer = crm.post("/api/zapier/" + resource, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
        assertThat(workspace.all(resource)).isEmpty();
    }

    @Test
    void unknown_fields_are_left_out() throws IOException {
        crm.post("/api/zapier/companies", "{\"name\":\"A\",\"id\":\"mine\",\"updatedAt\":\"2030-01-01T00:00:00Z\"}");
        Map<String, Object> row = workspace.all("companies").get(0);
        assertThat(row.get("id")).isNotEqualTo("mine");
        assertThat(row).containsEntry("updatedAt", "2026-05-01T12:00:00.000Z");
    }

    @Test
    void the_agent_api_creates_one_contact_from_an_object() throws IOException {
        var answer = crm.post("/api/agent/contacts", "{\"firstName\":\"Ada\",\"lastName\":\"B\",\"title\":\"T\"}");
        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode contact = Caller.json(answer);
        assertThat(contact.path("title").asText()).isEqualTo("T");
        assertThat(workspace.get("contacts", contact.path("id").asText())).containsEntry("firstName", "Ada");
    }

    @Test
    void the_agent_api_creates_many_contacts_from_an_array() throws IOException {
        var answer = crm.post(
                "/api/agent/contacts",
                "[{\"firstName\":\"A\",\"lastName\":\"1\"},{\"firstName\":\"B\",\"lastName\":\"2\"}]");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(Caller.column(answer, "firstName")).containsExactly("A", "B");
        assertThat(workspace.all("contacts")).hasSize(2);
    }

    @Test
    void one_bad_contact_refuses_the_whole_array() throws IOException {
        var answer =
                crm.post("/api/agent/contacts", "[{\"firstName\":\"A\",\"lastName\":\"1\"},{\"firstName\":\"B\"}]");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(workspace.all("contacts")).isEmpty();
    }

    @Test
    void a_patch_changes_only_what_was_sent_and_stamps_it() throws IOException {
        String id = workspace.create("contacts", Map.of("firstName", "A", "lastName", "B", "email", "a@example.com"));
        clock.advance(Duration.ofMillis(1500));
        var answer = crm.send("PATCH", "/api/agent/contacts/" + id, "{\"lastName\":\"C\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(workspace.get("contacts", id))
                .containsEntry("firstName", "A")
                .containsEntry("lastName", "C")
                .containsEntry("email", "a@example.com")
                .containsEntry("createdAt", "2026-05-01T12:00:00.000Z")
                .containsEntry("updatedAt", "2026-05-01T12:00:01.500Z");
    }

    @Test
    void a_patch_of_an_unknown_contact_is_not_found() throws IOException {
        var answer = crm.send("PATCH", "/api/agent/contacts/nope", "{\"lastName\":\"C\"}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Caller.error(answer)).contains("'nope'");
    }

    @Test
    void a_patch_cannot_blank_a_required_field() throws IOException {
        String id = workspace.create("contacts", Map.of("firstName", "A", "lastName", "B"));
        var answer = crm.send("PATCH", "/api/agent/contacts/" + id, "{\"lastName\":null}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(workspace.get("contacts", id)).containsEntry("lastName", "B");
    }

    @Test
    void the_agent_list_has_100_by_default_500_at_most_and_the_oldest_first() throws IOException {
        for (int i = 1; i <= 501; i++) {
            clock.advance(Duration.ofSeconds(1));
            workspace.create("contacts", Map.of("firstName", "Contact", "lastName", "" + i));
        }
        assertThat(Caller.column(crm.get("/api/agent/contacts"), "lastName"))
                .hasSize(100)
                .startsWith("1", "2")
                .endsWith("100");
        assertThat(Caller.column(crm.get("/api/agent/contacts?limit=500"), "lastName"))
                .hasSize(500)
                .endsWith("500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"501", "0", "-1", "many", ""})
    void a_limit_out_of_range_is_a_bad_request(String limit) throws IOException {
        var answer = crm.get("/api/agent/contacts?limit=" + limit);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).startsWith("limit ");
    }
}
