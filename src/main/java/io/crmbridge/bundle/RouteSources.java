package io.crmbridge.bundle;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Where a bundle's routes come from: the YAML files of routes/, and the classes that {@code bridge.routes.java} names. */
final class RouteSources {
    private final Bundle bundle;
    private final List<String> classes;

    RouteSources(Bundle bundle, List<String> classes) {
        this.bundle = bundle;
        this.classes = classes;
    }

    /**
     * Adds every route to a context that is not started.
     *
     * @param findings gets what cannot be loaded; the rest is
     * @return each route with its file, or the name of its class, in the order of their loading
     */
    Map<RouteDefinition, Path> load(CamelContext context, Consumer<Finding> findings) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        Map<RouteDefinition, Path> routes = new LinkedHashMap<>();
        for (Path file : bundle.routeFiles()) {
            load(context, file, findings);
            model.getRouteDefinitions().forEach(route -> routes.putIfAbsent(route, file));
        }
        for (String name : classes) {
            try {
                JavaRoutes.load(context, name);
            } catch (BundleException e) {
                e.findings().forEach(findings);
            }
            model.getRouteDefinitions().forEach(route -> routes.putIfAbsent(route, Path.of(name)));
        }
        return routes;
    }

    private void load(CamelContext context, Path file, Consumer<Finding> findings) {
        try {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.resolveMandatoryResource(context, "file:" + file));
        } catch (Exception e) {
            findings.accept(finding(file, e));
        }
    }

    private Finding finding(Path file, Exception failure) {
        int line = 0;
        int column = 0;
        String message = String.valueOf(failure.getMessage());
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof MarkedYamlEngineException marked) {
                line = marked.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
                column = marked.getProblemMark()
                        .map(mark -> mark.getColumn() + 1)
                        .orElse(0);
                message = marked.getProblem() == null ? marked.getMessage() : marked.getProblem();
            } else {
                // What lies deepest says why; what lies above it only that a step could not be made.
                message = String.valueOf(at.getMessage());
            }
        }
        return new Finding(
                bundle.relative(file), line, column, message.lines().findFirst().orElse("cannot be read"));
    }
}
