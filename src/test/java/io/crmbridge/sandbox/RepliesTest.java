package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepliesTest extends SandboxTest {
    private String sequence;
    private String replies;
    private String ann;
    private String bob;

    @BeforeEach
    void sequence() {
        String[] contacts = contacts("Ann", "Bob");
        ann = contacts[0];
        bob = contacts[1];
        sequence = sequence(0);
        replies = "/api/agent/sequences/" + sequence + "/replies";
    }

    @Test
    void a_reply_of_a_member_is_shown_with_its_enrolment_and_one_of_another_contact_is_not() throws IOException {
        workspace.enroll(sequence, ann);
        String id = workspace.reply(ann, "Re: Hi", "שלום 🎉", null);
        workspace.reply(bob, "Re: Hi", "no", null);
        JsonNode list = Caller.json(crm.get(replies));
        assertThat(list).hasSize(1);
        assertThat(list.path(0).toString())
                .isEqualTo(("{\"id\":\"%s\",\"contactId\":\"%s\",\"enrollmentId\":\"%s\",\"subject\":\"Re: Hi\","
                                + "\"fromAddress\":\"ann@example.com\",\"body\":\"שלום 🎉\",\"emailDate\":"
                                + "\"2026-05-01T12:00:00.000Z\"}")
                        .formatted(id, ann, workspace.enrollment(sequence, ann).get("id")));
    }

    @Test
    void replies_of_who_left_vanish_from_the_sequence_and_stay_with_the_contact() throws IOException {
        workspace.enroll(sequence, ann);
        workspace.reply(ann, "Re: Hi", "b", null);
        workspace.unenroll(sequence, ann);
        assertThat(Caller.json(crm.get(replies))).isEmpty();
        assertThat(Caller.column(crm.get("/api/agent/contacts/" + ann + "/replies"), "subject"))
                .containsExactly("Re: Hi");
        workspace.enroll(sequence, ann);
        workspace.unsubscribe(sequence, ann);
        assertThat(Caller.json(crm.get(replies))).as("still on the sequence").hasSize(1);
    }

    @Test
    void replies_of_a_sequence_are_500_at_most_newest_first_and_since_includes_its_stamp() throws IOException {
        workspace.enroll(sequence, ann);
        for (int i = 1; i <= 501; i++) {
            clock.advance(Duration.ofSeconds(1));
            workspace.reply(ann, "" + i, "b", null);
        }
        assertThat(Caller.column(crm.get(replies), "subject"))
                .hasSize(500)
                .startsWith("501", "500")
                .endsWith("2");
        String newest = clock.instant().toString();
        assertThat(Caller.column(crm.get(replies + "?since=" + newest), "subject"))
                .containsExactly("501");
        assertThat(Caller.column(crm.get("/api/agent/contacts/" + ann + "/replies"), "subject"))
                .hasSize(100)
                .startsWith("501");
        assertThat(crm.get(replies + "?since=x").statusCode()).isEqualTo(400);
    }

    @Test
    void a_reply_may_be_dated() {
        workspace.reply(ann, "now", "b", null);
        workspace.reply(ann, "before", "b", clock.instant().minusSeconds(60));
        assertThat(workspace.replies(ann))
                .extracting(reply -> reply.get("subject"))
                .containsExactly("now", "before");
        assertThat(workspace.replies(ann).get(1)).containsEntry("emailDate", "2026-05-01T11:59:00.000Z");
    }

    @Test
    void an_unknown_contact_has_no_replies_and_cannot_reply() throws IOException {
        assertThat(crm.get("/api/agent/contacts/nope/replies").statusCode()).isEqualTo(404);
        assertThatThrownBy(() -> workspace.reply("nope", "s", "b", null)).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void a_mail_of_a_contact_to_an_account_that_is_read_becomes_a_reply() throws Exception {
        workspace.addSendingAccount("Sales", "Sales", "sales@crm.example", true);
        workspace.addSendingAccount("Other", "Other", "other@crm.example", false);
        workspace.enroll(sequence, ann);
        mail("Ann Doe <ANN@example.com>", "sales@crm.example", "Re: read");
        mail("ann@example.com", "other@crm.example", "Re: not read");
        mail("stranger@example.com", "sales@crm.example", "Re: by nobody");
        assertThat(workspace.replies(ann))
                .hasSize(1)
                .first()
                .satisfies(reply -> assertThat(reply)
                        .containsEntry("subject", "Re: read")
                        .containsEntry("fromAddress", "ann@example.com"));
        assertThat(Caller.column(crm.get(replies), "subject")).containsExactly("Re: read");
        assertThat(sandbox.mailbox().count()).isEqualTo(3);
    }

    private void mail(String from, String to, String subject) throws MessagingException {
        MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()));
        mail.setFrom(new InternetAddress(from));
        mail.setRecipient(Message.RecipientType.TO, new InternetAddress(to));
        mail.setSubject(subject);
        mail.setText("Yes please");
        mail.saveChanges();
        try (Transport transport = mail.getSession().getTransport("smtp")) {
            transport.connect("127.0.0.1", sandbox.mailbox().port(), null, null);
            transport.sendMessage(mail, mail.getAllRecipients());
        }
    }
}
