package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.component.mail.DefaultJavaMailSender;

/** Takes mails as they are made, in the place of a mail server. */
final class RecordedMails extends DefaultJavaMailSender {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of("text/*", "application/json", "application/x-ndjson");

    private final Recorder recorder;
    private final String name;

    RecordedMails(Recorder recorder, String name) {
        this.recorder = recorder;
        this.name = name;
    }

    @Override
    public void send(MimeMessage mail) throws MessagingException {
        mail.saveChanges();
        Exchange exchange = recorder.underway().orElseThrow();
        Optional<String> key = Optional.ofNullable(mail.getMessageID()).map(id -> id.replaceAll("^<|@.*$", ""));
        Answer answer = recorder.take(Target.sent(exchange, name, Sent.Kind.MAIL, "", body(mail), Map.of(), key));
        if (answer.isFailure()) {
            throw new FailedMail(Target.failure(answer, name));
        }
    }

    /** MailOut tells what a mail server's failure means; here it is told already. */
    static final class FailedMail extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FailedMail(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    private static ObjectNode body(MimeMessage mail) throws MessagingException {
        ObjectNode body = JSON.createObjectNode();
        addresses(body, "from", mail.getFrom());
        addresses(body, "to", mail.getRecipients(RecipientType.TO));
        addresses(body, "cc", mail.getRecipients(RecipientType.CC));
        addresses(body, "bcc", mail.getRecipients(RecipientType.BCC));
        if (mail.getSubject() != null) {
            body.put("subject", mail.getSubject());
        }
        try {
            part(body, mail);
        } catch (IOException e) {
            throw new MessagingException("a mail that was just made cannot be read", e);
        }
        return body;
    }

    private static void addresses(ObjectNode body, String name, Address[] addresses) {
        if (addresses == null || addresses.length == 0) {
            return;
        }
        if (addresses.length == 1) {
            body.put(name, ((InternetAddress) addresses[0]).toUnicodeString());
            return;
        }
        ArrayNode all = body.putArray(name);
        for (Address address : addresses) {
            all.add(((InternetAddress) address).toUnicodeString());
        }
    }

    private static boolean isOf(Part part, String type) {
        try {
            return part.isMimeType(type);
        } catch (MessagingException e) {
            return false;
        }
    }

    private static void part(ObjectNode body, Part part) throws MessagingException, IOException {
        Object content = part.getContent();
        if (content instanceof Multipart several) {
            for (int i = 0; i < several.getCount(); i++) {
                part(body, several.getBodyPart(i));
            }
        } else if (part.getFileName() != null) {
            ObjectNode attachment = body.withArray("attachments").addObject();
            attachment.put("name", part.getFileName());
            byte[] bytes = part.getInputStream().readAllBytes();
            if (TEXTS.stream().anyMatch(type -> isOf(part, type))) {
                attachment.put("text", new String(bytes, StandardCharsets.UTF_8));
            } else {
                attachment.put("bytes", bytes.length);
            }
        } else {
            body.put(part.isMimeType("text/html") ? "html" : "text", String.valueOf(content));
        }
    }
}
