package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sequences send by real mail, on the sandbox's clock. */
@Timeout(60)
class SendingTest extends SandboxTest {

    @Test
    void steps_go_out_when_they_are_due_until_the_sequence_is_completed() throws IOException {
        String id = sequence(0, 3);
        String ann = contacts("Ann")[0];
        workspace.enroll(id, ann);

        assertThat(workspace.sendDue()).isEqualTo(1);
        assertThat(workspace.sendDue()).isZero();
        assertThat(workspace.enrollment(id, ann))
                .containsEntry("status", "active")
                .containsEntry("currentStep", 1)
                .containsEntry("nextSendAt", "2026-05-04T12:00:00.000Z");

        clock.advance(Duration.ofDays(3).minusMillis(1));
        assertThat(workspace.sendDue()).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(workspace.sendDue()).isEqualTo(1);

        assertThat(workspace.enrollment(id, ann))
                .containsEntry("status", "completed")
                .containsEntry("currentStep", 2)
                .containsEntry("completedAt", "2026-05-04T12:00:00.000Z")
                .containsEntry("nextSendAt", null);
        clock.advance(Duration.ofDays(9));
        assertThat(workspace.sendDue()).isZero();
        assertThat(sandbox.mailbox().mails()).extracting(Mail::subject).containsExactly("Step 0", "Step 1");
        assertThat(Caller.column(crm.get("/api/agent/sequences/" + id + "/sends"), "subject"))
                .containsExactly("Step 1", "Step 0");
    }

    @Test
    void a_send_shows_what_the_mail_was() throws IOException {
        String account = workspace.addSendingAccount("Sales", "Sales Tëam", "sales@crm.example", false);
        Map<String, Object> step = Map.of(
                "subject", "🎉 {{firstName}} {{ lastName }}",
                "body", "<p>Hello {{firstName}}, {{email}} {{unknown}}</p>",
                "delayDays", 0);
        String id = workspace.createSequence(Map.of("name", "x", "sendingAccountId", account, "steps", List.of(step)));
        String contact = workspace.create(
                "contacts",
                Map.of("firstName", "$1\\\r\nBcc: x@example.com", "lastName", "שלום", "email", "a@example.com"));
        workspace.enroll(id, contact);
        workspace.sendDue();

        JsonNode send =
                Caller.json(crm.get("/api/agent/sequences/" + id + "/sends")).path(0);
        String subject = "🎉 $1\\ Bcc: x@example.com שלום";
        assertThat(send.path("subject").asText()).isEqualTo(subject);
        assertThat(send.path("body").asText())
                .isEqualTo("<p>Hello $1\\\r\nBcc: x@example.com, a@example.com {{unknown}}</p>");
        assertThat(send.path("fromAddress").asText()).isEqualTo("sales@crm.example");
        assertThat(send.path("toAddresses").toString()).isEqualTo("[\"a@example.com\"]");
        assertThat(send.path("contactId").asText()).isEqualTo(contact);
        assertThat(send.path("emailDate").asText()).isEqualTo("2026-05-01T12:00:00.000Z");
        assertThat(send.path("sequenceStepId").asText())
                .isEqualTo(Caller.json(crm.get("/api/agent/sequences/" + id))
                        .at("/steps/0/id")
                        .asText());
        assertThat(send.path("sequenceEnrollmentId").asText())
                .isEqualTo(workspace.enrollment(id, contact).get("id"));
        Mail mail = sandbox.mailbox().mails().get(0);
        assertThat(mail.subject()).isEqualTo(subject);
        assertThat(mail.from()).isEqualTo("\"Sales Tëam\" <sales@crm.example>");
        assertThat(mail.recipients()).containsExactly("a@example.com");
        assertThat(mail.html()).isEqualTo(send.path("body").asText());
    }

    @Test
    void a_sequence_without_an_account_sends_from_the_platform() {
        String id = sequence(0);
        workspace.enroll(id, contacts("Ann"));
        workspace.sendDue();
        assertThat(workspace.sends(id).get(0)).containsEntry("fromAddress", "no-reply@platform.example");
        assertThat(sandbox.mailbox().mails().get(0).from()).contains("no-reply@platform.example");
    }

