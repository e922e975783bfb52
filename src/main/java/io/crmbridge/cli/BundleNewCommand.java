package io.crmbridge.cli;

import io.crmbridge.bundle.pattern.BundlePattern;
import io.crmbridge.bundle.pattern.NewBundle;
import io.crmbridge.bundle.pattern.Patterns;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a folder with a bundle that runs, from one of the shipped routes: the route, all that it needs, and an"
                    + " application.properties with the keys to set.",
            "For example: bundle new deals-to-erp --from deal-won"
        })
final class BundleNewCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "Name of the bundle, and of its folder: letters, digits, - and _.")
    private String name;

    @Option(names = "--from", paramLabel = "PATTERN", description = "What to begin with; --list shows what there is.")
    private String from;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "The folder to make, instead of one with the bundle's name in the current one.")
    private Path folder;

    @Option(names = "--list", description = "List the patterns, and make nothing.")
    private boolean list;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** What `bundle new --list --json` prints of each. */
    private record Listed(String name, String description, List<String> routes, List<String> files) {
        Listed(BundlePattern pattern) {
            this(
                    pattern.name(),
                    pattern.description(),
                    pattern.routes(),
                    List.copyOf(new TreeSet<>(pattern.files().keySet())));
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            list(out);
            return ExitCodes.DONE;
        }
        if (name == null || from == null) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "which one? `bundle new NAME --from PATTERN` makes a bundle, `bundle new --list` shows the patterns");
        }
        try {
            told(out, NewBundle.make(Patterns.named(from), name, folder == null ? Path.of(name) : folder));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, e.getMessage());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "the bundle cannot be written: %s: %s"
                            .formatted(e.getClass().getSimpleName(), e.getMessage()));
        }
        return ExitCodes.DONE;
    }

    private void list(PrintWriter out) throws IOException {
        List<BundlePattern> patterns = Patterns.shipped();
        if (json) {
            Output.json(out, patterns.stream().map(Listed::new).toList());
            return;
        }
        Output.table(
                out,
                List.of("PATTERN", "WHAT ITS ROUTE DOES"),
                patterns.stream()
                        .map(pattern -> List.<Object>of(pattern.name(), pattern.description()))
                        .toList());
        out.flush();
    }

    private void told(PrintWriter out, NewBundle made) throws IOException {
        if (json) {
            Output.json(out, new Made(made));
            return;
        }
        out.println("%s: %s".formatted(made.folder(), made.pattern().description()));
        made.files().forEach(file -> out.println("  " + file));
        out.println();
        out.println("Set in the environment, or write into its application.properties:");
        made.toSet().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(variable -> out.println("  " + variable.getKey() + "=" + variable.getValue()));
        if (!made.settable().isEmpty()) {
            out.println("  and if you like: " + String.join(", ", made.settable()));
        }
        out.println();
        out.println("Next:");
        out.println("  crm-bridge bundle validate " + made.folder());
        out.println("  crm-bridge bundle test " + made.folder());
        out.println("  crm-bridge run --dev --bundle " + made.folder());
        out.flush();
    }

    /** What `--json` prints of a bundle that was made. */
    private record Made(String folder, String from, List<String> files, Map<String, String> toSet) {
        Made(NewBundle made) {
            this(made.folder().toString(), made.pattern().name(), made.files(), made.toSet());
        }
    }
}
