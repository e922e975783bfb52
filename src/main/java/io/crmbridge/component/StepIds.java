package io.crmbridge.component;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;

/** Ids that a person gave to steps. Ids that Camel makes up change when a route is edited, so no key is made of them. */
public final class StepIds {
    private static final Set<String> CUSTOM = ConcurrentHashMap.newKeySet();

    private StepIds() {}

    /** Notes a step's own id as {@code route/step}. */
    public static void note(String routeId, String stepId) {
        CUSTOM.add(routeId + "/" + stepId);
    }

    static Optional<String> own(Exchange exchange) {
        return own(exchange, exchange.getFromRouteId());
    }

    /** @param routeId of the route that the step stands in, which is another one behind a {@code direct:} */
    static Optional<String> own(Exchange exchange, String routeId) {
        String node = exchange.getExchangeExtension().getHistoryNodeId();
        return node != null && CUSTOM.contains(routeId + "/" + node) ? Optional.of(node) : Optional.empty();
    }
}