    @Test
    void a_failed_send_is_shown_and_tried_again() {
        String id = sequence(0);
        String ann = contacts("Ann")[0];
        workspace.enroll(id, ann);
        sandbox.mailbox().refuse(451, 2);
        assertThat(workspace.sendDue()).isZero();
        clock.advance(Enrollment.RETRY);
        assertThat(workspace.sendDue()).isZero();
        assertThat(workspace.enrollment(id, ann))
                .containsEntry("status", "active")
                .containsEntry("currentStep", 0)
                .containsEntry("consecutiveFailures", 2)
                .containsEntry("lastSendErrorAt", "2026-05-01T12:15:00.000Z")
                .containsEntry("nextSendAt", "2026-05-01T12:30:00.000Z")
                .hasEntrySatisfying(
                        "lastSendError", error -> assertThat(error.toString()).contains("451"));
        assertThat(workspace.sends(id)).isEmpty();
        clock.advance(Enrollment.RETRY);
        assertThat(workspace.sendDue()).isEqualTo(1);
        assertThat(workspace.enrollment(id, ann))
                .containsEntry("status", "completed")
                .containsEntry("consecutiveFailures", 0)
                .containsEntry("lastSendError", null);
    }

    @Test
    void a_contact_without_an_address_and_a_server_that_is_down_are_failures() {
        String id = sequence(0);
        String nobody = workspace.create("contacts", Map.of("firstName", "No", "lastName", "Mail"));
        String wrong =
                workspace.create("contacts", Map.of("firstName", "A", "lastName", "B", "email", "not an address"));
        String ann = contacts("Ann")[0];
        workspace.enroll(id, nobody, wrong, ann);
        sandbox.mailbox().stop();
        assertThat(workspace.sendDue()).isZero();
        assertThat(workspace.enrollments(id))
                .allSatisfy(member -> assertThat(member).containsEntry("consecutiveFailures", 1));
        assertThat(workspace.enrollment(id, nobody))
                .containsEntry("lastSendError", "The contact has no e-mail address.");
        sandbox.mailbox().restart();
        workspace.update("contacts", wrong, Map.of("email", "right@example.com"));
        clock.advance(Enrollment.RETRY);
        assertThat(workspace.sendDue()).isEqualTo(2);
    }

    @Test
    void only_active_members_of_active_sequences_are_sent_to() throws IOException {
        String id = sequence(0);
        String[] contacts = contacts("Ann", "Bob", "Cid");
        workspace.enroll(id, contacts);
        crm.post("/api/agent/sequences/" + id + "/pause", "{\"contactIds\":[\"" + contacts[0] + "\"]}");
        workspace.unsubscribe(id, contacts[1]);
        for (String status : List.of("draft", "paused", "archived")) {
            workspace.updateSequence(id, Map.of("status", status));
            assertThat(workspace.sendDue()).as(status).isZero();
        }
        workspace.updateSequence(id, Map.of("status", "active"));
        assertThat(workspace.sendDue()).isEqualTo(1);
        assertThat(sandbox.mailbox().mails().get(0).recipients()).containsExactly("cid@example.com");
        workspace.resume(id, contacts[0]);
        assertThat(workspace.sendDue()).isEqualTo(1);
    }

    @Test
    void sends_stay_visible_after_unenrolling_without_their_enrolment() throws IOException {
        String id = sequence(0, 1);
        String ann = contacts("Ann")[0];
        workspace.enroll(id, ann);
        workspace.sendDue();
        workspace.unenroll(id, ann);
        workspace.enroll(id, ann);
        JsonNode send =
                Caller.json(crm.get("/api/agent/sequences/" + id + "/sends")).path(0);
        assertThat(send.path("contactId").asText()).isEqualTo(ann);
        assertThat(send.path("sequenceEnrollmentId").isNull()).isTrue();
        assertThat(workspace.sendDue())
                .as("who is enrolled again is mailed again")
                .isEqualTo(1);
    }

