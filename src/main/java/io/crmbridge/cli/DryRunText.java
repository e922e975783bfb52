package io.crmbridge.cli;

import io.crmbridge.bundle.dryrun.DryRunReport;
import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Collectors;

/** A dry run's report, for people. */
record DryRunText(PrintWriter out) {

    void print(DryRunReport report) {
        out.println("Tried with " + report.records() + ".");
        report.routes().forEach(this::route);
        if (!report.off().isEmpty()) {
            out.println();
            out.println("Off, and not tried (--route tries one):");
            report.off().forEach((id, reason) -> out.println("  %s: %s".formatted(id, reason)));
        }
        out.println();
        report.problems().forEach(problem -> out.println("NOT READ  " + problem));
        out.println("Nothing was sent or written. Calls to read the CRM: " + calls(report.crmCalls()) + ".");
    }

    private static String calls(Map<String, Long> calls) {
        return calls.isEmpty()
                ? "none, for no connection has a key"
                : calls.entrySet().stream()
                        .map(one -> "%d by %s".formatted(one.getValue(), one.getKey()))
                        .collect(Collectors.joining(", "));
    }

    private void route(DryRunReport.Route route) {
        out.println();
        out.println("%s  (%s)".formatted(route.id(), route.source()));
        if (route.fed() > 0) {
            out.println("  " + summary(route));
        } else if (route.notes().isEmpty() && route.failures().isEmpty()) {
            out.println("  no such record");
        }
        route.effects().forEach(effect -> out.println("  %6d %s".formatted(effect.count(), words(effect))));
        route.failures().forEach(failure -> out.println("  %6d FAIL: %s".formatted(failure.count(), failure.reason())));
        route.notes().forEach(note -> out.println("  note: " + note));
        route.shown()
                .forEach(
                        shown -> out.println("    -> %s %s %s".formatted(shown.to(), shown.operation(), shown.body())));
    }

    private static String summary(DryRunReport.Route route) {
        String fed = route.source().matches("(quartz|timer|scheduler):.*")
                ? "fired once"
                : "%d record%s".formatted(route.fed(), route.fed() == 1 ? "" : "s");
        int working = route.fed() - route.quiet() - route.failed() - route.handled();
        return "%s: %d sent on, %d with nothing to send, %d failed%s"
                .formatted(
                        fed,
                        Math.max(0, working),
                        route.quiet(),
                        route.failed(),
                        route.handled() == 0 ? "" : ", %d failed and handled by the route".formatted(route.handled()));
    }

    private static String words(DryRunReport.Effect effect) {
        return switch (effect.kind()) {
            case "webhook" -> several(effect, "webhook") + " to " + effect.to();
            case "mail" ->
                "%s by %s, to %d address%s"
                        .formatted(
                                several(effect, "mail"),
                                effect.to(),
                                effect.addresses(),
                                effect.addresses() == 1 ? "" : "es");
            case "row" -> several(effect, "row") + " of " + effect.to();
            case "file" -> several(effect, "file") + " to " + effect.to();
            case "statement" -> several(effect, "statement") + " by " + effect.to();
            case "entry" -> (effect.count() == 1 ? "entry of " : "entries of ") + effect.to();
            case "call" -> several(effect, "call") + ", " + effect.to();
            case "message" -> several(effect, "message") + " to " + effect.to();
            case "create" -> "created: " + effect.to();
            case "update" -> "updated: " + effect.to();
            case "enroll" -> "enrolled into " + effect.to();
            case "left out" -> "not enrolled: " + effect.to();
            case "held" -> "held for a person: " + effect.to();
            default -> "%s: %s".formatted(effect.kind(), effect.to());
        };
    }

    private static String several(DryRunReport.Effect effect, String noun) {
        return effect.count() == 1 ? noun : noun + "s";
    }
}
