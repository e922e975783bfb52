package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the document leaves open and a workspace may be told: ids and the order of contacts. */
class WorkspaceOptionsTest extends SandboxTest {

    @ParameterizedTest
    @EnumSource(IdStyle.class)
    void every_endpoint_speaks_in_ids_of_one_style(IdStyle style) throws IOException {
        SandboxOptions options = SandboxOptions.defaults()
                .withClock(clock)
                .withSeedRecords(3)
                .withIds(style)
                .withSendEach(Duration.ZERO);
        try (Sandbox other = Sandbox.start(options)) {
            Caller caller = new Caller(other.baseUrl(), Sandbox.DEFAULT_KEY);
            JsonNode contact = id(style, caller.post("/api/agent/contacts", """
                {"firstName":"A","lastName":"B","email":"a@example.com","companyId":%s}
                """.formatted(
                    Caller.json(caller.get("/api/zapier/companies")).path(0).path("id"))));
            JsonNode deal = Caller.json(caller.get("/api/zapier/deals")).path(0);
            assertThat(deal.path("contactName").asText()).isNotEmpty();
            assertThat(deal.path("stageName").asText()).isNotEmpty();
            for (String reference : new String[] {"id", "contactId", "companyId", "stageId"}) {
                assertStyle(style, deal.path(reference));
            }
            assertThat(caller.post(
                                    "/api/zapier/deals",
                                    "{\"name\":\"D\",\"stageId\":%s,\"contactId\":%s}"
                                            .formatted(deal.path("stageId"), contact))
                            .statusCode())
                    .isEqualTo(201);
            JsonNode account = Caller.json(caller.get("/api/agent/sending-accounts"))
                    .path(0)
                    .path("id");
            JsonNode sequence = id(style, caller.post("/api/agent/sequences", """
                {"name":"S","sendingAccountId":%s,"steps":[{"subject":"s","body":"b","delayDays":0}]}
                """.formatted(account)));
            String path = "/api/agent/sequences/" + sequence.asText();
            JsonNode enrolled = Caller.json(caller.post(path + "/enroll", "{\"contactIds\":[" + contact + "]}"))
                    .path("enrolled")
                    .path(0);
            assertThat(enrolled.path("contact").path("id")).isEqualTo(contact);
            assertThat(other.workspace().sendDue()).isEqualTo(1);
            other.workspace().reply(contact.asText(), "Re: s", "b", null);
            JsonNode send = Caller.json(caller.get(path + "/sends")).path(0);
            assertThat(send.path("sequenceEnrollmentId")).isEqualTo(enrolled.path("id"));
            assertStyle(style, send.path("sequenceStepId"));
            JsonNode reply = Caller.json(caller.get(path + "/replies")).path(0);
            assertThat(reply.path("contactId")).isEqualTo(contact);
            assertThat(Caller.json(caller.post("/api/agent/bookings", "{\"contactId\":" + contact + "}"))
                            .path("contactId"))
                    .isEqualTo(contact);
            assertThat(caller.send("PATCH", "/api/agent/contacts/" + contact.asText(), "{\"title\":\"x\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Caller.json(caller.send("DELETE", path + "/contacts/" + contact.asText(), null))
                            .path("contactId"))
                    .isEqualTo(contact);
        }
    }

    @Test
    void the_style_of_ids_may_change_from_now_on() throws IOException {
        String before = contacts("Ann")[0];
        crm.post("/control/options", "{\"ids\":\"integer\"}");
        contacts("Bob");
        assertThat(Caller.column(list("contacts"), "id")).containsExactly("1", before);
        assertThat(Caller.json(list("contacts")).path(0).path("id").isInt()).isTrue();
        assertThat(Caller.json(list("contacts")).path(1).path("id").isTextual()).isTrue();
    }

    @Test
    void contacts_are_listed_newest_first_on_command() throws IOException {
        for (String name : new String[] {"Ann", "Bob", "Cid"}) {
            clock.advance(Duration.ofSeconds(1));
            contacts(name);
        }
        contacts("Dan");
        assertThat(Caller.column(crm.get("/api/agent/contacts?limit=2"), "firstName"))
                .containsExactly("Ann", "Bob");
        workspace.contactOrder(ContactOrder.NEWEST);
        assertThat(Caller.column(crm.get("/api/agent/contacts?limit=3"), "firstName"))
                .containsExactly("Dan", "Cid", "Bob");
        String oldest = (String) workspace.all("contacts").get(3).get("id");
        clock.advance(Duration.ofSeconds(1));
        workspace.update("contacts", oldest, Map.of("title", "x"));
        assertThat(Caller.column(crm.get("/api/agent/contacts?limit=1"), "firstName"))
                .as("by createdAt, not updatedAt")
                .containsExactly("Dan");
    }

    @Test
    void options_are_set_and_shown_for_one_workspace() throws IOException {
        sandbox.addWorkspace("ws_other", "Other", "icrm_11111111111111111111111111111111");
        var answer = crm.post(
                "/control/options?workspace=ws_other",
                "{\"audienceModule\":true,\"contactOrder\":\"newest\",\"ids\":\"uuid\"}");
        assertThat(answer.body()).isEqualTo("{\"audienceModule\":true,\"contactOrder\":\"newest\",\"ids\":\"uuid\"}");
        assertThat(crm.post("/control/options", null).body())
                .isEqualTo("{\"audienceModule\":false,\"contactOrder\":\"oldest\",\"ids\":\"cuid\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ids\":\"int\",\"audienceModule\":true}   | ids must be cuid, uuid or integer",
                "{\"contactOrder\":\"random\"}               | contactOrder must be oldest or newest",
                "{\"audienceModule\":\"on\"}                 | audienceModule must be true or false",
            })
    void an_impossible_option_changes_nothing(String body, String sentence) throws IOException {
        var answer = crm.post("/control/options", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
        assertThat(crm.post("/control/options", null).body()).contains("\"audienceModule\":false");
    }

    private static JsonNode id(IdStyle style, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode id = Caller.json(answer).path("id");
        assertStyle(style, id);
        return id;
    }

    private static void assertStyle(IdStyle style, JsonNode id) {
        assertThat(id.isIntegralNumber()).as(id.toString()).isEqualTo(style == IdStyle.INTEGER);
        assertThat(id.asText())
                .matches(
                        switch (style) {
                            case CUID -> "c[0-9a-z]{24}";
                            case UUID -> "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
                            case INTEGER -> "[1-9][0-9]*";
                        });
    }
}
