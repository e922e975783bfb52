package io.crmbridge.bundle;

import io.crmbridge.bundle.code.BundleCode;
import java.nio.file.Path;
import java.util.ArrayList;
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

/**
 * Where a bundle's routes come from: the YAML and the Java files of routes/, and the classes that {@code bridge.routes.java}
 * names.
 */
final class RouteSources {
    private final Bundle bundle;
    private final BundleCode code;
    private final List<String> classes;

    /** @param code of the same bundle; the contexts are bound to it, and who made it closes it after them */
    RouteSources(Bundle bundle, BundleCode code, List<String> classes) {
        this.bundle = bundle;
        this.code = code;
        this.classes = classes;
    }

    /**
     * Adds every route to a context that is not started.
     *
     * @param findings gets what cannot be loaded; the rest is
     * @return each route with its file, or the name of a named class, in the order of their loading
     */
    Map<RouteDefinition, Path> load(CamelContext context, Consumer<Finding> findings) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        Map<RouteDefinition, Path> routes = new LinkedHashMap<>();
        for (Path file : bundle.routeFiles()) {
            load(context, file, findings);
            note(model, file, routes);
        }
        context.setSourceLocationEnabled(true);
        for (BundleCode.JavaRoutes source : code.routes()) {
            load(findings, () -> JavaRoutes.load(context, bundle, source));
            note(model, source.file(), routes)
                    .forEach(route -> route.setLineNumber(route.getInput().getLineNumber()));
        }
        context.setSourceLocationEnabled(false);
        for (String name : classes) {
            load(findings, () -> JavaRoutes.load(context, code, name));
            note(model, Path.of(name), routes);
        }
        return routes;
    }

    /**
     * A route without an id gets one that is the same at each loading; Camel's own would be that of another in another context.
     *
     * @return the routes that were not there before
     */
    private static List<RouteDefinition> note(Model model, Path source, Map<RouteDefinition, Path> routes) {
        List<RouteDefinition> added = new ArrayList<>();
        int unnamed = 0;
        for (RouteDefinition route : model.getRouteDefinitions()) {
            if (routes.putIfAbsent(route, source) == null) {
                added.add(route);
                if (route.getRouteId() == null) {
                    route.setGeneratedId(source.getFileName() + "#" + ++unnamed);
                }
            }
        }
        return added;
    }

    private static void load(Consumer<Finding> findings, Runnable loading) {
        try {
            loading.run();
        } catch (BundleException e) {
            e.findings().forEach(findings);
        }
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
