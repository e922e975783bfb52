package io.crmbridge.sandbox;

import jakarta.mail.MessagingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sends the due steps of one workspace's sequences. One run at a time; the workspace's lock is free while a mail is under way. */
final class SequenceSender {
    private final Object running = new Object();
    private final Outreach outreach;
    private final SendingAccounts accounts;
    private final Outbox outbox;

    /** @param member as it was when its step was found due */
    private record Due(Sequence sequence, Enrollment member) {}

    private record Prepared(Due due, Send send, String fromName) {}

    SequenceSender(Outreach outreach, SendingAccounts accounts, Outbox outbox) {
        this.outreach = outreach;
        this.accounts = accounts;
        this.outbox = outbox;
    }

    /** Sends until nothing is due, and returns how many mails were taken by the mail server. */
    int sendDue() {
        synchronized (running) {
            int sent = 0;
            for (List<Due> due = due(); !due.isEmpty(); due = due()) {
                for (Due one : due) {
                    Prepared prepared = prepare(one);
                    if (prepared != null && send(prepared)) {
                        sent++;
                    }
                }
            }
            return sent;
        }
    }

    /** Notes a step as sent without a mail, for data that lies in the past. */
    void record(String sequenceId, String contactId, Instant at) {
        synchronized (outreach.lock()) {
            Sequence sequence = outreach.sequence(sequenceId);
            Due due = new Due(sequence, sequence.existingMember(contactId));
            sent(new Prepared(due, compose(due, at), ""));
        }
    }

    private List<Due> due() {
        synchronized (outreach.lock()) {
            Instant now = outreach.now();
            List<Due> due = new ArrayList<>();
            for (Sequence sequence : outreach.sequences()) {
                if (sequence.settings().status() == SequenceStatus.ACTIVE) {
                    sequence.members().stream()
                            .filter(member -> member.isDue(now))
                            .forEach(member -> due.add(new Due(sequence, member)));
                }
            }
            return due;
        }
    }

    /** The mail, or null where it must not go out any more, or cannot. */
    private Prepared prepare(Due due) {
        synchronized (outreach.lock()) {
            Instant now = outreach.now();
            Sequence sequence = due.sequence();
            Enrollment member = due.member();
            if (sequence.settings().status() != SequenceStatus.ACTIVE
                    || !sequence.holds(member.id(), member.contactId())
                    || !member.isDue(now)) {
                return null;
            }
            Send send = compose(due, now);
            if (send.toAddress().isBlank()) {
                member.failed("The contact has no e-mail address.", now);
                return null;
            }
            return new Prepared(
                    due,
                    send,
                    accounts.sender(sequence.settings().sendingAccountId()).fromName());
        }
    }

    private Send compose(Due due, Instant at) {
        Enrollment member = due.member();
        Step step = due.sequence().steps().get(member.currentStep());
        Map<String, Object> contact = outreach.contact(member.contactId());
        Object email = contact.get("email");
        return new Send(
                outreach.ids().next(),
                member.contactId(),
                step.id(),
                member.id(),
                // A name with a line break must not become another header.
                Placeholders.fill(step.subject(), contact).replaceAll("[\\r\\n]+", " "),
                accounts.sender(due.sequence().settings().sendingAccountId()).fromEmail(),
                email == null ? "" : email.toString(),
                Placeholders.fill(step.body(), contact),
                at,
                outreach.nextNumber());
    }

    private boolean send(Prepared prepared) {
        try {
            outbox.send(prepared.send(), prepared.fromName());
        } catch (MessagingException e) {
            synchronized (outreach.lock()) {
                prepared.due().member().failed(String.valueOf(e.getMessage()).strip(), outreach.now());
            }
            return false;
        }
        synchronized (outreach.lock()) {
            sent(prepared);
        }
        return true;
    }

    private static void sent(Prepared prepared) {
        Sequence sequence = prepared.due().sequence();
        Send send = prepared.send();
        sequence.sends().add(send);
        prepared.due().member().sent(send.stepId(), sequence.steps(), send.at());
    }
}
