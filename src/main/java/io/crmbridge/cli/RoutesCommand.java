package io.crmbridge.cli;

import io.crmbridge.component.NearestWord;
import io.crmbridge.console.Status;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscriptions.Route;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "routes", mixinStandardHelpOptions = true, description = "Lists, pauses and resumes routes.")
final class RoutesCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which one: list, pause or resume?");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the routes with their places.")
    int list(@Mixin DataOption data, @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        try (Store store = data.attach()) {
            List<Status.RouteStatus> routes =
                    Status.of(store, data.isServed(store)).routes();
            if (json) {
                Output.json(spec.commandLine().getOut(), routes);
            } else {
                StatusCommand.routes(spec.commandLine().getOut(), routes);
            }
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Pauses a route: its place is kept and its feed is polled on.")
    int pause(@Mixin DataOption data, @Parameters(paramLabel = "ROUTE") String route) {
        return change(data, route, true);
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Lets a paused route go on, also one that paused itself with an alarm.")
    int resume(@Mixin DataOption data, @Parameters(paramLabel = "ROUTE") String route) {
        return change(data, route, false);
    }

    private int change(DataOption data, String id, boolean paused) {
        try (Store store = data.attach()) {
            List<Route> routes = store.subscriptions().routes();
            Route route = routes.stream()
                    .filter(r -> r.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> {
                        List<String> ids = routes.stream().map(Route::id).toList();
                        return new CommandException(
                                ExitCodes.USAGE,
                                "no route \"%s\"%s; there are %s"
                                        .formatted(id, NearestWord.hint(id, ids), String.join(", ", ids)));
                    });
            store.subscriptions().pauseRoute(route.bundle(), id, paused);
            Optional<String> answer = RunningBridge.tell(store, data, paused ? "pause" : "resume", id);
            if (answer.filter(text -> !text.equals("done")).isPresent()) {
                throw new CommandException(
                        ExitCodes.FAILED, "route %s: the running bridge says %s".formatted(id, answer.get()));
            }
        }
        spec.commandLine().getOut().println("route %s is %s".formatted(id, paused ? "paused" : "resumed"));
        return ExitCodes.DONE;
    }
}
