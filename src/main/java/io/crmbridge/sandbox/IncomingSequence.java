package io.crmbridge.sandbox;

/** What a caller sent of a sequence or a step, checked. */
final class IncomingSequence {
    private final SendingAccounts accounts;
    private final boolean numericIds;

    IncomingSequence(SendingAccounts accounts, boolean numericIds) {
        this.accounts = accounts;
        this.numericIds = numericIds;
    }

    /** "status defaults to active. sendingAccountId is optional", and so is the description. */
    SequenceSettings created(Body body) {
        return new SequenceSettings(
                body.requiredText("name"),
                body.text("description"),
                body.has("status") ? SequenceStatus.of(body.text("status")) : SequenceStatus.ACTIVE,
                account(body));
    }

    /** "Update a sequence's name, description, status (draft / active / paused / archived), or sendingAccountId." */
    SequenceSettings updated(SequenceSettings old, Body body) {
        return new SequenceSettings(
                body.has("name") ? body.requiredText("name") : old.name(),
                body.has("description") ? body.text("description") : old.description(),
                body.has("status") ? SequenceStatus.of(body.text("status")) : old.status(),
                body.has("sendingAccountId") ? account(body) : old.sendingAccountId());
    }

    /** "Each step needs a subject, body, and a delayDays (0 for the first send)." */
    static Step step(String id, Body body) {
        return new Step(id, body.requiredText("subject"), body.requiredText("body"), delayDays(body));
    }

    /** "Edit any field on a step." */
    static Step updated(Step old, Body body) {
        return new Step(
                old.id(),
                body.has("subject") ? body.requiredText("subject") : old.subject(),
                body.has("body") ? body.requiredText("body") : old.body(),
                body.has("delayDays") ? delayDays(body) : old.delayDays());
    }

    private static int delayDays(Body body) {
        return body.wholeNumber("delayDays", 0, Integer.MAX_VALUE);
    }

    /** "Must be an id returned by GET /api/agent/sending-accounts; set to null to send via the platform default." */
    private String account(Body body) {
        String id = body.id("sendingAccountId", numericIds);
        if (id != null && !accounts.has(id)) {
            throw Outreach.foreign("sendingAccountId", id);
        }
        return id;
    }
}
