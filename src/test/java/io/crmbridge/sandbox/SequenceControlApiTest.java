package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequenceControlApiTest extends SandboxTest {
    private String sequence;
    private String ann;
    private String bob;

    @BeforeEach
    void sequence() {
        sequence = sequence(0);
        String[] contacts = contacts("Ann", "Bob");
        ann = contacts[0];
        bob = contacts[1];
    }

    @Test
    void what_is_due_is_sent_on_command() throws IOException {
        workspace.enroll(sequence, ann);
        assertThat(crm.post("/control/send-due", null).body()).isEqualTo("{\"sent\":1}");
        assertThat(crm.post("/control/send-due", null).body()).isEqualTo("{\"sent\":0}");
    }

    @Test
    void a_contact_replies_on_command() throws IOException {
        var answer = crm.post(
                "/control/replies",
                "{\"contactId\":\"" + ann + "\",\"subject\":\"Re\",\"body\":\"b\",\"at\":\"2026-04-01T00:00:00Z\"}");
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(Caller.json(crm.get("/api/agent/contacts/" + ann + "/replies"))
                        .path(0))
                .isEqualTo(Caller.json(answer));
        assertThat(Caller.json(answer).path("emailDate").asText()).isEqualTo("2026-04-01T00:00:00.000Z");
    }

    @Test
    void a_member_unsubscribes_or_is_resumed_on_command() throws IOException {
        workspace.enroll(sequence, ann, bob);
        String path = "/control/sequences/" + sequence;
        JsonNode gone = Caller.json(crm.post(path + "/unsubscribe", "{\"contactId\":\"" + ann + "\"}"));
        assertThat(gone.path("status").asText()).isEqualTo("unsubscribed");
        crm.post("/api/agent/sequences/" + sequence + "/pause", "{}");
        JsonNode back = Caller.json(crm.post(path + "/resume", "{\"contactId\":\"" + bob + "\"}"));
        assertThat(back.path("status").asText()).isEqualTo("active");
    }

    @Test
    void accounts_come_and_go_on_command() throws IOException {
        var answer = crm.post(
                "/control/sending-accounts",
                "{\"name\":\"Sales\",\"fromName\":\"S\",\"fromEmail\":\"s@crm.example\",\"syncEnabled\":true}");
        assertThat(answer.statusCode()).isEqualTo(201);
        String id = Caller.json(answer).path("id").asText();
        assertThat(Caller.column(crm.get("/api/agent/sending-accounts"), "id")).containsExactly(id);
        assertThat(crm.send("DELETE", "/control/sending-accounts/" + id, null).statusCode())
                .isEqualTo(204);
        assertThat(crm.get("/api/agent/sending-accounts").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({"tags, tagIds", "lists, listIds"})
    void tags_and_lists_and_their_members_come_and_go_on_command(String groups, String field) throws IOException {
        crm.post("/control/options", "{\"audienceModule\":true}");
        String id = Caller.json(crm.post("/control/" + groups, "{\"name\":\"VIP\",\"contactIds\":[\"" + ann + "\"]}"))
                .path("id")
                .asText();
        String group = "/control/" + groups + "/" + id;
        assertThat(crm.post(group + "/contacts", "{\"contactIds\":[\"" + bob + "\"]}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(crm.send("DELETE", group + "/contacts/" + ann, null).statusCode())
                .isEqualTo(204);
        assertThat(crm.get("/control/" + groups).body())
                .isEqualTo("[{\"id\":\"%s\",\"name\":\"VIP\",\"contactIds\":[\"%s\"]}]".formatted(id, bob));
        String enroll = "/api/agent/sequences/" + sequence + "/enroll";
        String body = "{\"" + field + "\":[\"" + id + "\"]}";
        assertThat(Caller.json(crm.post(enroll, body))
                        .at("/enrolled/0/contactId")
                        .asText())
                .isEqualTo(bob);
        assertThat(crm.send("DELETE", group, null).statusCode()).isEqualTo(204);
        assertThat(crm.post(enroll, body).statusCode()).isEqualTo(400);
    }

    @Test
    void a_record_is_deleted_and_requests_are_counted_on_command() throws IOException {
        assertThat(crm.send("DELETE", "/control/records/contacts/" + ann, null).statusCode())
                .isEqualTo(204);
        assertThat(Caller.column(list("contacts"), "id")).containsExactly(bob);
        crm.post("/api/zapier/contacts", "{}");
        assertThat(crm.get("/control/requests").body()).isEqualTo("{\"count\":2}");
        assertThat(crm.get("/control/requests?method=POST&path=/api/zapier").body())
                .isEqualTo("{\"count\":1}");
        assertThat(workspace.requests("DELETE", "/")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST   | /control/replies                      | {\"subject\":\"s\",\"body\":\"b\"}                        | 400 | contactId is required",
                "POST   | /control/replies                      | {\"contactId\":\"nope\",\"subject\":\"s\",\"body\":\"b\"} | 404 | no record 'nope'",
                "POST   | /control/replies                      | {\"contactId\":\"ANN\",\"body\":\"b\"}                     | 400 | subject is required",
                "POST   | /control/replies                      | {\"contactId\":\"ANN\",\"subject\":\"s\",\"body\":\"b\",\"at\":\"x\"} | 400 | at is not an ISO 8601",
                "POST   | /control/sequences/nope/unsubscribe   | {\"contactId\":\"ANN\"}                                   | 404 | no sequence 'nope'",
                "POST   | /control/sequences/SEQ/unsubscribe    | {\"contactId\":\"ANN\"}                                   | 404 | is not enrolled",
                "POST   | /control/sequences/SEQ/resume         | {}                                                        | 400 | contactId is required",
                "POST   | /control/sending-accounts             | {\"name\":\"x\"}                                          | 400 | fromName is required",
                "DELETE | /control/sending-accounts/nope        |                                                           | 404 | no sending account",
                "POST   | /control/tags                         | {\"name\":\"x\",\"contactIds\":[\"nope\"]}                | 400 | does not belong",
                "POST   | /control/lists                        | {}                                                        | 400 | name is required",
                "DELETE | /control/tags/nope                    |                                                           | 404 | no tag 'nope'",
                "POST   | /control/lists/nope/contacts          | {\"contactIds\":[\"ANN\"]}                                | 404 | no list 'nope'",
                "DELETE | /control/records/contacts/nope        |                                                           | 404 | no record 'nope'",
                "POST   | /control/send-due?workspace=nope      |                                                           | 404 | no workspace 'nope'",
            })
    void a_wrong_command_is_refused_with_a_sentence(
            String method, String path, String body, int status, String sentence) throws IOException {
        var answer = crm.send(method, path.replace("SEQ", sequence), body == null ? null : body.replace("ANN", ann));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Caller.error(answer)).contains(sentence);
    }
}
