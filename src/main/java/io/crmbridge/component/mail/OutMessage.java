package io.crmbridge.component.mail;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.function.Predicate;

/** A mail whose id is the same at each repetition, and that goes only to those who have not accepted it yet. */
final class OutMessage extends MimeMessage {
    private final String id;
    private final Predicate<Address> accepted;

    OutMessage(Session session, String id, Predicate<Address> accepted) {
        super(session);
        this.id = id;
        this.accepted = accepted;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", id);
    }

    /** Who is in the envelope; the fields To and Cc show everybody. */
    @Override
    public Address[] getAllRecipients() throws MessagingException {
        Address[] all = super.getAllRecipients();
        return all == null ? null : Arrays.stream(all).filter(accepted.negate()).toArray(Address[]::new);
    }

    int everybody() throws MessagingException {
        return super.getAllRecipients().length;
    }
}
