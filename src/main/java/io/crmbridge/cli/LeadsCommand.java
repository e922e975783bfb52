package io.crmbridge.cli;

import io.crmbridge.lead.GateQueue;
import io.crmbridge.lead.SuppressionCheck;
import io.crmbridge.state.Intent;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import io.crmbridge.state.Suppressions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "leads",
        mixinStandardHelpOptions = true,
        subcommands = SeedCommand.class,
        description =
                "Who waits to be enrolled into a sequence, who must not be by the bridge, and who is a contact already.")
final class LeadsCommand implements Runnable {
    private static final int SAMPLE = 5;
    /** A number, or a letter and digits: what is a word of letters alone is the name of a column. */
    private static final Pattern ID = Pattern.compile("(?=.*\\d)[\\w.:-]{1,128}");

    private static final Pattern CELL_END = Pattern.compile("[,;\t]");

    @Spec
    private CommandSpec spec;

    /** Whom a command is about. */
    static final class Choice {
        @Parameters(
                paramLabel = "FILE",
                description = "E-mail addresses or contacts' ids, one on a line, or in the first column of a CSV.")
        private Path file;

        @Option(names = "--connection", paramLabel = "NAME", description = "The connection (default).")
        private String connection = "default";

        @Option(names = "--sequence", paramLabel = "ID", description = "The id of one sequence; all unless it is set.")
        private String sequence = Suppressions.ALL;

        List<String> subjects() {
            try {
                return Files.readString(file, StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> CELL_END.split(line.replace("\uFEFF", ""), 2)[0])
                        .map(cell -> cell.replace("\"", "").strip())
                        .filter(cell -> !cell.isEmpty() && !cell.startsWith("#"))
                        .map(Choice::subject)
                        .distinct()
                        .toList();
            } catch (IOException e) {
                throw new CommandException(
                        ExitCodes.USAGE, "%s cannot be read as UTF-8 text: %s".formatted(file, e.getMessage()));
            }
        }

        private static String subject(String cell) {
            if (!cell.contains("@")) {
                if (!ID.matcher(cell).matches()) {
                    throw new CommandException(
                            ExitCodes.USAGE,
                            "one of the lines is neither an address nor a contact's id, so nothing was done. Each line begins"
                                    + " with one of them, and there is no line of names");
                }
                return SuppressionCheck.contact(cell);
            }
            return SuppressionCheck.email(cell);
        }

        long source(Store store) {
            return LeadsCommand.source(store, connection);
        }
    }

