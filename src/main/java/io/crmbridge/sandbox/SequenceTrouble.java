package io.crmbridge.sandbox;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** What seldom happens to who got a mail of a sequence: they want no more of them, or cannot be reached any longer. */
final class SequenceTrouble {
    private static final int ONE_IN = 20;
    private static final String BOUNCE = "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table";

    private final Workspace workspace;
    private final Random random;

    private record Mailed(String sequence, String contact) {}

    SequenceTrouble(Workspace workspace, long seed) {
        this.workspace = workspace;
        this.random = new Random(seed);
    }

    /** Usually nothing. */
    void tick() {
        if (random.nextInt(ONE_IN) != 0) {
            return;
        }
        List<Mailed> mailed = workspace.sequences().stream()
                .map(row -> String.valueOf(row.get("id")))
                .flatMap(sequence -> workspace.stores().enrollments().mailed(sequence).stream()
                        .map(contact -> new Mailed(sequence, contact)))
                .toList();
        int what = random.nextInt(5);
        if (!mailed.isEmpty()) {
            happen(what, mailed.get(random.nextInt(mailed.size())));
        }
    }

    private void happen(int what, Mailed mailed) {
        if (what < 2) {
            workspace.stores().enrollments().bounce(mailed.sequence(), mailed.contact(), BOUNCE);
        } else if (what < 4) {
            answer(mailed, "STOP");
        } else {
            // Whoever looks for the word in all of it takes this one for the other.
            answer(mailed, "Thank you, I am looking forward to it.");
        }
    }

    /** Above what they got, as mail programs do it. */
    private void answer(Mailed mailed, String text) {
        Object shown = workspace.ids().shown(mailed.contact());
        workspace.sends(mailed.sequence()).stream()
                .filter(send -> shown.equals(send.get("contactId")))
                .findFirst()
                .ifPresent(send -> workspace.reply(
                        mailed.contact(),
                        "Re: " + send.get("subject"),
                        "%s\n\n%s".formatted(text, quoted(send)),
                        null));
    }

    private static String quoted(Map<String, Object> send) {
        String body = String.valueOf(send.get("body")).replaceAll("<[^>]*>", "")
                + "\n-- \nAnswer STOP if you want no more mails.";
        return body.lines()
                .map(line -> "> " + line)
                .collect(Collectors.joining("\n", send.get("fromAddress") + " wrote:\n", "\n"));
    }
}
