package io.crmbridge.cli;

import io.crmbridge.console.Status;
import io.crmbridge.state.Store;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Shows connections, feeds, inboxes and routes; works on the data folder, also while nothing runs.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--check", description = "Exit with 3 when something is not well.")
    private boolean check;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Status status;
        try (Store store = data.attach()) {
            status = Status.of(store, data.isServed(store));
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Output.json(out, status);
        } else {
            print(out, status);
        }
        return check && !status.problems().isEmpty() ? ExitCodes.DEGRADED : ExitCodes.DONE;
    }

    static void print(PrintWriter out, Status status) {
        out.println(status.running() ? "The bridge runs." : "No bridge runs on this store.");
        status.bridges()
                .forEach(bridge -> out.printf(
                        "  %s %s since %s%n",
                        bridge.name(), bridge.active() ? "is active" : "stands by", bridge.since()));
        out.println();
        Output.table(
                out,
                List.of("CONNECTION", "TYPE", "STATE", "WORKSPACE", "SINCE"),
                status.connections().stream()
                        .map(c -> Arrays.<Object>asList(c.name(), c.type(), c.state(), c.workspace(), c.since()))
                        .toList());
        out.println();
        quotas(out, status.connections());
        Output.table(
                out,
                List.of(
                        "FEED",
                        "CONNECTION",
                        "PROVEN UNTIL",
                        "FRESH AT",
                        "PAGE",
                        "GAPS",
                        "UNKNOWN BEFORE",
                        "QUARANTINED"),
                status.feeds().stream()
                        .map(f -> Arrays.<Object>asList(
                                f.feed(),
                                f.connection(),
                                f.provenUntil(),
                                f.freshAt(),
                                f.pageFill(),
                                f.openGaps(),
                                f.unknownBefore(),
                                f.quarantined()))
                        .toList());
        out.println();
        if (!status.inboxes().isEmpty()) {
            Output.table(
                    out,
                    List.of("INBOX", "ACCEPTED", "DUPLICATES", "REFUSED", "DROPPED", "READERS", "WAITING"),
                    status.inboxes().stream()
                            .map(i -> Arrays.<Object>asList(
                                    i.name(),
                                    i.accepted(),
                                    i.duplicates(),
                                    i.refused(),
                                    i.dropped(),
                                    i.readers(),
                                    i.waiting()))
                            .toList());
            out.println();
        }
        routes(out, status.routes());
        if (!status.problems().isEmpty()) {
            out.println();
            status.problems().forEach(problem -> out.println("! " + problem));
        }
    }

    private static void quotas(PrintWriter out, List<Status.ConnectionStatus> connections) {
        List<Status.ConnectionStatus> limited =
                connections.stream().filter(c -> c.quota() != null).toList();
        if (!limited.isEmpty()) {
            Output.table(
                    out,
                    List.of("QUOTA OF", "CALLS LEFT", "NOTE"),
                    limited.stream()
                            .map(c -> Arrays.<Object>asList(c.name(), left(c.quota()), note(c.quota())))
                            .toList());
            out.println();
        }
    }

    private static String left(Status.QuotaStatus quota) {
        return quota.windows().stream()
                .map(window -> window.left() + " of " + window.window())
                .collect(Collectors.joining(", "));
    }

    private static String note(Status.QuotaStatus quota) {
        if (quota.note() != null || quota.share() == null) {
            return quota.note();
        }
        return "too many calls, the CRM said: none until %s, then %d %% of each limit"
                .formatted(quota.quietUntil(), quota.share());
    }

    static void routes(PrintWriter out, List<Status.RouteStatus> routes) {
        Output.table(
                out,
                List.of("ROUTE", "STATE", "FEED", "DELIVERED", "WAITING", "PARKED", "DEAD", "HANDLED BY ROUTE", "NOTE"),
                routes.stream()
                        .map(r -> Arrays.<Object>asList(
                                r.id(),
                                r.state(),
                                r.feed(),
                                r.delivered(),
                                r.waiting(),
                                r.parked(),
                                r.dead(),
                                r.handledByRoute(),
                                r.reason() == null ? r.note() : r.reason()))
                        .toList());
        List<Status.RouteStatus> scheduled =
                routes.stream().filter(r -> r.schedule() != null).toList();
        if (!scheduled.isEmpty()) {
            out.println();
            Output.table(
                    out,
                    List.of("SCHEDULED ROUTE", "LAST DUE", "ENDED", "OUTCOME", "NEXT"),
                    scheduled.stream()
                            .map(r -> Arrays.<Object>asList(
                                    r.id(),
                                    r.schedule().due(),
                                    r.schedule().ended(),
                                    outcome(r.schedule()),
                                    r.schedule().next()))
                            .toList());
        }
    }

    private static String outcome(Status.FireStatus fires) {
        if (fires.due() == null) {
            return "has not fired yet";
        }
        return fires.failure() != null ? fires.failure() : fires.ended() == null ? "runs" : "done";
    }
}
