package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.dryrun.DryRun;
import io.crmbridge.bundle.dryrun.DryRunReport;
import io.crmbridge.bundle.dryrun.Scope;
import io.crmbridge.component.NearestWord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "dry-run",
        mixinStandardHelpOptions = true,
        description = {
            "Tells what a bundle's routes would do with records of the real CRM, without doing it.",
            "The CRM is read, and nothing is written to it; no mail, no webhook and no file goes out. Nothing of it is kept: a"
                    + " running bridge and its data folder are left alone. docs/bundles-dry-run.md tells how to read the report."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every record would go through",
            "1:some would fail, or the CRM could not be read",
            "2:the bundle is not as it should be"
        })
final class DryRunCommand implements Callable<Integer> {
    private static final int USUAL_SAMPLE = 20;
    private static final int PATIENCE_SECONDS = 5;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = ".",
            description = "The bundle's folder (the current one).")
    private Path folder;

    @ArgGroup
    private Which which = new Which();

    /** Which records; one of the two. */
    static final class Which {
        @Option(
                names = "--since",
                paramLabel = "TIME",
                description = "Try records that were changed since then: 24h, 7d, or 2026-03-01T00:00Z.")
        private String since;

        @Option(
                names = "--sample",
                paramLabel = "N",
                description = "Try the newest N records of each feed (" + USUAL_SAMPLE + ").")
        private int sample = USUAL_SAMPLE;
    }

    @Option(
            names = "--route",
            paramLabel = "ID",
            description = "Try only this route, also one that is off. Can be given several times.")
    private List<String> only = List.of();

    @Option(
            names = "--changed",
            paramLabel = "FIELD",
            split = ",",
            description =
                    "As if these fields had changed in each record: for routes that look at CamelCrmChangedFields.")
    private List<String> changed = List.of();

    @Option(names = "--show", description = "Show what would be sent too, with the records' data.")
    private boolean show;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private DataOption data;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Clock clock = Clock.systemUTC();
        Bundle bundle = Bundle.at(folder, Map.of());
        BundleReader.Reading reading = BundleReader.read(bundle, System.getenv());
        if (!reading.findings().isEmpty()) {
            throw new BundleException(reading.findings());
        }
        Scope scope = new Scope(since(clock), which.sample, routes(reading), changed, show);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Interruption interruption = new Interruption();
                ScratchFolder scratch = ScratchFolder.create("crm-bridge-dry-run");
                ScratchCrms crms = new ScratchCrms(scratch.path(), reading.config(), data, clock)) {
            crms.all().stream()
                    .map(crm -> crm.connection().name())
                    .filter(name -> reading.config().crm().quota(name).isPresent())
                    .forEach(name -> tell(
                            err,
                            "connection %s: its quota is kept; a bridge that runs beside does not count these calls"
                                    .formatted(name)));
            DryRun dryRun = new DryRun(bundle, reading, scope, clock);
            CompletableFuture<DryRunReport> work = CompletableFuture.supplyAsync(() -> QuietLog.during(
                    () -> dryRun.run(crms.store(), crms.all(), line -> tell(err, line), interruption::isAsked)));
            interruption.await(Optional.empty(), work.handle((report, failure) -> Optional.ofNullable(report)));
            if (interruption.isAsked()) {
                crms.hangUp();
                awaitEnd(work);
                err.println("interrupted; nothing was sent");
                err.flush();
                return ExitCodes.FAILED;
            }
            DryRunReport report = join(work).withCalls(crms.calls());
            if (json) {
                Output.json(out, report);
            } else {
                new DryRunText(out).print(report);
            }
            out.flush();
            return report.isClean() ? ExitCodes.DONE : ExitCodes.FAILED;
        }
    }

    private void tell(PrintWriter err, String line) {
        if (!json) {
            err.println(line);
            err.flush();
        }
    }

    private static DryRunReport join(CompletableFuture<DryRunReport> work) {
        try {
            return work.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** What it still had in hand ends before its store is taken from it. */
    private static void awaitEnd(CompletableFuture<?> work) throws InterruptedException {
        try {
            work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | CancellationException | TimeoutException e) {
            // It was cut short, as it was to be.
        }
    }

    private Optional<Instant> since(Clock clock) {
        if (which.sample < 1) {
            throw new ParameterException(spec.commandLine(), "--sample is at least 1");
        }
        if (which.since == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(clock.instant().minus(new Durations().convert(which.since)));
        } catch (TypeConversionException e) {
            return Optional.of(time(which.since));
        }
    }

    private static Instant time(String text) {
        try {
            return SeedCommand.time(text);
        } catch (CommandException e) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--since=%s is no time: write for example 24h, 7d or 2026-03-01T00:00Z".formatted(text));
        }
    }

    private Set<String> routes(BundleReader.Reading reading) {
        for (String id : only) {
            if (!reading.routes().contains(id)) {
                throw new CommandException(
                        ExitCodes.USAGE, "no route \"%s\"%s".formatted(id, NearestWord.hint(id, reading.routes())));
            }
        }
        Set<String> routes = new TreeSet<>(only.isEmpty() ? reading.routes() : only);
        if (only.isEmpty()) {
            routes.removeAll(reading.off().keySet());
        }
        if (routes.isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "no route of this bundle would start; --route tries one that is off: "
                            + String.join(", ", reading.off().keySet()));
        }
        return routes;
    }
}
