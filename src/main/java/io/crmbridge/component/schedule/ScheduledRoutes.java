package io.crmbridge.component.schedule;

import io.crmbridge.feed.Timer;
import io.crmbridge.state.Schedules;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;

/**
 * Watches every route on {@code quartz:}.
 *
 * @param catchUp whether a fire that was missed is made up for, once
 * @param runs what is made up for or tried again runs here
 */
public record ScheduledRoutes(
        Schedules schedules,
        String bundle,
        boolean catchUp,
        Clock clock,
        Timer timer,
        Executor runs,
        RandomGenerator random)
        implements RoutePolicyFactory {

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
        boolean scheduled = route instanceof RouteDefinition definition
                && context.resolvePropertyPlaceholders(definition.getInput().getEndpointUri())
                        .startsWith("quartz:");
        return scheduled ? new ScheduledRoute(this, routeId) : null;
    }
}
