package io.crmbridge.component.mail;

import io.crmbridge.component.CrmConstants;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.attachment.AttachmentMessage;
import org.apache.camel.component.mail.ContentTypeResolver;
import org.apache.camel.component.mail.MailBinding;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailConstants;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.spi.HeaderFilterStrategy;

/** Takes a template's subject, and puts attachments where every mail program finds them. */
final class MailOutBinding extends MailBinding {
    private static final List<String> RECIPIENTS = List.of("To", "Cc", "Bcc");
    private static final Pattern SEPARATOR = Pattern.compile("[,;]");

    MailOutBinding(HeaderFilterStrategy headers, ContentTypeResolver contentTypes) {
        super(
                headers,
                contentTypes,
                false,
                true,
                false,
                MailConstants.MAIL_GENERATE_MISSING_ATTACHMENT_NAMES_NEVER,
                MailConstants.MAIL_HANDLE_DUPLICATE_ATTACHMENT_NAMES_NEVER);
    }

    @Override
    public void populateMailMessage(MailEndpoint endpoint, MimeMessage mail, Exchange exchange)
            throws MessagingException, IOException {
        if (endpoint.getConfiguration().isUseHeaderRecipients()) {
            for (String name : RECIPIENTS) {
                Object value = exchange.getMessage().getHeader(name);
                for (Object one : value instanceof Collection<?> several ? several : Collections.singletonList(value)) {
                    requireNoSmuggling(name, String.valueOf(one));
                }
            }
        }
        super.populateMailMessage(endpoint, mail, exchange);
        String subject = exchange.getMessage().getHeader(CrmConstants.SUBJECT, String.class);
        if (subject != null) {
            mail.setSubject(subject, "UTF-8");
        }
    }

    /** A name is record data: a comma in it, or a quote and a comma, would add an address to {@code name <address>}. */
    private static void requireNoSmuggling(String header, String value) throws AddressException {
        if (value.contains("<")
                && SEPARATOR.matcher(value.replaceAll("\"[^\"]*\"", "")).find()) {
            throw new AddressException(header + " has a name beside several addresses");
        }
    }

    /** Camel's order hides attachments behind the HTML, from programs that show the plain text: mixed goes outside. */
    @Override
    protected void createMultipartAlternativeMessage(
            MimeMessage mail, MailConfiguration configuration, Exchange exchange)
            throws MessagingException, IOException {
        super.createMultipartAlternativeMessage(mail, configuration, exchange);
        if (configuration.isUseInlineAttachments()
                || !exchange.getMessage(AttachmentMessage.class).hasAttachments()) {
            return;
        }
        MimeMultipart alternative = (MimeMultipart) mail.getContent();
        MimeMultipart mixed = (MimeMultipart) alternative.getBodyPart(1).getContent();
        BodyPart html = mixed.getBodyPart(0);
        mixed.removeBodyPart(0);
        alternative.removeBodyPart(1);
        alternative.addBodyPart(html);
        MimeBodyPart texts = new MimeBodyPart();
        texts.setContent(alternative);
        mixed.addBodyPart(texts, 0);
        mail.setContent(mixed);
    }
}
