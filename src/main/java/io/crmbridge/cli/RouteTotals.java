package io.crmbridge.cli;

import io.crmbridge.console.Status.RouteStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One line a route, also where it is on the feeds of many sequences: for a screen that is looked at in passing. */
final class RouteTotals {
    private RouteTotals() {}

    static List<RouteStatus> of(List<RouteStatus> places) {
        Map<String, List<RouteStatus>> byRoute = places.stream()
                .collect(Collectors.groupingBy(RouteStatus::id, LinkedHashMap::new, Collectors.toList()));
        return byRoute.values().stream().map(RouteTotals::total).toList();
    }

    private static RouteStatus total(List<RouteStatus> places) {
        RouteStatus first = places.get(0);
        if (places.size() == 1) {
            return first;
        }
        RouteStatus shown = places.stream()
                .filter(place -> !place.state().equals(first.state()) || place.reason() != null)
                .findFirst()
                .orElse(first);
        return new RouteStatus(
                first.id(),
                shown.state(),
                shown.reason(),
                first.connection(),
                places.size() + " feeds",
                null,
                sum(places, RouteStatus::delivered),
                sum(places, RouteStatus::waiting),
                sum(places, RouteStatus::parked),
                sum(places, RouteStatus::dead),
                sum(places, RouteStatus::handledByRoute),
                null,
                null,
                first.schedule());
    }

    private static Long sum(List<RouteStatus> places, Function<RouteStatus, Long> of) {
        return places.stream()
                .map(of)
                .mapToLong(value -> value == null ? 0 : value)
                .sum();
    }
}
