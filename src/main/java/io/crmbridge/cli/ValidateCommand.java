package io.crmbridge.cli;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.crmbridge.bundle.Problem;
import io.crmbridge.bundle.Validation;
import io.crmbridge.bundle.pack.Archive;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Checks all of a bundle that can be known before it runs, without starting or calling anything.",
            "Each finding has its file, line and column, and says what to write instead. docs/validate.md explains each kind."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was found, or warnings alone",
            "1:errors were found; with --strict also warnings",
            "2:there is no bundle"
        })
final class ValidateCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|ZIP",
            defaultValue = ".",
            description = "The bundle: its folder, or a zip of it (the current folder).")
    private Path bundle;

    @Mixin
    private DataOption data;

    @Option(names = "--strict", description = "Warnings count as errors.")
    private boolean strict;

    @Option(names = "--json", description = "Print an array of {file, line, column, severity, code, message}.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** As editors read it. */
    @JsonPropertyOrder({"file", "line", "column", "severity", "code", "message"})
    record Row(String file, int line, int column, String severity, String code, String message) {
        static Row of(Problem problem) {
            return new Row(
                    problem.finding().file(),
                    problem.finding().line(),
                    problem.finding().column(),
                    problem.severity(),
                    problem.code().id(),
                    problem.finding().message());
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Validation.Result result = Files.isRegularFile(bundle) ? unpacked() : validated(bundle);
        if (json) {
            Output.json(out, result.problems().stream().map(Row::of).toList());
        } else {
            result.problems().forEach(out::println);
            out.println(summary(result));
        }
        out.flush();
        return result.errors() > 0 || strict && result.warnings() > 0 ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    /** A zip is unpacked with all suspicion, and what is unpacked is deleted. */
    private Validation.Result unpacked() throws IOException {
        try (ScratchFolder scratch = ScratchFolder.create("crm-bridge-validate")) {
            Archive.open(Files.readAllBytes(bundle), Version.semantic()).unpack(scratch.path());
            return validated(scratch.path());
        }
    }

    private Validation.Result validated(Path folder) {
        try (Store store = store()) {
            return Validation.of(folder, System.getenv(), Optional.ofNullable(store));
        }
    }

    /** Null where nothing was ever kept, and where what was kept cannot be read: then fields are told by the documents. */
    private Store store() {
        if (!data.isThere()) {
            return null;
        }
        try {
            return data.attach();
        } catch (StoreException e) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "the records in %s cannot be looked at, so fields are checked by the CRM's document alone: %s"
                                    .formatted(data.folder, e.getMessage()));
            return null;
        }
    }

    private static String summary(Validation.Result result) {
        String files = number(result.files(), "file");
        return result.problems().isEmpty()
                ? "no findings: %s, %s".formatted(files, number(result.routes(), "route"))
                : "%s, %s in %s"
                        .formatted(number(result.errors(), "error"), number(result.warnings(), "warning"), files);
    }

    private static String number(long count, String what) {
        return "%d %s%s".formatted(count, what, count == 1 ? "" : "s");
    }
}