    static long source(Store store, String connection) {
        return store.sources().sources().stream()
                .filter(source -> source.connection().equals(connection))
                .mapToLong(Source::id)
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE, "no connection \"%s\" has run on this store".formatted(connection)));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "which one: waiting, release, refuse, suppress, allow, suppressed or seed?");
    }

    @Command(
            name = "suppress",
            mixinStandardHelpOptions = true,
            description = "Whoever stands in a file is never enrolled by the bridge from now on.")
    int suppress(
            @Mixin DataOption data,
            @Mixin Choice choice,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Told when somebody is left out.")
                    String reason) {
        List<String> subjects = choice.subjects();
        try (Store store = data.attach()) {
            store.suppressions()
                    .add(
                            choice.source(store),
                            choice.sequence,
                            subjects,
                            reason == null || reason.isBlank() ? "suppressed by a person" : reason);
        }
        out().println("%d must not be enrolled".formatted(subjects.size()));
        return subjects.isEmpty() ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    @Command(
            name = "allow",
            mixinStandardHelpOptions = true,
            description = "Whoever stands in a file may be enrolled again, because they have asked for it.")
    int allow(@Mixin DataOption data, @Mixin Choice choice) {
        int removed;
        try (Store store = data.attach()) {
            removed = store.suppressions().allow(choice.source(store), choice.sequence, choice.subjects());
        }
        out().println("%d may be enrolled again".formatted(removed));
        return removed == 0 ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    @Command(
            name = "suppressed",
            mixinStandardHelpOptions = true,
            description = "Counts who must not be enrolled; only hashes of them are kept.")
    int suppressed(@Mixin DataOption data, @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        try (Store store = data.attach()) {
            List<Suppressions.Count> counts = store.suppressions().counts();
            if (json) {
                Output.json(out(), counts.stream().map(Counted::of).toList());
            } else {
                Output.table(
                        out(),
                        List.of("CONNECTION", "SEQUENCE", "REASON", "SUBJECTS", "LATEST"),
                        counts.stream()
                                .map(c -> Arrays.<Object>asList(
                                        c.connection(), c.sequence(), c.reason(), c.subjects(), c.latest()))
                                .toList());
            }
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "waiting",
            mixinStandardHelpOptions = true,
            description =
                    "Shows how many wait at the flood gate, and who the first of them are. It is personal data: mind who"
                            + " looks on.")
    int waiting(@Mixin DataOption data, @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        try (Store store = data.attach()) {
            List<Queue> queues = GateQueue.of(store).stream()
                    .map(queue -> Queue.of(store, queue))
                    .toList();
            if (json) {
                Output.json(out(), queues);
                return ExitCodes.DONE;
            }
            Output.table(
                    out(),
                    List.of("CONNECTION", "SEQUENCE", "WAITING", "SINCE", "WHY"),
                    queues.stream()
                            .map(q -> Arrays.<Object>asList(q.connection, q.sequence, q.waiting, q.since, q.why))
                            .toList());
            for (Queue queue : queues) {
                out().println("the first of %d:".formatted(queue.waiting));
                queue.sample.forEach(who -> out().println("  " + who));
                out().println(
                                "leads release --connection %s --sequence %s --number %d lets all of them through, leads refuse gives them up"
                                        .formatted(queue.connection, queue.sequence, queue.waiting));
            }
        }
        return ExitCodes.DONE;
    }

    private record Queue(
            String connection, String sequence, int waiting, String since, String why, List<String> sample) {
        static Queue of(Store store, GateQueue queue) {
            Intent oldest = queue.waiting().get(0);
            return new Queue(
                    queue.connection(),
                    queue.sequence(),
                    queue.waiting().size(),
                    oldest.since().toString(),
                    oldest.reason().orElse(""),
                    queue.sample(store, SAMPLE));
        }
    }

    /** How many of which queue. */
    static final class Number {
        @Option(names = "--connection", paramLabel = "NAME", description = "The connection (default).")
        private String connection = "default";

        @Option(names = "--sequence", paramLabel = "ID", required = true, description = "The id of the sequence.")
        private String sequence;

        @Option(
                names = "--number",
                paramLabel = "N",
                required = true,
                description = "How many, the oldest first: leads waiting tells how many there are.")
        private int number;

        long decide(Store store, boolean release) {
            GateQueue queue = GateQueue.of(store).stream()
                    .filter(q ->
                            q.connection().equals(connection) && q.sequence().equals(sequence))
                    .findFirst()
                    .orElseThrow(() -> new CommandException(
                            ExitCodes.USAGE,
                            "nobody waits for sequence %s of %s: see leads waiting".formatted(sequence, connection)));
            if (number < 1 || number > queue.waiting().size()) {
                throw new CommandException(
                        ExitCodes.USAGE,
                        "%d wait for it, not %d: nothing was done"
                                .formatted(queue.waiting().size(), number));
            }
            return queue.decide(store, number, release);
        }
    }

    @Command(
            name = "release",
            mixinStandardHelpOptions = true,
            description =
                    "Lets so many through that wait at the flood gate: they are enrolled, but for who must not be.")
    int release(@Mixin DataOption data, @Mixin Number number) {
        try (Store store = data.attach()) {
            out().println(
                            "%d are let through: the running bridge enrols them within some seconds, or the next one that runs"
                                    .formatted(number.decide(store, true)));
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "refuse",
            mixinStandardHelpOptions = true,
            description = "Gives so many up that wait at the flood gate: they are not enrolled.")
    int refuse(@Mixin DataOption data, @Mixin Number number) {
        try (Store store = data.attach()) {
            out().println("%d are given up".formatted(number.decide(store, false)));
        }
        return ExitCodes.DONE;
    }

    private record Counted(String connection, String sequence, String reason, long subjects, String latest) {
        static Counted of(Suppressions.Count count) {
            return new Counted(
                    count.connection(),
                    count.sequence(),
                    count.reason(),
                    count.subjects(),
                    count.latest().toString());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
