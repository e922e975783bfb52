package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.util.MailConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mail server as any mail program meets it. */
@Timeout(60)
class MailboxTest extends SandboxTest {
    private static final String ATTACHED = "name\r\nGrüße\r\n";

    private Session session(boolean partial) {
        Properties properties = new Properties();
        properties.put("mail.smtp.timeout", "300");
        properties.put("mail.smtp.sendpartial", Boolean.toString(partial));
        return Session.getInstance(properties);
    }

    private void send(String subject, String... to) throws MessagingException {
        send(null, null, false, subject, to);
    }

    private void send(String user, String password, boolean partial, String subject, String... to)
            throws MessagingException {
        MimeMessage mail = new MimeMessage(session(partial));
        mail.setFrom(new InternetAddress("crm@example.com"));
        for (String one : to) {
            mail.addRecipient(MimeMessage.RecipientType.TO, new InternetAddress(one));
        }
        mail.setSubject(subject, "UTF-8");
        MimeMultipart texts = new MimeMultipart("alternative");
        texts.addBodyPart(part("Hello", "plain"));
        texts.addBodyPart(part("<p>Hello</p>", "html"));
        MimeBodyPart both = new MimeBodyPart();
        both.setContent(texts);
        MimeBodyPart csv = part(ATTACHED, "csv");
        csv.setFileName("deals.csv");
        MimeMultipart all = new MimeMultipart();
        all.addBodyPart(both);
        all.addBodyPart(csv);
        mail.setContent(all);
        mail.saveChanges();
        try (Transport transport = mail.getSession().getTransport("smtp")) {
            transport.connect("127.0.0.1", sandbox.mailbox().port(), user, password);
            transport.sendMessage(mail, mail.getAllRecipients());
        }
    }

