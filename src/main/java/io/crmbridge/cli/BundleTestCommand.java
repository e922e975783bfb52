package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.test.BundleTests;
import io.crmbridge.bundle.test.JUnitXml;
import io.crmbridge.bundle.test.TestReport;
import io.crmbridge.bundle.test.TestResult;
import io.crmbridge.component.NearestWord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the tests of a bundle's routes: tests/*.test.yaml.",
            "A test gives a route a record and says what the route must send. Nothing is sent and no CRM is asked: no key, no"
                    + " network and no running bridge are needed. docs/tests.md tells how to write one."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every test passed", "1:a test failed", "2:the bundle or a test file is not as it should be"})
final class BundleTestCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = ".",
            description = "The bundle's folder (the current one).")
    private Path folder;

    @Option(
            names = "--only",
            paramLabel = "WORD",
            description = "Run only the tests of this route, or those with this word in their name or their file's.")
    private String only;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a report in JUnit's XML too, which build servers show.")
    private Path report;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        BundleTests tests = new BundleTests(Bundle.at(folder, Map.of()), System.getenv());
        TestReport done = QuietLog.during(() -> tests.run(Optional.ofNullable(only), result -> {
            if (!json) {
                print(out, result);
            }
        }));
        if (only != null && done.results().isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "no test has \"%s\" as its route or in its name%s"
                            .formatted(only, NearestWord.hint(only, done.tested())));
        }
        if (report != null) {
            write(done);
        }
        if (json) {
            Output.json(out, shown(done));
        } else {
            summary(out, done);
        }
        out.flush();
        return done.failed() == 0 ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private record Shown(long passed, long failed, double seconds, List<String> untested, List<ShownResult> tests) {}

    private record ShownResult(
            String file,
            int line,
            String route,
            String name,
            boolean passed,
            double seconds,
            List<String> differences) {}

    private static Shown shown(TestReport done) {
        return new Shown(
                done.passed(),
                done.failed(),
                done.took().toMillis() / 1000.0,
                done.untested(),
                done.results().stream()
                        .map(result -> new ShownResult(
                                result.file(),
                                result.line(),
                                result.route(),
                                result.name(),
                                result.passed(),
                                result.took().toMillis() / 1000.0,
                                result.differences()))
                        .toList());
    }

    private static void print(PrintWriter out, TestResult result) {
        if (!result.passed()) {
            out.println("FAILED  %s:%d  %s: %s".formatted(result.file(), result.line(), result.route(), result.name()));
            result.differences().forEach(line -> out.println("    " + line));
            out.println();
            out.flush();
        }
    }

    private void summary(PrintWriter out, TestReport done) {
        if (done.failed() > 0) {
            out.println("(- is what a test expects, + is what there was)");
        }
        if (only == null) {
            if (done.results().isEmpty()) {
                out.println("there are no tests: write tests/NAME.test.yaml, for example with");
                out.println();
                EXAMPLE.lines().forEach(line -> out.println("    " + line));
                out.println();
            } else if (!done.untested().isEmpty()) {
                out.println("without a test: " + String.join(", ", done.untested()));
            }
        }
        out.println("%d tests, %d passed%s, in %s s"
                .formatted(
                        done.results().size(),
                        done.passed(),
                        done.failed() == 0 ? "" : ", %d failed".formatted(done.failed()),
                        String.format(Locale.ROOT, "%.1f", done.took().toMillis() / 1000.0)));
    }

    private void write(TestReport done) {
        try {
            JUnitXml.write(done, report);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "the report %s cannot be written (%s)"
                            .formatted(report, e.getClass().getSimpleName()));
        }
    }

    private static final String EXAMPLE = """
            route: my-route
            tests:
              - name: a won deal goes to the ERP
                given:
                  - record: { id: d1, name: Big, stageName: Won }
                    previous: { stageName: Open }
                expect:
                  - to: hook:erp
                    contains: { name: Big }
            """;
}
