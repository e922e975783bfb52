package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequencesTest extends SandboxTest {
    private static final String ALL = "/api/agent/sequences";
    private static final String STEP = "{\"subject\":\"%s\",\"body\":\"b\",\"delayDays\":1%s}";

    @Test
    void a_sequence_is_created_active_with_its_steps() throws IOException {
        var answer = crm.post(ALL, """
            {"name": "Welcome", "description": "new people", "steps": [
              {"subject": "Hi", "body": "Hello", "delayDays": 0},
              {"subject": "Still there?", "body": "<p>Hello</p>", "delayDays": 3}]}
            """);
        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode created = Caller.json(answer);
        assertThat(created.path("status").asText()).isEqualTo("active");
        assertThat(created.path("description").asText()).isEqualTo("new people");
        assertThat(created.path("sendingAccountId").isNull()).isTrue();
        assertThat(created.path("createdAt").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(created.path("steps").findValuesAsText("subject")).containsExactly("Hi", "Still there?");
        assertThat(created.path("steps").findValuesAsText("position")).containsExactly("0", "1");
        assertThat(created.path("steps").path(1).path("delayDays").isInt()).isTrue();
        assertThat(Caller.json(crm.get(ALL + "/" + created.path("id").asText())))
                .isEqualTo(created);
    }

    @Test
    void the_list_counts_steps_and_members_by_status() throws IOException {
        String id = sequence(0, 1);
        String[] contacts = contacts("Ann", "Bob", "Cid", "Dan");
        workspace.enroll(id, contacts);
        crm.post(ALL + "/" + id + "/pause", "{\"contactIds\":[\"" + contacts[0] + "\"]}");
        workspace.unsubscribe(id, contacts[1]);
        workspace.unenroll(id, contacts[3]);
        JsonNode row = Caller.json(crm.get(ALL)).path(0);
        assertThat(row.has("steps")).isFalse();
        assertThat(row.path("stepCount").asInt()).isEqualTo(2);
        JsonNode counts = Caller.JSON.valueToTree(
                Map.of("total", 3, "active", 1, "paused", 1, "completed", 0, "unsubscribed", 1));
        assertThat(row.path("enrollmentCounts").toString())
                .isEqualTo("{\"total\":3,\"active\":1,\"paused\":1,\"completed\":0,\"unsubscribed\":1}");
        assertThat(Caller.json(crm.get(ALL + "/" + id)).path("enrollmentCounts"))
                .isEqualTo(counts);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                            | name is required",
                "{\"name\":\" \"}                              | name is required",
                "{\"name\":1}                                  | name is required and must be a text",
                "[]                                            | must be a JSON object",
                "{\"name\":\"x\",\"status\":\"on\"}            | status must be draft, active, paused or archived",
                "{\"name\":\"x\",\"status\":null}              | status must be",
                "{\"name\":\"x\",\"description\":1}            | description must be a text",
                "{\"name\":\"x\",\"sendingAccountId\":\"no\"}  | sendingAccountId 'no' does not belong",
                "{\"name\":\"x\",\"sendingAccountId\":7}       | sendingAccountId must be an id",
                "{\"name\":\"x\",\"steps\":{}}                 | steps must be an array",
                "{\"name\":\"x\",\"steps\":[1]}                | steps must be an array of objects",
                "{\"name\":\"x\",\"steps\":[{\"body\":\"b\",\"delayDays\":0}]}      | subject is required",
                "{\"name\":\"x\",\"steps\":[{\"subject\":\"s\",\"delayDays\":0}]}   | body is required",
                "{\"name\":\"x\",\"steps\":[{\"subject\":\"s\",\"body\":\"b\"}]}    | delayDays is required",
                "{\"name\":\"x\",\"steps\":[{\"subject\":\"s\",\"body\":\"b\",\"delayDays\":-1}]}  | delayDays must be between",
                "{\"name\":\"x\",\"steps\":[{\"subject\":\"s\",\"body\":\"b\",\"delayDays\":0.5}]} | delayDays is required and must be a whole",
                "{\"name\":\"x\",\"steps\":[{\"subject\":\"s\",\"body\":\"b\",\"delayDays\":\"1\"}]} | delayDays is required and must be a whole",
            })
    void a_bad_sequence_is_refused_whole_with_a_sentence(String body, String sentence) throws IOException {
        var answer = crm.post(ALL, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
        assertThat(workspace.sequences()).isEmpty();
    }

    @Test
    void a_patch_changes_what_was_sent_alone() throws IOException {
        String account = workspace.addSendingAccount("Sales", "Sales", "sales@crm.example", false);
        String id = sequence(0);
        clock.advance(Duration.ofSeconds(1));
        var answer =
                crm.send("PATCH", ALL + "/" + id, "{\"status\":\"paused\",\"sendingAccountId\":\"" + account + "\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(workspace.sequence(id))
                .containsEntry("name", "Welcome")
                .containsEntry("status", "paused")
                .containsEntry("sendingAccountId", account)
                .containsEntry("updatedAt", "2026-05-01T12:00:01.000Z");
        crm.send("PATCH", ALL + "/" + id, "{\"sendingAccountId\":null}");
        assertThat(workspace.sequence(id))
                .containsEntry("sendingAccountId", null)
                .containsEntry("status", "paused");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":null}                | name is required",
                "{\"status\":\"deleted\"}       | status must be",
                "{\"sendingAccountId\":\"no\"}  | does not belong",
                "7                              | must be a JSON object",
            })
    void a_bad_patch_changes_nothing(String body, String sentence) throws IOException {
        String id = sequence(0);
        Map<String, Object> before = workspace.sequence(id);
        clock.advance(Duration.ofSeconds(1));
        var answer = crm.send("PATCH", ALL + "/" + id, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
        assertThat(workspace.sequence(id)).isEqualTo(before);
    }

    @Test
    void a_step_is_appended_or_inserted_and_later_ones_shift() throws IOException {
        String id = sequence(0, 1);
        var appended = crm.post(ALL + "/" + id + "/steps", STEP.formatted("last", ""));
        assertThat(appended.statusCode()).isEqualTo(201);
        assertThat(Caller.json(appended).path("position").asInt()).isEqualTo(2);
        var inserted = crm.post(ALL + "/" + id + "/steps", STEP.formatted("first", ",\"position\":0"));
        assertThat(Caller.json(inserted).path("position").asInt()).isZero();
        crm.post(ALL + "/" + id + "/steps", STEP.formatted("end", ",\"position\":4"));
        assertThat(subjects(id)).containsExactly("first", "Step 0", "Step 1", "last", "end");
    }

    @Test
    void a_step_is_edited_and_moved() throws IOException {
        String id = sequence(0, 1, 2);
        String first = step(id, 0);
        var answer = crm.send(
                "PATCH", ALL + "/" + id + "/steps/" + first, "{\"position\":2,\"subject\":\"moved\",\"delayDays\":9}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Caller.json(answer).path("position").asInt()).isEqualTo(2);
        assertThat(Caller.json(answer).path("body").asText()).isEqualTo("Hello");
        assertThat(subjects(id)).containsExactly("Step 1", "Step 2", "moved");
        crm.send("PATCH", ALL + "/" + id + "/steps/" + first, "{\"position\":1}");
        assertThat(subjects(id)).containsExactly("Step 1", "moved", "Step 2");
    }

    @Test
    void a_deleted_step_leaves_no_hole() throws IOException {
        String id = sequence(0, 1, 2);
        assertThat(crm.send("DELETE", ALL + "/" + id + "/steps/" + step(id, 1), null)
                        .statusCode())
                .isEqualTo(200);
        assertThat(subjects(id)).containsExactly("Step 0", "Step 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST  |        | {\"subject\":\"s\",\"body\":\"b\",\"delayDays\":1,\"position\":3}  | position must be between 0 and 2",
                "POST  |        | {\"subject\":\"s\",\"body\":\"b\",\"delayDays\":1,\"position\":-1} | position must be between",
                "POST  |        | {\"subject\":\"s\",\"body\":\"b\",\"delayDays\":1,\"position\":\"0\"} | position is required and must be a whole",
                "POST  |        | {\"body\":\"b\",\"delayDays\":1}                                   | subject is required",
                "PATCH | /STEP  | {\"position\":2}                                                   | position must be between 0 and 1",
                "PATCH | /STEP  | {\"subject\":\"\"}                                                 | subject is required",
                "PATCH | /STEP  | {\"delayDays\":null}                                               | delayDays is required",
                "PATCH | /STEP  | []                                                                 | must be a JSON object",
            })
    void a_bad_step_is_refused_and_changes_nothing(String method, String path, String body, String sentence)
            throws IOException {
        String id = sequence(0, 1);
        String step = path == null ? "" : path.replace("STEP", step(id, 0));
        var answer = crm.send(method, ALL + "/" + id + "/steps" + step, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
        assertThat(subjects(id)).containsExactly("Step 0", "Step 1");
    }

    @Test
    void what_is_not_there_is_not_found() throws IOException {
        String id = sequence(0);
        String elsewhere = sequence(0);
        String foreignStep = step(elsewhere, 0);
        for (HttpResponse<String> answer : List.of(
                crm.get(ALL + "/nope"),
                crm.send("PATCH", ALL + "/nope", "{}"),
                crm.post(ALL + "/nope/steps", STEP.formatted("s", "")),
                crm.send("PATCH", ALL + "/" + id + "/steps/" + foreignStep, "{}"),
                crm.send("DELETE", ALL + "/" + id + "/steps/" + foreignStep, null))) {
            assertThat(answer.statusCode()).as(answer.uri().toString()).isEqualTo(404);
            assertThat(Caller.error(answer)).startsWith("There is no ");
        }
        assertThat(subjects(elsewhere)).hasSize(1);
    }

    @Test
    void verbs_that_the_document_does_not_have_are_refused() throws IOException {
        String one = ALL + "/" + sequence(0);
        assertThat(crm.send("PUT", one, "{}").statusCode()).isEqualTo(405);
        assertThat(crm.send("DELETE", one, null).statusCode()).isEqualTo(405);
        assertThat(crm.get(one + "/steps").statusCode()).isEqualTo(405);
        assertThat(crm.get(one + "/enroll").statusCode()).isEqualTo(405);
        assertThat(crm.post(one + "/resume", "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void another_workspace_sees_no_sequence_of_this_one() throws IOException {
        String id = sequence(0);
        String account = workspace.addSendingAccount("Sales", "Sales", "sales@crm.example", false);
        Workspace other = sandbox.addWorkspace("ws_other", "Other", "icrm_11111111111111111111111111111111");
        Caller stranger = new Caller(sandbox.baseUrl(), other.apiKey());
        assertThat(Caller.json(stranger.get(ALL))).isEmpty();
        assertThat(stranger.get(ALL + "/" + id).statusCode()).isEqualTo(404);
        assertThat(stranger.post(ALL, "{\"name\":\"x\",\"sendingAccountId\":\"" + account + "\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void sending_accounts_are_listed_without_credentials() throws IOException {
        assertThat(crm.get("/api/agent/sending-accounts").body()).isEqualTo("[]");
        String account = workspace.addSendingAccount("Sales", "Sales team", "sales@crm.example", true);
        assertThat(Caller.json(crm.get("/api/agent/sending-accounts")).path(0).toString())
                .isEqualTo(("{\"id\":\"%s\",\"name\":\"Sales\",\"fromName\":\"Sales team\",\"fromEmail\":"
                                + "\"sales@crm.example\",\"smtpHost\":\"smtp.sandbox.example\",\"syncEnabled\":true}")
                        .formatted(account));
    }

    @Test
    void a_removed_account_leaves_its_sequences_to_the_platform() {
        String account = workspace.addSendingAccount("Sales", "Sales", "sales@crm.example", false);
        String id = workspace.createSequence(Map.of("name", "x", "sendingAccountId", account));
        workspace.removeSendingAccount(account);
        assertThat(workspace.sequence(id)).containsEntry("sendingAccountId", null);
    }

    @Test
    void a_megabyte_emoji_and_right_to_left_text_pass_unharmed() throws IOException {
        String text = "🎉 שלום عليكم " + "é".repeat(1_000_000);
        Map<String, Object> step = Map.of("subject", "🎉 שלום", "body", text, "delayDays", 0);
        String body = Caller.JSON.writeValueAsString(Map.of("name", "🎉", "description", text, "steps", List.of(step)));
        JsonNode created = Caller.json(crm.post(ALL, body));
        JsonNode read = Caller.json(crm.get(ALL + "/" + created.path("id").asText()));
        assertThat(read.path("description").asText()).isEqualTo(text);
        assertThat(read.path("steps").path(0).path("body").asText()).isEqualTo(text);
        assertThat(read.path("steps").path(0).path("subject").asText()).isEqualTo("🎉 שלום");
    }

    private String step(String sequenceId, int position) {
        return (String) steps(sequenceId).get(position).get("id");
    }

    private List<String> subjects(String sequenceId) {
        List<Map<String, Object>> steps = steps(sequenceId);
        for (int i = 0; i < steps.size(); i++) {
            assertThat(steps.get(i)).containsEntry("position", i);
        }
        return steps.stream().map(step -> (String) step.get("subject")).toList();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> steps(String sequenceId) {
        return (List<Map<String, Object>>) workspace.sequence(sequenceId).get("steps");
    }
}
