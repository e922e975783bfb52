package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BookingsTest extends SandboxTest {
    private static final String ALL = "/api/agent/bookings";

    @Test
    void a_booking_is_created_with_or_without_a_contact_and_listed() throws IOException {
        String ann = contacts("Ann")[0];
        var answer = crm.post(
                ALL,
                "{\"title\":\"Call\",\"startTime\":\"2026-05-02T10:00:00Z\",\"room\":{\"n\":1},\"id\":\"mine\","
                        + "\"contactId\":\"" + ann + "\"}");
        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode created = Caller.json(answer);
        assertThat(created.path("contactId").asText()).isEqualTo(ann);
        assertThat(created.path("startTime").asText()).isEqualTo("2026-05-02T10:00:00.000Z");
        assertThat(created.path("room").path("n").asInt()).isEqualTo(1);
        assertThat(created.path("createdAt").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(created.path("id").asText()).isNotEqualTo("mine").isNotEmpty();
        crm.post(ALL, "{\"title\":\"Second\",\"contactId\":null}");
        JsonNode list = Caller.json(crm.get(ALL));
        assertThat(list).hasSize(2);
        assertThat(list.path(0)).isEqualTo(created);
        assertThat(list.path(1).path("contactId").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"contactId\":\"nope\"}      | contactId 'nope' does not belong",
                "{\"contactId\":5}             | contactId must be an id",
                "{\"title\":5}                 | title must be a text",
                "{\"startTime\":\"noon\"}      | startTime is not an ISO 8601",
                "{\"startTime\":\"2026-05-02T10:00:00Z\",\"endTime\":\"2026-05-02T09:00:00Z\"} | endTime must not be before",
                "{}                            | the body is empty",
                "[{\"title\":\"x\"}]           | must be a JSON object",
            })
    void a_bad_booking_is_refused_with_a_sentence(String body, String sentence) throws IOException {
        var answer = crm.post(ALL, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
        assertThat(workspace.bookings()).isEmpty();
    }

    @Test
    void a_foreign_contact_is_refused_and_bookings_are_seen_by_their_workspace_only() throws IOException {
        Workspace other = sandbox.addWorkspace("ws_other", "Other", "icrm_11111111111111111111111111111111");
        String ann = contacts("Ann")[0];
        crm.post(ALL, "{\"title\":\"Call\"}");
        Caller stranger = new Caller(sandbox.baseUrl(), other.apiKey());
        assertThat(stranger.post(ALL, "{\"contactId\":\"" + ann + "\"}").statusCode())
                .isEqualTo(400);
        assertThat(Caller.json(stranger.get(ALL))).isEmpty();
    }
}
