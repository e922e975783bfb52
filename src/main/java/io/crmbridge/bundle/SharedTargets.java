package io.crmbridge.bundle;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What two routes must not share: a file that both write, and a place in the log. */
final class SharedTargets {
    private final Report report;

    private SharedTargets(Report report) {
        this.report = report;
    }

    static void check(Subject subject) {
        SharedTargets check = new SharedTargets(subject.report());
        Map<String, Use> exports = new LinkedHashMap<>();
        Map<String, Use> files = new LinkedHashMap<>();
        Map<String, Use> places = new LinkedHashMap<>();
        for (Use use : subject.uses()) {
            if (use.is("export") && use.option("as").orElse("file").equals("file")) {
                check.export(use, exports);
            } else if (use.is("file") && !use.isSource()) {
                check.file(use, files);
            } else if (use.isSource() && RouteCheck.isFeed(use.uri())) {
                check.subscription(use, places);
            }
        }
    }

    /** With the feed or the connection in its name the file may be another. */
    private void export(Use use, Map<String, Use> seen) {
        if (use.name().contains("{feed}") || use.name().contains("{connection}")) {
            return;
        }
        Use before = seen.putIfAbsent(use.name(), use);
        if (before == null) {
            return;
        }
        for (String option : List.of("columns", "roll")) {
            if (!use.option(option).equals(before.option(option))) {
                report.error(
                        Code.SHARED_FILE,
                        use.atOption(
                                option,
                                "%s is written with another %s in route %s: give each its own file, or the same %s"
                                        .formatted(use.base(), option, id(before), option)));
                return;
            }
        }
        if (before.route() != use.route()) {
            report.warning(
                    Code.SHARED_FILE,
                    use.finding(
                            "%s is written by route %s too, so that the file mixes what both write: give each its own"
                                    .formatted(use.base(), id(before))));
        }
    }

    private void file(Use use, Map<String, Use> seen) {
        Optional<String> name = use.option("fileName").filter(it -> !it.contains("${"));
        if (name.isEmpty() || use.option("fileExist").filter("Append"::equals).isPresent()) {
            return;
        }
        Use before = seen.putIfAbsent(use.base() + "/" + name.get(), use);
        if (before != null) {
            report.warning(
                    Code.SHARED_FILE,
                    use.atValue(
                            "fileName",
                            "%s/%s is written by a step of route %s too, and the later one wins: give each its own file name"
                                    .formatted(use.base(), name.get(), id(before))));
        }
    }

    private void subscription(Use use, Map<String, Use> seen) {
        Optional<String> named = use.option("subscription");
        String place = named.orElse(id(use));
        Use before = seen.putIfAbsent(place + "@" + use.base() + "@" + use.option("connection"), use);
        if (before != null && (named.isPresent() || before.has("subscription"))) {
            report.error(
                    Code.SHARED_SUBSCRIPTION,
                    use.atValue(
                            "subscription",
                            "route %s has the subscription %s of %s already: each of the two would get only a part"
                                            .formatted(id(before), place, use.base())
                                    + ". Give each its own, or leave subscription out"));
        }
    }

    private static String id(Use use) {
        return String.valueOf(use.route().getRouteId());
    }
}
