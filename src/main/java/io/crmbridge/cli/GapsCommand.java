package io.crmbridge.cli;

import io.crmbridge.console.GapView;
import io.crmbridge.state.Gap;
import io.crmbridge.state.Store;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "gaps",
        mixinStandardHelpOptions = true,
        description = "Intervals of a feed in which versions may have been lost.")
final class GapsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which one: list or close?");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the open gaps.")
    int list(
            @Mixin DataOption data,
            @Option(names = "--all", description = "Closed ones too.") boolean all,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        try (Store store = data.attach()) {
            List<GapView> gaps = GapView.of(store, all);
            if (json) {
                Output.json(out, gaps);
            } else {
                Output.table(
                        out,
                        List.of("ID", "CONNECTION", "FEED", "FROM", "TO", "OPENED AT", "CLOSED AT", "REASON"),
                        gaps.stream()
                                .map(g -> Arrays.<Object>asList(
                                        g.id(),
                                        g.connection(),
                                        g.feed(),
                                        g.from(),
                                        g.to(),
                                        g.openedAt(),
                                        g.closedAt(),
                                        g.reason()))
                                .toList());
            }
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "close",
            mixinStandardHelpOptions = true,
            description = "Closes gaps, with what shows that nothing is missing any more; they stay on record.")
    int close(
            @Mixin DataOption data,
            @Parameters(paramLabel = "ID", arity = "1..*") List<Long> ids,
            @Option(
                            names = "--evidence",
                            required = true,
                            paramLabel = "TEXT",
                            description = "For example: compared with the CRM's own export of 1 May.")
                    String evidence) {
        if (evidence.isBlank()) {
            throw new CommandException(ExitCodes.USAGE, "--evidence is empty: say what shows that nothing is missing");
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Store store = data.attach()) {
            Set<Long> open = store.sources().gaps(false).stream().map(Gap::id).collect(Collectors.toSet());
            for (long id : ids) {
                if (!open.contains(id)) {
                    throw new CommandException(ExitCodes.USAGE, "there is no open gap " + id + ": see `gaps list`");
                }
            }
            for (long id : ids) {
                store.sources().closeGap(id, evidence);
                out.println("gap %d is closed".formatted(id));
            }
        }
        return ExitCodes.DONE;
    }
}
