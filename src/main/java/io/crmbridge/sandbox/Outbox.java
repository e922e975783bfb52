package io.crmbridge.sandbox;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.Properties;
import java.util.regex.Pattern;

/** Sends the mails of sequences by the sandbox's own mail server, whatever SMTP host an account names. Thread-safe. */
final class Outbox {
    private static final String TIMEOUT = "2000";
    private static final Pattern HTML = Pattern.compile("<[a-zA-Z/!][^>]*>");

    private final Session session;

    Outbox(int port) {
        session = session(port);
    }

    /** Sends to the sandbox's own mail server. */
    static Session session(int port) {
        Properties properties = new Properties();
        properties.put("mail.transport.protocol", "smtp");
        properties.put("mail.smtp.host", WebServer.HOST);
        properties.put("mail.smtp.port", Integer.toString(port));
        // Otherwise it asks the system for its name, which may take seconds.
        properties.put("mail.smtp.localhost", "sandbox");
        // Measured: the mail server's answer to EHLO, in several lines, comes 40 ms later than the one to HELO.
        properties.put("mail.smtp.ehlo", "false");
        properties.put("mail.smtp.connectiontimeout", TIMEOUT);
        properties.put("mail.smtp.timeout", TIMEOUT);
        properties.put("mail.smtp.writetimeout", TIMEOUT);
        return Session.getInstance(properties);
    }

    /** Returns when the mail server has taken it; throws what the server or the connection said otherwise. */
    void send(Send send, String fromName) throws MessagingException {
        MimeMessage mail = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<%s@sequences.sandbox.example>".formatted(send.id()));
            }
        };
        try {
            mail.setFrom(new InternetAddress(send.fromAddress(), fromName, StandardCharsets.UTF_8.name()));
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
        mail.setRecipient(Message.RecipientType.TO, new InternetAddress(send.toAddress(), true));
        mail.setSubject(send.subject(), StandardCharsets.UTF_8.name());
        mail.setSentDate(Date.from(send.at()));
        boolean html = HTML.matcher(send.body()).find();
        mail.setText(send.body(), StandardCharsets.UTF_8.name(), html ? "html" : "plain");
        mail.saveChanges();
        try (Transport transport = session.getTransport("smtp")) {
            transport.connect();
            transport.sendMessage(mail, mail.getAllRecipients());
        }
    }
}
