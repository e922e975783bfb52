package io.crmbridge.sandbox;

/** What one workspace holds besides its records. */
record Stores(
        SendingAccounts accounts,
        Audience audience,
        Sequences sequences,
        Enrollments enrollments,
        Conversations conversations,
        Bookings bookings,
        SequenceSender sender) {

    static Stores of(Outreach outreach, Outbox outbox) {
        SendingAccounts accounts = new SendingAccounts(outreach);
        Audience audience = new Audience(outreach);
        return new Stores(
                accounts,
                audience,
                new Sequences(outreach, accounts),
                new Enrollments(outreach, audience),
                new Conversations(outreach),
                new Bookings(outreach),
                new SequenceSender(outreach, accounts, outbox));
    }

    /** A contact is gone; what was sent to it stays. */
    void forget(String contactId) {
        enrollments.forget(contactId);
        audience.forget(contactId);
        conversations.forget(contactId);
        bookings.forget(contactId);
    }

    /** A mail by a contact to an account whose mails are read is a reply; any other is none. */
    void receive(Mail mail) {
        if (mail.recipients().stream().anyMatch(accounts::reads)) {
            conversations.receive(mail);
        }
    }
}
