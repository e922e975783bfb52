package io.crmbridge.cli;

import io.crmbridge.console.GapView;
import io.crmbridge.state.Store;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
        throw new ParameterException(spec.commandLine(), "which one: list?");
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
}
