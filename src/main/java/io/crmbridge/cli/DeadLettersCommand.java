package io.crmbridge.cli;

import io.crmbridge.console.DeadLetterView;
import io.crmbridge.state.Change;
import io.crmbridge.state.DeadLetters.DeadLetter;
import io.crmbridge.state.Store;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Changes that a route could not process: lists, shows, replays and drops them.")
final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Which dead letters are meant. */
    static final class Choice {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "Numbers of dead letters.")
        private List<Long> ids = List.of();

        @Option(names = "--route", paramLabel = "ROUTE", description = "All of one route.")
        private String route;

        @Option(names = "--all", description = "All of them.")
        private boolean all;

        boolean takes(DeadLetter letter) {
            return all || letter.route().equals(route) || ids.contains(letter.id());
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which one: list, show, replay or drop?");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists dead letters, newest first.")
    int list(
            @Mixin DataOption data,
            @Option(names = "--all", description = "Replayed and dropped ones too.") boolean all,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (Store store = data.attach()) {
            List<DeadLetterView> letters = DeadLetterView.of(store, all);
            if (json) {
                Output.json(out, letters);
            } else {
                Output.table(
                        out,
                        List.of("ID", "ROUTE", "FEED", "RECORD", "TRIES", "DIED AT", "STATE", "REASON"),
                        letters.stream()
                                .map(l -> Arrays.<Object>asList(
                                        l.id(),
                                        l.route(),
                                        l.feed(),
                                        l.recordId(),
                                        l.attempts(),
                                        l.diedAt(),
                                        l.state(),
                                        l.reason()))
                                .toList());
            }
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one with its record. It may be personal data: mind who looks on.")
    int show(@Mixin DataOption data, @Parameters(paramLabel = "ID") long id) {
        PrintWriter out = spec.commandLine().getOut();
        try (Store store = data.attach()) {
            DeadLetter letter = store.deadLetters()
                    .get(id)
                    .orElseThrow(() -> new CommandException(ExitCodes.USAGE, "there is no dead letter " + id));
            Optional<Change> change = store.log().get(letter.seq());
            out.println("dead letter %d of route %s, feed %s, record %s: %s"
                    .formatted(id, letter.route(), letter.feed(), letter.recordId(), letter.state()));
            out.println("died at %s after %d tries: %s".formatted(letter.diedAt(), letter.attempts(), letter.reason()));
            out.println(change.map(c -> new String(c.body(), StandardCharsets.UTF_8))
                    .orElse("(its body is no longer in the log)"));
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "Gives dead letters to their routes again, with the same keys.")
    int replay(@Mixin DataOption data, @ArgGroup(multiplicity = "1") Choice choice) {
        int replayed = 0;
        TreeSet<Long> subscriptions = new TreeSet<>();
        try (Store store = data.attach()) {
            List<DeadLetter> letters = store.deadLetters().list(false);
            for (int i = letters.size() - 1; i >= 0; i--) {
                if (choice.takes(letters.get(i))
                        && store.deadLetters().replay(letters.get(i).id())) {
                    subscriptions.add(letters.get(i).subscriptionId());
                    replayed++;
                }
            }
            for (long subscription : subscriptions) {
                RunningBridge.tell(store, data, "reload-parked", Long.toString(subscription));
            }
        }
        return told(replayed, "replayed");
    }

    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            description = "Gives dead letters up; they stay on record.")
    int drop(@Mixin DataOption data, @ArgGroup(multiplicity = "1") Choice choice) {
        int dropped = 0;
        try (Store store = data.attach()) {
            for (DeadLetter letter : store.deadLetters().list(false)) {
                if (choice.takes(letter) && store.deadLetters().drop(letter.id())) {
                    dropped++;
                }
            }
        }
        return told(dropped, "dropped");
    }

    private int told(int number, String what) {
        spec.commandLine()
                .getOut()
                .println(number + " " + what
                        + (number > 0 ? "" : ": no such dead letter waits, see `dead-letters list`"));
        return number > 0 ? ExitCodes.DONE : ExitCodes.FAILED;
    }
}
