package io.crmbridge.component.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.MailHtml;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** What could go wrong with mails. */
class MailEntryTest {
    private static MailEntry mail(String text) throws Exception {
        return new MailEntry(new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8))));
    }

    private static ObjectNode read(MailEntry mail) throws Exception {
        return mail.read(Instant.EPOCH).orElseThrow();
    }

    @Test
    void a_header_that_is_utf8_without_saying_so_is_read_as_such() throws Exception {
        ObjectNode entry = read(mail("From: Jürgen Groß <jg@example.com>\nSubject: Grüße\nMessage-ID: <1@x>\n\nHi\n"));

        assertThat(entry.path("subject").asText()).isEqualTo("Grüße");
        assertThat(entry.path("name").asText()).isEqualTo("Jürgen Groß");
    }

    @Test
    void two_people_whose_program_makes_one_message_id_are_two_leads() throws Exception {
        assertThat(mail("From: ann@example.com\nDate: Thu, 26 Nov 2026 10:00:00 +0000\nMessage-ID: <form@site>\n\nHi\n")
                        .key())
                .isNotEqualTo(
                        mail("From: ben@example.com\nDate: Thu, 26 Nov 2026 11:00:00 +0000\nMessage-ID: <form@site>\n\nHi\n")
                                .key());
    }

    @Test
    void a_message_id_without_end_is_cut() throws Exception {
        assertThat(read(mail("From: ann@example.com\nMessage-ID: <" + "a".repeat(500_000) + "@x>\n\nHi\n"))
                        .path("messageId")
                        .asText())
                .hasSizeLessThan(2_000);
    }

    @Test
    void html_that_is_made_to_be_slow_is_read_in_time() {
        String display = "<div style='" + "display ".repeat(100_000) + "'>x</div>";
        String classes = "<p class='" + "mail-".repeat(150_000) + "'>x</p>";
        String lines = "<p ".repeat(200_000);
        String cells = "<td>".repeat(100_000);

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (String html : new String[] {display, classes, lines, cells, "<a ".repeat(200_000) + ">"}) {
                MailHtml.ownText(html);
                MailHtml.isHtml(html);
                MailHtml.isHtml("x" + html);
            }
        });
    }
}
