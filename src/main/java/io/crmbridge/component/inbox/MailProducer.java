package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Inbox;
import io.crmbridge.state.Inboxes.Receipt;
import jakarta.mail.Flags;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.component.mail.MailMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends the mail that a route got, once however often it is fetched. What no person sent is left out and counted. */
final class MailProducer extends Appending {
    private static final Logger LOG = LoggerFactory.getLogger(MailProducer.class);

    MailProducer(InboxEndpoint endpoint, BridgeServices services, Optional<Expression> key) {
        super(endpoint, services, key);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Instant begun = now();
        Message mail = mail(exchange);
        MailEntry reading = new MailEntry(mail);
        if (reading.isAutomatic()) {
            inbox().dropped(1);
            LOG.debug("inbox {}: left out {}, which no person sent", name(), reading.id());
            told(exchange, begun, "left out");
            return;
        }
        Optional<ObjectNode> entry = reading.read(begun);
        if (entry.isEmpty()) {
            throw kept(mail, reading, "has no sender that can be answered");
        }
        InboxRules.Rules rules = rules();
        List<Fault> faults = rules.schema().faults(1, entry.get(), false);
        if (!faults.isEmpty()) {
            throw kept(mail, reading, "does not fit the schema: " + Fault.sentence(faults));
        }
        List<Receipt> receipts = inbox().accept(
                        List.of(new Inbox.Entry(
                                entry.get(),
                                key(exchange, mail, reading, entry.get()),
                                Optional.of("mail %s %s".formatted(name(), reading.key())))),
                        rules.settings().dedupe());
        told(exchange, begun, receipts.get(0).isNew() ? "appended" : "known already");
    }

    private Optional<String> key(Exchange exchange, Message mail, MailEntry reading, ObjectNode entry)
            throws TargetException, MessagingException {
        try {
            return key(exchange, entry);
        } catch (TargetException e) {
            throw kept(mail, reading, "is one for which key= cannot be evaluated");
        }
    }

    private Message mail(Exchange exchange) throws TargetException {
        if (exchange.getMessage() instanceof MailMessage got) {
            return got.getOriginalMessage();
        }
        if (exchange.getMessage().getBody() instanceof Message mail) {
            return mail;
        }
        throw permanent("format=mail takes a mail as an imap: or imaps: route got it");
    }

    /** Leaves the mail to a person: it stays in its folder, flagged, and as it is seen it is not fetched again. */
    private TargetException kept(Message mail, MailEntry reading, String why) throws MessagingException {
        mail.setFlag(Flags.Flag.FLAGGED, true);
        mail.setFlag(Flags.Flag.SEEN, true);
        return permanent("%s %s; it stays in the mailbox, flagged".formatted(reading.id(), why));
    }
}