    @Test
    void sends_are_500_at_most_and_since_includes_its_stamp() throws IOException {
        String id = sequence(0);
        for (int i = 0; i < 501; i++) {
            workspace.enroll(id, contacts("n" + i));
        }
        assertThat(workspace.sendDue()).isEqualTo(501);
        String sends = "/api/agent/sequences/" + id + "/sends";
        assertThat(Caller.column(crm.get(sends), "toAddresses")).hasSize(500);
        assertThat(Caller.json(crm.get(sends)).at("/0/toAddresses/0").asText()).isEqualTo("n500@example.com");
        assertThat(Caller.json(crm.get(sends + "?since=2026-05-01T12:00:00.000Z")))
                .hasSize(500);
        assertThat(Caller.json(crm.get(sends + "?since=2026-05-01T12:00:00.001Z")))
                .isEmpty();
    }

    @Test
    void who_waits_keeps_the_step_they_wait_for_when_steps_move() throws IOException {
        String id = sequence(0, 5);
        String ann = contacts("Ann")[0];
        workspace.enroll(id, ann);
        workspace.sendDue();
        String steps = "/api/agent/sequences/" + id + "/steps";
        crm.post(steps, "{\"subject\":\"new first\",\"body\":\"b\",\"delayDays\":0,\"position\":0}");
        assertThat(workspace.enrollment(id, ann)).containsEntry("currentStep", 2);
        assertThat(workspace.sendDue()).isZero();
        crm.post(steps, "{\"subject\":\"new next\",\"body\":\"b\",\"delayDays\":1,\"position\":2}");
        assertThat(workspace.enrollment(id, ann))
                .containsEntry("currentStep", 2)
                .containsEntry("nextSendAt", "2026-05-02T12:00:00.000Z");
        String next = Caller.json(crm.get("/api/agent/sequences/" + id))
                .at("/steps/2/id")
                .asText();
        crm.send("PATCH", steps + "/" + next, "{\"delayDays\":0}");
        assertThat(workspace.sendDue()).isEqualTo(1);
        String last = Caller.json(crm.get("/api/agent/sequences/" + id))
                .at("/steps/3/id")
                .asText();
        crm.send("DELETE", steps + "/" + last, null);
        assertThat(workspace.enrollment(id, ann)).containsEntry("status", "completed");
        assertThat(sandbox.mailbox().mails()).extracting(Mail::subject).containsExactly("Step 0", "new next");
    }

    @Test
    void a_step_added_to_an_empty_sequence_reaches_who_was_waiting() throws IOException {
        String id = sequence();
        workspace.enroll(id, contacts("Ann"));
        assertThat(workspace.sendDue()).isZero();
        crm.post("/api/agent/sequences/" + id + "/steps", "{\"subject\":\"s\",\"body\":\"b\",\"delayDays\":0}");
        assertThat(workspace.sendDue()).isEqualTo(1);
    }

    @Test
    void a_running_sandbox_sends_by_itself_on_a_daemon_thread() {
        SandboxOptions options = SandboxOptions.defaults().withClock(clock).withSendEach(Duration.ofMillis(20));
        try (Sandbox running = Sandbox.start(options)) {
            Workspace itself = running.workspace();
            String contact =
                    itself.create("contacts", Map.of("firstName", "A", "lastName", "B", "email", "a@b.example"));
            String id = itself.createSequence(
                    Map.of("name", "x", "steps", List.of(Map.of("subject", "s", "body", "b", "delayDays", 0))));
            itself.enroll(id, contact);
            Awaitility.await().until(() -> running.mailbox().count() == 1);
            Awaitility.await().until(() -> itself.sends(id).size() == 1);
            Set<Thread> threads = Thread.getAllStackTraces().keySet();
            assertThat(threads)
                    .filteredOn(thread -> thread.getName().equals("sandbox-sequences"))
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon);
        }
    }
}