    private static MimeBodyPart part(String text, String type) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, "UTF-8", type);
        return part;
    }

    @Test
    void a_mail_is_kept_once_with_its_texts_and_attachments() throws Exception {
        send("Grüße 🎉", "Jane <jane@example.com>", "joe@example.com");

        assertThat(sandbox.mailbox().count()).isEqualTo(1);
        Mail mail = sandbox.mailbox().mails().get(0);
        assertThat(mail.subject()).isEqualTo("Grüße 🎉");
        assertThat(mail.from()).isEqualTo("crm@example.com");
        assertThat(mail.to()).containsExactly("Jane <jane@example.com>", "joe@example.com");
        assertThat(mail.recipients()).containsExactly("jane@example.com", "joe@example.com");
        assertThat(mail.text()).isEqualTo("Hello");
        assertThat(mail.html()).isEqualTo("<p>Hello</p>");
        assertThat(mail.attachments()).hasSize(1).first().satisfies(attachment -> {
            assertThat(attachment.name()).isEqualTo("deals.csv");
            assertThat(new String(attachment.content(), "UTF-8")).isEqualTo(ATTACHED);
        });
        assertThat(mail.at()).isEqualTo(clock.instant());
    }

    @Test
    void so_many_mails_are_refused_with_the_reply_that_was_asked_for() throws Exception {
        sandbox.mailbox().refuse(451, 2);

        for (int i = 0; i < 2; i++) {
            SMTPSendFailedException refused =
                    catchThrowableOfType(SMTPSendFailedException.class, () -> send("x", "a@example.com"));
            assertThat(refused.getReturnCode()).isEqualTo(451);
        }
        send("x", "a@example.com");

        assertThat(sandbox.mailbox().count()).isEqualTo(1);
    }

    @Test
    void one_recipient_is_refused_and_the_others_get_the_mail() {
        sandbox.mailbox().refuseRecipient("b@example.com", 550, 1);

        SendFailedException refused = catchThrowableOfType(
                SendFailedException.class, () -> send(null, null, true, "x", "a@example.com", "b@example.com"));

        assertThat(refused.getInvalidAddresses()).extracting(Object::toString).containsExactly("b@example.com");
        assertThat(sandbox.mailbox().mails().get(0).recipients()).containsExactly("a@example.com");
    }

    @Test
    void it_stops_answering_and_answers_again() throws Exception {
        sandbox.mailbox().stopAnswering();
        assertThatThrownBy(() -> send("x", "a@example.com"))
                .isInstanceOf(MessagingException.class)
                .hasRootCauseInstanceOf(java.net.SocketTimeoutException.class);

        sandbox.mailbox().clearFaults();
        send("y", "a@example.com");

        assertThat(sandbox.mailbox().mails()).extracting(Mail::subject).contains("y");
    }

    @Test
    void it_is_down_and_comes_back_on_the_same_port_with_its_mails() throws Exception {
        send("before", "a@example.com");
        int port = sandbox.mailbox().port();
        sandbox.mailbox().stop();
        assertThatThrownBy(() -> send("down", "a@example.com")).isInstanceOf(MailConnectException.class);

        sandbox.mailbox().restart();
        send("after", "a@example.com");

        assertThat(sandbox.mailbox().port()).isEqualTo(port);
        assertThat(sandbox.mailbox().mails()).extracting(Mail::subject).containsExactly("before", "after");
    }

    @Test
    void a_login_that_is_not_the_one_asked_for_is_refused() throws Exception {
        sandbox.mailbox().requireLogin("crm", "right");

        assertThatThrownBy(() -> send("crm", "wrong", false, "x", "a@example.com"))
                .isInstanceOf(AuthenticationFailedException.class);
        send("crm", "right", false, "x", "a@example.com");

        assertThat(sandbox.mailbox().count()).isEqualTo(1);
    }

    @Test
    void a_port_that_is_taken_is_told() {
        SandboxOptions taken =
                SandboxOptions.defaults().withMailPort(sandbox.mailbox().port());

        assertThatThrownBy(() -> Sandbox.start(taken))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("mail server")
                .hasMessageContaining("Choose another port");
    }

    @Test
    void mails_are_listed_newest_first_and_attachments_are_downloads() throws Exception {
        send("first", "a@example.com");
        send("<script>alert(1)</script>", "a@example.com");

        JsonNode answer = Caller.json(crm.get("/control/mails?limit=1"));

        assertThat(answer.get("count").asInt()).isEqualTo(2);
        assertThat(answer.get("address").asText())
                .endsWith(":" + sandbox.mailbox().port());
        assertThat(answer.get("mails").findValuesAsText("subject")).containsExactly("<script>alert(1)</script>");
        JsonNode attachment = answer.get("mails").get(0).get("attachments").get(0);
        assertThat(attachment.get("name").asText()).isEqualTo("deals.csv");
        var download = crm.get(attachment.get("path").asText());
        assertThat(download.body()).isEqualTo(ATTACHED);
        assertThat(download.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename*=UTF-8''deals.csv");
        assertThat(download.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(crm.send("DELETE", "/control/mails", null).statusCode()).isEqualTo(204);
        assertThat(sandbox.mailbox().mails()).isEmpty();
    }

    @Test
    void faults_are_armed_and_cleared_by_http() throws Exception {
        crm.post("/control/mail-faults", "{\"reply\":554,\"times\":1}");
        assertThat(catchThrowableOfType(SMTPSendFailedException.class, () -> send("x", "a@example.com"))
                        .getReturnCode())
                .isEqualTo(554);
        crm.post("/control/mail-faults", "{\"reply\":450,\"recipient\":\"a@example.com\",\"times\":9}");
        assertThatThrownBy(() -> send("x", "a@example.com")).isInstanceOf(SendFailedException.class);
        crm.post("/control/mail-faults", "{\"silent\":true}");
        assertThatThrownBy(() -> send("x", "a@example.com"))
                .hasRootCauseInstanceOf(java.net.SocketTimeoutException.class);
        assertThat(crm.send("DELETE", "/control/mail-faults", null).statusCode())
                .isEqualTo(204);
        send("x", "a@example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /control/mail-faults | {\"reply\":200} | 400 | reply must be between 400 and 599",
                "POST | /control/mail-faults | {\"times\":0} | 400 | times must be at least 1",
                "POST | /control/mail-faults | {\"reply\":\"451\"} | 400 | reply must be a whole number",
                "POST | /control/mail-faults | {\"status\":451} | 400 | no option status",
                "GET | /control/mails?limit=x |  | 400 | limit must be a number",
                "GET | /control/mails/7/attachments/0 |  | 404 | no mail '7'",
            })
    void a_wrong_command_is_refused_with_a_sentence(
            String method, String path, String body, int status, String sentence) throws IOException {
        var answer = crm.send(method, path, body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(Caller.error(answer)).contains(sentence);
    }
}
