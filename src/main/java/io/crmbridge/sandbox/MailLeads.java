package io.crmbridge.sandbox;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Date;
import java.util.Random;
import java.util.UUID;

/** Leads who write a mail: some by their own mail program, some by a portal that sends HTML and has them as Reply-To. */
final class MailLeads implements LeadSender {
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private final LeadPeople people;
    private final Session session;
    private final Clock clock;
    private final Random random;
    private MimeMessage waiting;

    MailLeads(LeadPeople people, int port, Clock clock, Random random) {
        this.people = people;
        this.session = Outbox.session(port);
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void send() throws MessagingException {
        if (waiting == null) {
            Lead lead = people.next().orElse(null);
            waiting = lead == null ? null : compose(lead);
        }
        if (waiting != null) {
            try (Transport transport = session.getTransport("smtp")) {
                transport.connect();
                transport.sendMessage(waiting, waiting.getAllRecipients());
            }
            waiting = null;
        }
    }

    private MimeMessage compose(Lead lead) throws MessagingException {
        MimeMessage mail = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<%s@mail.sandbox.example>".formatted(UUID.randomUUID()));
            }
        };
        InternetAddress person = address(lead.email(), lead.name());
        if (random.nextBoolean()) {
            mail.setFrom(person);
            mail.setText(text(lead), UTF_8);
        } else {
            mail.setFrom(address("portal@example.com", "Example Portal"));
            mail.setReplyTo(new Address[] {person});
            mail.setText(html(lead), UTF_8, "html");
        }
        mail.setRecipient(Message.RecipientType.TO, new InternetAddress(Mailbox.READ_ADDRESS));
        mail.setSubject("Question of " + lead.name(), UTF_8);
        mail.setSentDate(Date.from(clock.instant()));
        mail.saveChanges();
        return mail;
    }

    private static String text(Lead lead) {
        return """
                Hello,

                %s

                %s
                %s
                Phone: %s
                """.formatted(lead.message(), lead.name(), lead.company(), lead.phone());
    }

    private static String html(Lead lead) {
        return """
                <html><body>
                <p>Somebody has a question for you &amp; waits for an answer:</p>
                <p>%s</p>
                <p><b>%s</b>, %s<br>Phone: %s</p>
                </body></html>
                """.formatted(lead.message(), lead.name(), lead.company(), lead.phone());
    }

    private static InternetAddress address(String email, String name) {
        try {
            return new InternetAddress(email, name, UTF_8);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
