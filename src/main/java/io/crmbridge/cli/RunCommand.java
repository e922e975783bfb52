package io.crmbridge.cli;

import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Swap;
import io.crmbridge.component.Activity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a bundle until it is interrupted (Ctrl-C) or the time is up.",
            "That is what was deployed last in the data folder; where nothing was, it is the current folder."
        })
final class RunCommand implements Callable<Integer> {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    @Mixin
    private BundleOption bundle;

    @Mixin
    private DataOption data;

    @Option(
            names = "--port",
            defaultValue = "${env:CRM_BRIDGE_PORT:-8080}",
            description = "Port of the ops page on 127.0.0.1; 0 for any free one (CRM_BRIDGE_PORT; ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "End by itself after this time, for example 20s.")
    private Duration limit;

    @Option(
            names = "--dev",
            description =
                    "Take up each change that is saved in the bundle's folder; what is wrong is told, and what ran runs on. What"
                            + " is deployed does not run then.")
    private boolean dev;

    @Spec
    private CommandSpec spec;

    private String told = "";
    private Instant end;
    private boolean waitedToTheEnd;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Interruption interruption = new Interruption()) {
            boolean again = true;
            while (again) {
                again = run(out, interruption);
            }
            out.println("stopped; every route keeps its place");
            out.flush();
        }
        return ExitCodes.DONE;
    }

    /**
     * False when it shall end; true when it has lost the store, and may wait for it again, or when a bundle was mended or
     * another one deployed.
     */
    private boolean run(PrintWriter out, Interruption interruption) {
        BundleOption.Chosen chosen = dev ? bundle.folder() : bundle.choose(data);
        out.println("Bundle: " + chosen);
        out.flush();
        // Before anything is read, for what is saved while it starts.
        Optional<DevWatch> atStart = dev ? Optional.of(watchFrom(chosen.bundle().folder())) : Optional.empty();
        try (BridgeProcess bridge = BridgeProcess.start(
                chosen.bundle(),
                data.folder,
                port,
                System.getenv(),
                Activity.NONE,
                forWhom -> standBy(out, interruption, forWhom),
                chosen::running)) {
            if (!chosen.isStill(data)) {
                out.println("another bundle was deployed while this one started");
                return true;
            }
            int off = bridge.reading().off().size();
            int paused = bridge.paused().size();
            out.printf(
                    "Routes: %d run, %d paused, %d off. Ops page: %s  Data: %s%n",
                    bridge.reading().routes().size() - paused - off,
                    paused,
                    off,
                    bridge.address(),
                    data.folder.toAbsolutePath());
            bridge.reading().off().forEach((id, reason) -> out.printf("  %s is off: %s%n", id, reason));
            bridge.paused().forEach(id -> out.printf("  %s is paused: `routes resume %s` lets it go on%n", id, id));
            out.flush();
            if (atStart.isPresent()) {
                watch(atStart.get(), bridge, interruption, out);
            } else {
                interruption.await(left(), bridge.store().lost());
            }
            boolean lost = bridge.store().lost().isDone() && !interruption.isAsked();
            if (lost) {
                out.println("another bridge has taken over the store: this one has stopped polling and delivering");
            }
            return lost;
        } catch (BundleException e) {
            if (atStart.isEmpty() || interruption.isAsked()) {
                throw e;
            }
            e.findings().forEach(out::println);
            out.println("not started: it is tried again when something is saved in the bundle's folder");
            out.flush();
            return awaitSave(atStart.get(), interruption);
        } catch (RuntimeException e) {
            // Camel does not start in a JVM that is ending, which is no fault; nor is it one to wait to the end.
            if (!interruption.isAsked() && !waitedToTheEnd) {
                throw e;
            }
            return false;
        }
    }

    private void watch(DevWatch atStart, BridgeProcess bridge, Interruption interruption, PrintWriter out) {
        out.println("Watching " + bundle.folder().bundle().folder() + ": what you save there is taken up.");
        out.flush();
        DevWatch watch = atStart.with(bridge.live(), line -> {
            out.println(line);
            out.flush();
        });
        look(watch, interruption, bridge.store().lost());
    }

    /** False when it shall end. */
    private boolean awaitSave(DevWatch atStart, Interruption interruption) {
        CompletableFuture<Void> saved = new CompletableFuture<>();
        Swap.Host none = version -> {
            saved.complete(null);
            return new Swap(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
        };
        look(atStart.with(none, line -> {}), interruption, saved);
        return saved.isDone() && !interruption.isAsked();
    }

    private void look(DevWatch watch, Interruption interruption, CompletableFuture<?> end) {
        while (!interruption.isAsked()
                && !end.isDone()
                && left().filter(left -> left.isNegative() || left.isZero()).isEmpty()) {
            watch.look();
            interruption.await(Optional.of(LOOK_AGAIN), end);
        }
    }

    private static DevWatch watchFrom(Path folder) {
        try {
            Swap.Host none = version -> {
                throw new IllegalStateException("nothing runs yet");
            };
            return new DevWatch(folder, none, line -> {});
        } catch (IOException e) {
            throw new CommandException(ExitCodes.FAILED, "%s cannot be watched: %s".formatted(folder, e.getMessage()));
        }
    }

    private boolean standBy(PrintWriter out, Interruption interruption, String forWhom) {
        if (!forWhom.equals(told)) {
            told = forWhom;
            out.println(forWhom);
            out.flush();
        }
        boolean interrupted = interruption.await(Optional.of(ASK_AGAIN));
        waitedToTheEnd = left().filter(Duration::isNegative).isPresent();
        return !interrupted && !waitedToTheEnd;
    }

    /** The time counts from when the bridge runs or waits. */
    private Optional<Duration> left() {
        if (limit == null) {
            return Optional.empty();
        }
        if (end == null) {
            end = Instant.now().plus(limit);
        }
        return Optional.of(Duration.between(Instant.now(), end));
    }
}
