package io.crmbridge.component.rehearse;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** A mail as a route on {@code imap:} gets it with {@code mapMailMessage=false}. */
public final class IncomingMail {
    private IncomingMail() {}

    /** @param text as it travels: its header fields, an empty line, its body @throws IllegalArgumentException when it is no mail */
    public static Object of(String text) {
        try {
            return new MimeMessage(
                    Session.getInstance(new Properties()),
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        } catch (MessagingException e) {
            throw new IllegalArgumentException(
                    "this is no mail: write its header fields, an empty line and its text", e);
        }
    }
}
