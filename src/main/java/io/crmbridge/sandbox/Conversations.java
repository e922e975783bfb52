package io.crmbridge.sandbox;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What went out by the sequences of one workspace and what came back from its contacts. */
final class Conversations {
    /** "Up to 100, most recent first." */
    static final int CONTACT_CAP = 100;

    /** "Up to 500, newest first." */
    static final int SEQUENCE_CAP = 500;

    private final Outreach outreach;
    private final Map<String, List<Reply>> replies = new HashMap<>();

    Conversations(Outreach outreach) {
        this.outreach = outreach;
    }

    /** Throws NoSuchElementException for an unknown contact. */
    Map<String, Object> reply(String contactId, String subject, String body, Instant at) {
        synchronized (outreach.lock()) {
            Object address = outreach.contact(contactId).get("email");
            Reply reply = new Reply(
                    outreach.ids().next(),
                    contactId,
                    subject,
                    address instanceof String text ? text : "",
                    body,
                    at == null ? outreach.now() : at,
                    outreach.nextNumber());
            replies.computeIfAbsent(contactId, none -> new ArrayList<>()).add(reply);
            return reply.row(outreach.ids());
        }
    }

    /** A mail by a contact of this workspace becomes a reply, any other does not. */
    void receive(Mail mail) {
        synchronized (outreach.lock()) {
            String contact = outreach.contactWithEmail(addressOf(mail.from()));
            if (contact != null) {
                reply(contact, mail.subject(), mail.text().isEmpty() ? mail.html() : mail.text(), mail.at());
            }
        }
    }

    private static String addressOf(String from) {
        try {
            return new InternetAddress(from).getAddress();
        } catch (AddressException e) {
            return from;
        }
    }

    /** "Inbound emails received from this contact", also of who left every sequence. */
    List<Map<String, Object>> ofContact(String contactId, int cap) {
        synchronized (outreach.lock()) {
            outreach.contact(contactId);
            return replies.getOrDefault(contactId, List.of()).stream()
                    .sorted(Reply.NEWEST_FIRST)
                    .limit(cap)
                    .map(reply -> reply.row(outreach.ids()))
                    .toList();
        }
    }

    /**
     * "Inbound replies from contacts currently enrolled in this sequence", "filtered on emailDate >= since (inclusive
     * boundary)". Taken at its word: all that such a contact wrote, whichever mail it answers.
     */
    List<Map<String, Object>> replies(String sequenceId, Instant since, int cap) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(sequenceId);
            Stream<Reply> all = sequence.members().stream()
                    .flatMap(member -> replies.getOrDefault(member.contactId(), List.of()).stream());
            return all.filter(reply -> since == null || !reply.at().isBefore(since))
                    .sorted(Reply.NEWEST_FIRST)
                    .limit(cap)
                    .map(reply -> reply.row(
                            outreach.ids(), sequence.member(reply.contactId()).id()))
                    .toList();
        }
    }

    /** "Outbound emails sent by this sequence", "filtered on emailDate >= since (inclusive boundary)". */
    List<Map<String, Object>> sends(String sequenceId, Instant since, int cap) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(sequenceId);
            return sequence.sends().stream()
                    .filter(send -> since == null || !send.at().isBefore(since))
                    .sorted(Send.NEWEST_FIRST)
                    .limit(cap)
                    .map(send -> send.row(outreach.ids(), sequence.holds(send.enrollmentId(), send.contactId())))
                    .toList();
        }
    }

    void forget(String contactId) {
        synchronized (outreach.lock()) {
            replies.remove(contactId);
        }
    }
}
