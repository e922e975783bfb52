package io.crmbridge.component.rehearse;

import io.crmbridge.component.FeedConsumer;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.RouteAware;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.DefaultConsumer;

/** The beginning of a route whose source is not listened to: whoever rehearses it hands it what it gets. */
public final class RestingConsumer extends DefaultConsumer {
    private final Optional<Consumer> feed;

    RestingConsumer(Endpoint endpoint, Processor processor, Optional<Consumer> feed) {
        super(endpoint, processor);
        this.feed = feed;
    }

    /** The consumer that would be on the feed or inbox, where the source is one; it is never started. */
    public Optional<FeedConsumer> feed() {
        return feed.filter(FeedConsumer.class::isInstance).map(FeedConsumer.class::cast);
    }

    @Override
    public void setRoute(Route route) {
        super.setRoute(route);
        if (feed.orElse(null) instanceof RouteAware aware) {
            aware.setRoute(route);
        }
    }

    @Override
    public void setRouteId(String routeId) {
        super.setRouteId(routeId);
        if (feed.orElse(null) instanceof RouteIdAware aware) {
            aware.setRouteId(routeId);
        }
    }
}
