package io.crmbridge.sandbox;

import com.icegreen.greenmail.mail.MailAddress;
import com.icegreen.greenmail.mail.MovingMessage;
import jakarta.mail.Address;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One mail as it arrived, decoded for reading.
 *
 * @param from the field From
 * @param to the fields To and Cc
 * @param recipients who it was for, by the envelope; sorted
 * @param text the first plain text, empty for none
 * @param html the first HTML, empty for none
 * @param raw the mail with its header, as it came
 */
public record Mail(
        String id,
        Instant at,
        String messageId,
        String from,
        List<String> to,
        List<String> recipients,
        String subject,
        String text,
        String html,
        List<Attachment> attachments,
        byte[] raw) {

    /** @param content not copied, so do not change it */
    public record Attachment(String name, String type, byte[] content) {}

    static Mail of(String id, Instant at, MovingMessage message) {
        try {
            MimeMessage mail = message.getMessage();
            Parts parts = new Parts();
            parts.add(mail);
            ByteArrayOutputStream raw = new ByteArrayOutputStream();
            mail.writeTo(raw);
            return new Mail(
                    id,
                    at,
                    mail.getMessageID() == null ? "" : mail.getMessageID(),
                    shown(mail.getFrom()).findFirst().orElse(""),
                    Stream.concat(
                                    shown(mail.getRecipients(MimeMessage.RecipientType.TO)),
                                    shown(mail.getRecipients(MimeMessage.RecipientType.CC)))
                            .toList(),
                    message.getToAddresses().stream()
                            .map(MailAddress::getEmail)
                            .sorted()
                            .toList(),
                    mail.getSubject() == null ? "" : mail.getSubject(),
                    parts.text,
                    parts.html,
                    List.copyOf(parts.attachments),
                    raw.toByteArray());
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("The sandbox cannot read a mail that it got.", e);
        }
    }

    private static Stream<String> shown(Address[] addresses) {
        return addresses == null
                ? Stream.empty()
                : Arrays.stream(addresses)
                        .map(address -> address instanceof InternetAddress one ? one.toUnicodeString() : "" + address);
    }

    private static final class Parts {
        private String text = "";
        private String html = "";
        private final List<Attachment> attachments = new ArrayList<>();

        void add(Part part) throws MessagingException, IOException {
            if (part.isMimeType("multipart/*")) {
                Multipart parts = (Multipart) part.getContent();
                for (int i = 0; i < parts.getCount(); i++) {
                    BodyPart inner = parts.getBodyPart(i);
                    add(inner);
                }
            } else if (part.getFileName() == null && part.isMimeType("text/html") && html.isEmpty()) {
                html = part.getContent().toString();
            } else if (part.getFileName() == null && part.isMimeType("text/plain") && text.isEmpty()) {
                text = part.getContent().toString();
            } else {
                String name = part.getFileName() == null ? "unnamed" : MimeUtility.decodeText(part.getFileName());
                attachments.add(new Attachment(
                        name, part.getContentType(), part.getInputStream().readAllBytes()));
            }
        }
    }
}
