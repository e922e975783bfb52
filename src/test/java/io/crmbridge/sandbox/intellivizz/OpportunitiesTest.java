package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpportunitiesTest extends IntellivizzTest {
    private static final String SEARCH = "/opportunities/search?location_id=loc_sandbox&order=updated_asc";

    private Map<String, Object> fields(String name, String contactId) {
        return Map.of(
                "locationId",
                "loc_sandbox",
                "name",
                name,
                "contactId",
                contactId,
                "pipelineId",
                location.idOf("pipelines", "Sales"),
                "monetaryValue",
                500);
    }

    @Test
    void an_opportunity_is_created_moved_won_and_deleted() throws IOException {
        var created = crm.post("/opportunities/", fields("Deal", contact("ada@example.com")));
        assertThat(created.statusCode()).isEqualTo(201);
        JsonNode row = Caller.json(created).path("opportunity");
        assertThat(row.path("status").asText()).isEqualTo("open");
        assertThat(row.path("pipelineStageId").asText()).isEqualTo(location.stage("New"));
        assertThat(row.at("/contact/email").asText()).isEqualTo("ada@example.com");
        String path = "/opportunities/" + row.path("id").asText();
        clock.advance(Duration.ofSeconds(1));
        crm.put(path, Map.of("pipelineStageId", location.stage("Proposal")));
        clock.advance(Duration.ofSeconds(1));
        crm.put(path, Map.of("status", "won"));
        JsonNode won = Caller.json(crm.get(path)).path("opportunity");
        assertThat(won.path("lastStageChangeAt").asText()).isEqualTo("2026-05-01T12:00:01.000Z");
        assertThat(won.path("lastStatusChangeAt").asText()).isEqualTo("2026-05-01T12:00:02.000Z");
        assertThat(won.path("updatedAt").asText()).isEqualTo("2026-05-01T12:00:02.000Z");
        assertThat(won.path("createdAt").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(crm.delete(path).statusCode()).isEqualTo(200);
        assertThat(crm.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void what_does_not_belong_to_the_location_is_refused() throws IOException {
        String contact = contact("ada@example.com");
        assertThat(crm.post("/opportunities/", fields("Deal", "nobody")).statusCode())
                .isEqualTo(400);
        assertThat(crm.post("/opportunities/", Map.of("locationId", "loc_sandbox", "name", "x"))
                        .statusCode())
                .isEqualTo(400);
        String id = location.create("opportunities", Map.of("name", "Deal", "contactId", contact));
        var stage = crm.put("/opportunities/" + id, Map.of("pipelineStageId", location.stage("Renewals new")));
        assertThat(stage.statusCode()).isEqualTo(400);
        assertThat(Caller.message(stage)).contains("no stage of the pipeline");
        assertThat(crm.put("/opportunities/" + id, Map.of("status", "maybe")).statusCode())
                .isEqualTo(400);
        assertThat(location.get("opportunities", id)).containsEntry("status", "open");
    }

    @Test
    void a_search_pages_by_the_last_stamp_and_id_also_where_stamps_are_equal() throws IOException {
        for (int i = 1; i <= 5; i++) {
            location.put(
                    "opportunities",
                    Map.of("id", "o" + i, "updatedAt", "2026-05-01T12:00:0" + i / 3 + ".000Z", "status", "open"));
        }
        List<String> ids = new ArrayList<>();
        String next = SEARCH + "&limit=2";
        while (next != null) {
            var page = crm.get(next);
            ids.addAll(Caller.column(page, "opportunities", "id"));
            JsonNode meta = Caller.json(page).path("meta");
            assertThat(meta.path("total").asInt()).isEqualTo(5);
            next = meta.path("startAfterId").isNull()
                    ? null
                    : SEARCH + "&limit=2&startAfter=" + meta.path("startAfter").asLong() + "&startAfterId="
                            + meta.path("startAfterId").asText();
        }
        assertThat(ids).containsExactly("o1", "o2", "o3", "o4", "o5");
        assertThat(Caller.column(crm.get(SEARCH + "&updatedAfter=2026-05-01T12:00:00.000Z"), "opportunities", "id"))
                .as("after, and not at")
                .containsExactly("o3", "o4", "o5");
    }

    @Test
    void a_search_refuses_what_it_does_not_know() throws IOException {
        for (String wrong : new String[] {
            SEARCH + "&limit=101",
            SEARCH + "&limit=0",
            SEARCH + "&limit=x",
            SEARCH + "&startAfter=12",
            SEARCH + "&updatedAfter=yesterday",
            "/opportunities/search?location_id=loc_sandbox&order=random"
        }) {
            assertThat(crm.get(wrong).statusCode()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void pipelines_show_their_stages_in_order() throws IOException {
        var answer = crm.get("/opportunities/pipelines?locationId=loc_sandbox");
        assertThat(Caller.column(answer, "pipelines", "name")).containsExactly("Sales", "Renewals");
        assertThat(Caller.json(answer).at("/pipelines/0/stages"))
                .extracting(stage -> stage.path("name").asText())
                .containsExactly("New", "Qualified", "Proposal", "Closed");
    }
}
