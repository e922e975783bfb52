package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.ConnectionKeys;
import io.crmbridge.component.NearestWord;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import io.crmbridge.crm.intellivizz.CatalogueImport;
import io.crmbridge.crm.intellivizz.ImportReport;
import io.crmbridge.crm.intellivizz.Intellivizz;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "catalogue",
        mixinStandardHelpOptions = true,
        description = "Lists what Intellivizz can be asked for, and imports what it gave its customer.")
final class CatalogueCommand implements Runnable {
    private static final String OUT = "catalogues/intellivizz.yaml";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which one: list or import?");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the operations, their calls, and how well they are known.")
    int list(
            @Option(names = "--resource", paramLabel = "NAME", description = "Only this resource's operations.")
                    String resource,
            @Option(
                            names = "--catalogue",
                            paramLabel = "FILE",
                            description = "A catalogue of your own, laid over what is assumed.")
                    Path file,
            @Option(names = "--connection", paramLabel = "NAME", description = "That of this connection of the bundle.")
                    String connection,
            @Mixin DataOption data,
            @Mixin BundleOption bundle,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        if (file != null && connection != null) {
            throw new CommandException(ExitCodes.USAGE, "--catalogue and --connection are both given: leave one out");
        }
        Catalogue catalogue = connection != null
                ? ofConnection(bundle.choose(data).bundle(), connection)
                : read(() -> file == null ? Catalogue.standard() : Catalogue.read(file));
        if (resource != null && !catalogue.resources().contains(resource)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "no resource \"%s\"%s; there are %s"
                            .formatted(
                                    resource,
                                    NearestWord.hint(resource, catalogue.resources()),
                                    String.join(", ", catalogue.resources())));
        }
        List<CatalogueEntry> entries = (resource == null ? catalogue.resources() : List.of(resource))
                .stream().flatMap(name -> catalogue.operations(name).stream()).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Output.json(out, entries.stream().map(CatalogueCommand::json).toList());
        } else {
            Output.table(
                    out,
                    List.of("RESOURCE", "OPERATION", "CALL", "SCOPE", "ORIGIN"),
                    entries.stream()
                            .map(entry -> Arrays.<Object>asList(
                                    entry.operation().resource(),
                                    entry.operation().name(),
                                    call(entry),
                                    entry.scope().orElse(null),
                                    word(entry.origin())))
                            .toList());
        }
        return ExitCodes.DONE;
    }

    private static Catalogue ofConnection(Bundle bundle, String name) {
        ConnectionKeys keys =
                BundleReader.read(bundle, System.getenv()).config().crm();
        List<String> names = keys.connections().stream()
                .filter(connection -> connection.type().equals(Intellivizz.TYPE))
                .map(Connection::name)
                .toList();
        if (!names.contains(name)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "no connection \"%s\" of type intellivizz%s; there are %s"
                            .formatted(name, NearestWord.hint(name, names), String.join(", ", names)));
        }
        return keys.catalogue(name);
    }

    private static Map<String, Object> json(CatalogueEntry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("resource", entry.operation().resource());
        json.put("operation", entry.operation().name());
        json.put("call", call(entry));
        json.put("kind", word(entry.operation().kind()));
        json.put("scope", entry.scope().orElse(null));
        json.put("agency", entry.agency());
        json.put("origin", word(entry.origin()));
        json.put("note", entry.note());
        return json;
    }

    private static String call(CatalogueEntry entry) {
        return entry.operation().verb() + " " + entry.operation().path();
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a catalogue of a Postman collection v2.1 and tells what differs from what is assumed.",
                "Nothing of the collection is run, and no secret is taken over.",
                "Ends with 1 where requests are left that a person must decide on."
            })
    int read(
            @Option(names = "--postman", paramLabel = "FILE", required = true, description = "The collection.")
                    Path collection,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            defaultValue = OUT,
                            description = "The catalogue to write (${DEFAULT-VALUE}).")
                    Path file,
            @Option(names = "--force", description = "Write over a file that is there.") boolean force,
            @Option(names = "--dry-run", description = "Tell, and write nothing.") boolean dryRun,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        if (!dryRun && !force && Files.exists(file)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "%s is there already: give --force to write over it, or another --out".formatted(file));
        }
        CatalogueImport made = read(() -> CatalogueImport.postman(collection));
        if (!dryRun) {
            write(file, made.yaml(), force);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> printed = new LinkedHashMap<>();
            printed.put("written", dryRun ? null : file.toString());
            printed.put("report", made.report());
            printed.put("catalogue", made.yaml());
            Output.json(out, printed);
        } else {
            print(out, made.report());
            out.println();
            if (dryRun) {
                out.println("Nothing is written. It would be:");
                out.println();
                out.print(made.yaml());
                out.flush();
            } else {
                out.println(
                        "Written to %s. See it with: crm-bridge catalogue list --catalogue %s".formatted(file, file));
            }
        }
        return made.report().ambiguous().isEmpty() ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private static void write(Path file, String yaml, boolean force) {
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            Files.writeString(
                    file,
                    yaml,
                    StandardOpenOption.WRITE,
                    force ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "%s cannot be written: %s".formatted(file, e.getClass().getSimpleName()));
        }
    }

    private static void print(PrintWriter out, ImportReport report) {
        out.println("%s: %d requests, %d operations changed, %d as assumed"
                .formatted(
                        report.collection(),
                        report.requests(),
                        report.changed().size(),
                        report.unchanged().size()));
        section(out, "Changed", report.changed(), CatalogueCommand::matched);
        section(out, "As assumed", report.unchanged(), CatalogueCommand::matched);
        section(out, "Decide by hand", report.ambiguous(), CatalogueCommand::open);
        section(out, "Requests that fit no operation", report.unmatched(), CatalogueCommand::open);
        section(
                out,
                "Operations that the collection does not show, and that stay assumed",
                report.assumed(),
                Stream::of);
        section(out, "Secrets left out", report.secrets(), Stream::of);
        section(out, "Scripts not run", report.scripts(), Stream::of);
        section(out, "Authentication", report.auth(), Stream::of);
        section(out, "See to", report.remarks(), Stream::of);
    }

    private static <T> void section(
            PrintWriter out, String title, List<T> elements, Function<T, Stream<String>> lines) {
        if (!elements.isEmpty()) {
            out.println();
            out.println("%s (%d)".formatted(title, elements.size()));
            // What a collection says is not to move a terminal's cursor.
            elements.forEach(element ->
                    lines.apply(element).forEach(line -> out.println("  " + line.replaceAll("\\p{Cntrl}", " "))));
        }
    }

    private static Stream<String> matched(ImportReport.Matched match) {
        return Stream.concat(
                Stream.of("%s: \"%s\", %s, because %s"
                        .formatted(match.operation(), match.request(), match.call(), match.reason())),
                match.changes().stream().map(change -> "    " + change));
    }

    private static Stream<String> open(ImportReport.Open open) {
        return Stream.concat(
                Stream.of("\"%s\", %s: %s".formatted(open.request(), open.call(), open.why())),
                open.write().isEmpty() ? Stream.empty() : Stream.of("    to take it, write " + open.write()));
    }

    private static <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, e.getMessage());
        }
    }
}
