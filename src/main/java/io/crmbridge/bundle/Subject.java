package io.crmbridge.bundle;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * What is checked: a bundle's routes in a context that never starts, and what its configuration says.
 *
 * @param routes each with its file, or the name of its class
 * @param uses every address of every route, in order
 */
record Subject(
        Bundle bundle,
        BridgeConfig config,
        CamelContext context,
        Map<RouteDefinition, Path> routes,
        Places places,
        Report report,
        List<Use> uses) {

    static Subject of(
            Bundle bundle,
            BridgeConfig config,
            CamelContext context,
            Map<RouteDefinition, Path> routes,
            Places places,
            Report report) {
        List<Use> uses = new ArrayList<>();
        routes.forEach((route, file) -> {
            uses.add(
                    use(context, route, file, Optional.empty(), route.getInput().getEndpointUri(), places));
            Steps.walk(
                    route.getOutputs(),
                    step -> Steps.uri(step)
                            .ifPresent(uri -> uses.add(use(context, route, file, Optional.of(step), uri, places))));
        });
        return new Subject(bundle, config, context, routes, places, report, List.copyOf(uses));
    }

    private static Use use(
            CamelContext context,
            RouteDefinition route,
            Path file,
            Optional<org.apache.camel.model.ProcessorDefinition<?>> step,
            String uri,
            Places places) {
        return new Use(route, file, step, uri, TemplateParameters.resolved(context, route, uri), places);
    }

    List<Use> usesOf(RouteDefinition route) {
        return uses.stream().filter(use -> use.route() == route).toList();
    }

    Use sourceOf(RouteDefinition route) {
        return usesOf(route).get(0);
    }

    boolean isOnFeed(RouteDefinition route) {
        return RouteCheck.isFeed(sourceOf(route).uri());
    }
}
