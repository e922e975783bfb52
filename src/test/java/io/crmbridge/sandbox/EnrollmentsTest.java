package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnrollmentsTest extends SandboxTest {
    private String sequence;
    private String path;
    private String ann;
    private String bob;
    private String cid;

    @BeforeEach
    void sequence() {
        String[] contacts = contacts("Ann", "Bob", "Cid");
        ann = contacts[0];
        bob = contacts[1];
        cid = contacts[2];
        sequence = sequence(1, 2);
        path = "/api/agent/sequences/" + sequence;
    }

    @Test
    void contacts_are_enrolled_and_each_field_is_shown() throws IOException {
        var answer = enroll(contactIds(ann, bob));
        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode body = Caller.json(answer);
        assertThat(body.path("skipped")).isEmpty();
        assertThat(body.path("enrolled")).isEqualTo(Caller.json(crm.get(path + "/enrollments")));
        String id = body.path("enrolled").path(0).path("id").asText();
        assertThat(body.path("enrolled").path(0).toString()).isEqualTo("""
            {"id":"%s","contactId":"%s",\
            "contact":{"id":"%s","firstName":"Ann","lastName":"Doe","email":"ann@example.com"},\
            "status":"active","currentStep":0,"startedAt":"2026-05-01T12:00:00.000Z",\
            "nextSendAt":"2026-05-02T12:00:00.000Z","completedAt":null,"pausedAt":null,"pauseReason":null,\
            "lastSendError":null,"lastSendErrorAt":null,"consecutiveFailures":0,\
            "updatedAt":"2026-05-01T12:00:00.000Z"}""".formatted(id, ann, ann));
    }

    @Test
    void members_and_unknown_contacts_are_skipped_with_a_reason() throws IOException {
        workspace.enroll(sequence, ann);
        workspace.unsubscribe(sequence, ann);
        JsonNode body = Caller.json(enroll(contactIds(ann, "nope", bob, bob)));
        assertThat(body.path("enrolled").findValuesAsText("contactId")).containsExactly(bob);
        assertThat(body.path("skipped").toString())
                .isEqualTo(("[{\"contactId\":\"%s\",\"reason\":\"already_enrolled\"},"
                                + "{\"contactId\":\"nope\",\"reason\":\"not_found\"}]")
                        .formatted(ann));
        assertThat(workspace.enrollment(sequence, ann)).containsEntry("status", "unsubscribed");
    }

    @Test
    void who_was_unenrolled_can_be_enrolled_again_as_somebody_new() throws IOException {
        workspace.enroll(sequence, ann);
        Object before = workspace.enrollment(sequence, ann).get("id");
        var gone = crm.send("DELETE", path + "/contacts/" + ann, null);
        assertThat(gone.statusCode()).isEqualTo(200);
        assertThat(Caller.json(gone).path("unenrolled").asBoolean()).isTrue();
        assertThat(workspace.enrollments(sequence)).isEmpty();
        assertThat(crm.send("DELETE", path + "/contacts/" + ann, null).statusCode())
                .isEqualTo(404);
        assertThat(Caller.json(enroll(contactIds(ann))).path("enrolled")).hasSize(1);
        assertThat(workspace.enrollment(sequence, ann).get("id")).isNotEqualTo(before);
    }

    @Test
    void tags_and_lists_need_the_audience_module_and_contacts_do_not() throws IOException {
        String tag = workspace.addTag("VIP", ann, bob);
        String list = workspace.addList("All", bob, cid);
        String both = "{\"tagIds\":[\"%s\"],\"listIds\":[\"%s\"],\"contactIds\":[\"%s\"]}".formatted(tag, list, cid);
        for (String body : List.of(both, "{\"tagIds\":[\"" + tag + "\"]}", "{\"listIds\":[\"" + list + "\"]}")) {
            var refused = enroll(body);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Caller.error(refused)).contains("needs the Audience module");
        }
        assertThat(workspace.enrollments(sequence)).isEmpty();
        assertThat(enroll("{\"contactIds\":[\"" + ann + "\"],\"tagIds\":[]}").statusCode())
                .isEqualTo(201);
        workspace.audienceModule(true);
        JsonNode body = Caller.json(enroll(both));
        assertThat(body.path("enrolled").findValuesAsText("contactId")).containsExactly(cid, bob);
        assertThat(body.path("skipped").findValuesAsText("contactId")).containsExactly(ann);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                    | At least one of contactIds, tagIds and listIds",
                "{\"contactIds\":[]}                                   | At least one of",
                "{\"contactIds\":[],\"tagIds\":[],\"listIds\":[]}      | At least one of",
                "{\"contactIds\":\"x\"}                                | contactIds must be an array",
                "{\"contactIds\":null}                                 | contactIds must be an array",
                "{\"contactIds\":[1]}                                  | contactIds must be an array of ids",
                "{\"contactIds\":[null]}                               | contactIds must be an array of ids",
                "{\"tagIds\":[\"nope\"]}                               | tagIds 'nope' does not belong",
                "{\"listIds\":[\"nope\"]}                              | listIds 'nope' does not belong",
                "[]                                                    | must be a JSON object",
                "''                                                    | body is empty",
            })
    void a_bad_enrolment_is_refused_with_a_sentence(String body, String sentence) throws IOException {
        workspace.audienceModule(true);
        var answer = enroll(body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
        assertThat(workspace.enrollments(sequence)).isEmpty();
    }

    @Test
    void since_leaves_out_the_enrolment_with_exactly_that_stamp() throws IOException {
        workspace.enroll(sequence, ann);
        clock.advance(Duration.ofSeconds(1));
        workspace.enroll(sequence, bob);
        assertThat(Caller.column(crm.get(path + "/enrollments?since=2026-05-01T12:00:00.000Z"), "contactId"))
                .containsExactly(bob);
        assertThat(Caller.column(crm.get(path + "/enrollments?since=2026-05-01T11:59:59.999Z"), "contactId"))
                .containsExactly(ann, bob);
        assertThat(crm.get(path + "/enrollments?since=yesterday").statusCode()).isEqualTo(400);
    }

    @Test
    void the_list_of_enrolments_has_no_cap() throws IOException {
        for (int i = 0; i < 601; i++) {
            workspace.enroll(sequence, contacts("N" + i));
        }
        assertThat(Caller.json(crm.get(path + "/enrollments"))).hasSize(601);
    }

    @Test
    void some_or_all_who_are_active_are_paused() throws IOException {
        workspace.enroll(sequence, ann, bob, cid);
        workspace.unsubscribe(sequence, cid);
        clock.advance(Duration.ofSeconds(1));
        JsonNode some = Caller.json(crm.post(path + "/pause", contactIds(ann, cid)));
        assertThat(some.toString()).isEqualTo("{\"paused\":1,\"contactIds\":[\"" + ann + "\"]}");
        assertThat(workspace.enrollment(sequence, ann))
                .containsEntry("status", "paused")
                .containsEntry("pausedAt", "2026-05-01T12:00:01.000Z")
                .containsEntry("pauseReason", "manual")
                .containsEntry("nextSendAt", null)
                .containsEntry("updatedAt", "2026-05-01T12:00:01.000Z");
        assertThat(workspace.enrollment(sequence, bob)).containsEntry("status", "active");
        JsonNode all = Caller.json(crm.post(path + "/pause", null));
        assertThat(all.path("contactIds").toString()).isEqualTo("[\"" + bob + "\"]");
        assertThat(Caller.json(crm.post(path + "/pause", "{}")).path("paused").asInt())
                .isZero();
        workspace.resume(sequence, ann);
        assertThat(workspace.enrollment(sequence, ann))
                .containsEntry("status", "active")
                .containsEntry("pausedAt", null)
                .containsEntry("nextSendAt", "2026-05-02T12:00:00.000Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"contactIds\":[]}          | contactIds is empty",
                "{\"contactIds\":[\"nope\"]}  | contactIds 'nope' does not belong",
                "{\"contactIds\":\"x\"}       | contactIds must be an array",
                "7                            | must be a JSON object",
            })
    void a_bad_pause_pauses_nobody(String body, String sentence) throws IOException {
        workspace.enroll(sequence, ann);
        var answer = crm.post(path + "/pause", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Caller.error(answer)).contains(sentence);
        assertThat(workspace.enrollment(sequence, ann)).containsEntry("status", "active");
    }

    @Test
    void an_unknown_sequence_or_contact_is_not_found() throws IOException {
        String none = "/api/agent/sequences/nope";
        assertThat(crm.post(none + "/enroll", contactIds(ann)).statusCode()).isEqualTo(404);
        assertThat(crm.post(none + "/pause", "{}").statusCode()).isEqualTo(404);
        for (String list : List.of("/enrollments", "/sends", "/replies")) {
            assertThat(crm.get(none + list).statusCode()).as(list).isEqualTo(404);
        }
        assertThat(crm.send("DELETE", none + "/contacts/" + ann, null).statusCode())
                .isEqualTo(404);
        assertThat(crm.send("DELETE", path + "/contacts/nope", null).statusCode())
                .isEqualTo(404);
        assertThatThrownBy(() -> workspace.unsubscribe(sequence, ann)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void a_contact_that_is_deleted_leaves_its_sequences_tags_and_bookings() throws IOException {
        workspace.audienceModule(true);
        String tag = workspace.addTag("VIP", ann);
        workspace.enroll(sequence, ann);
        crm.post("/api/agent/bookings", "{\"title\":\"Call\",\"contactId\":\"" + ann + "\"}");
        workspace.remove("contacts", ann);
        assertThat(workspace.enrollments(sequence)).isEmpty();
        assertThat(workspace.bookings().get(0)).containsEntry("contactId", null);
        assertThat(Caller.json(enroll("{\"tagIds\":[\"" + tag + "\"]}")).path("enrolled"))
                .isEmpty();
        assertThat(crm.get("/api/agent/contacts/" + ann + "/replies").statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> enroll(String body) throws IOException {
        return crm.post(path + "/enroll", body);
    }

    private static String contactIds(String... ids) {
        return "{\"contactIds\":[\"" + String.join("\",\"", ids) + "\"]}";
    }
}
