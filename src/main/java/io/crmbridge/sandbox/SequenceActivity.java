package io.crmbridge.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What contacts do: they reply, book, join a sequence, and their next step comes early. */
final class SequenceActivity {
    private static final int ONE_IN = 6;
    private static final int MOST_MEMBERS = 200;
    private static final int MOST_BOOKINGS = 1_000;

    private final Workspace workspace;
    /** Its own, so that the records change in the same order with and without it. */
    private final Random random;

    SequenceActivity(Workspace workspace, long seed) {
        this.workspace = workspace;
        this.random = new Random(seed);
    }

    /** Usually nothing. */
    void tick() {
        List<String> contacts = workspace.records().recordIds(Resource.CONTACTS);
        List<Map<String, Object>> sequences = workspace.sequences();
        if (random.nextInt(ONE_IN) != 0 || contacts.isEmpty() || sequences.isEmpty()) {
            return;
        }
        String contact = contacts.get(random.nextInt(contacts.size()));
        String sequence =
                String.valueOf(sequences.get(random.nextInt(sequences.size())).get("id"));
        switch (random.nextInt(4)) {
            case 0 ->
                workspace.reply(writer(sequence, contact), "Re: your mail", "Reply " + random.nextInt(1_000), null);
            case 1 -> book(contact);
            case 2 -> enroll(sequence, contact);
            default -> workspace.stores().enrollments().hurry(sequence, random);
        }
    }

    /** One who is on the sequence, or else anybody. */
    private String writer(String sequence, String contact) {
        List<Map<String, Object>> members = workspace.enrollments(sequence);
        return members.isEmpty()
                ? contact
                : String.valueOf(members.get(random.nextInt(members.size())).get("contactId"));
    }

    private void book(String contact) {
        if (workspace.bookings().size() < MOST_BOOKINGS) {
            workspace.book(Map.of(
                    "title",
                    "Call",
                    "startTime",
                    Stamps.iso(workspace.records().now().plus(Duration.ofDays(1 + random.nextInt(14)))),
                    "contactId",
                    workspace.ids().shown(contact)));
        }
    }

    private void enroll(String sequence, String contact) {
        if (workspace.enrollments(sequence).size() < MOST_MEMBERS) {
            workspace.enroll(sequence, contact);
        }
    }
}
