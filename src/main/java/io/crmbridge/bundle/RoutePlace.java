package io.crmbridge.bundle;

import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;

/**
 * Where a route on a feed keeps its place in the log.
 *
 * @param route its id
 * @param subscription the name of the place: the route's id unless its source says otherwise
 * @param resource what its source reads: a CRM's resource, or the name of an inbox
 */
public record RoutePlace(String route, String subscription, String resource) {

    /** Empty for a route that is on no feed, and for one whose source cannot be read, which the check of it tells. */
    static Optional<RoutePlace> of(CamelContext context, RouteDefinition route) {
        String source =
                TemplateParameters.resolved(context, route, route.getInput().getEndpointUri());
        if (!RouteCheck.isFeed(source) || source.contains("{{")) {
            return Optional.empty();
        }
        String path = source.replaceFirst("\\?.*", "").replaceFirst("^[^:]*:(//)?", "");
        try {
            Map<String, String> options =
                    PluginHelper.getRuntimeCamelCatalog(context).endpointProperties(source);
            return Optional.of(
                    new RoutePlace(route.getRouteId(), options.getOrDefault("subscription", route.getRouteId()), path));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
