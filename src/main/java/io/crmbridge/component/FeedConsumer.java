package io.crmbridge.component;

import io.crmbridge.feed.Delivery;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.Handover;
import io.crmbridge.feed.Outcome;
import io.crmbridge.feed.SubscriptionHandle;
import io.crmbridge.feed.SubscriptionSpec;
import io.crmbridge.state.Change;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A route's end of its subscriptions: one a connection, or one a connection and key of its feeds. */
public final class FeedConsumer extends DefaultConsumer implements Suspendable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedConsumer.class);
    private static final String ALL = "*";

    private final BridgeServices services;
    private final String type;
    private final String connection;
    private final FeedAddress address;
    private final FeedOptions options;
    private final Narrowing narrowed;
    private final List<SubscriptionHandle> handles = new CopyOnWriteArrayList<>();
    // Guarded by this.
    private final Set<String> opened = new HashSet<>();
    private boolean subscribed;
    /** Ends the wait for new connections. */
    private Runnable newcomers = () -> {};

    /** Which of a feed's changes a route gets. */
    public interface Narrowing {
        Narrowing NONE = (route, connection, key) -> route;

        /** @param key of the feed, where its resource has several */
        Delivery of(Delivery route, String connection, Optional<String> key);
    }

    /**
     * @param connection a name, or {@code *} for every connection of the type
     * @param narrowed makes the delivery that the log hands to
     */
    public FeedConsumer(
            Endpoint endpoint,
            Processor processor,
            BridgeServices services,
            String type,
            String connection,
            FeedAddress address,
            FeedOptions options,
            Narrowing narrowed) {
        super(endpoint, processor);
        this.services = services;
        this.type = type;
        this.connection = connection;
        this.address = address;
        this.options = options;
        this.narrowed = narrowed;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        subscribe();
    }

    private synchronized void subscribe() {
        subscribed = true;
        FeedRuntime feeds = services.runningFeeds();
        if (getHealthCheck() == null
                && HealthCheckHelper.getHealthCheckRepository(getEndpoint().getCamelContext(), "consumers") != null) {
            setHealthCheck(new FeedHealthCheck(getRouteId(), handles));
        }
        if (connection.equals(ALL)) {
            // Before the others are asked for: whichever tells of one that is added now, it is opened once.
            newcomers = feeds.onConnection(type, this::openOne);
            feeds.connections(type).forEach(this::openOne);
        } else {
            open(connection);
        }
    }

    private synchronized void openOne(String name) {
        if (!subscribed || !opened.add(name)) {
            return;
        }
        if (address.choice().isEmpty() && !services.runningFeeds().hasFeed(name, address.feed())) {
            LOG.warn(
                    "route {}: connection {} is left out, for {} is not one feed of it: an agency's are of each location, and"
                            + " a route with locations= reads them",
                    getRouteId(),
                    name,
                    address.resource());
            return;
        }
        try {
            open(name);
        } catch (RuntimeException e) {
            opened.remove(name);
            throw e;
        }
    }

    private void open(String name) {
        FeedRuntime feeds = services.runningFeeds();
        SubscriptionSpec spec = new SubscriptionSpec(
                services.bundle(),
                options.getSubscription() == null ? getRouteId() : options.getSubscription(),
                getRouteId(),
                name,
                address.feed(),
                options.start(),
                options.delay(services.allowFastPoll()),
                options.cronExpression(),
                options.getParallel(),
                options.getBatchSize(),
                options.retryPolicy(),
                options.isDurable() ? Optional.empty() : Optional.of("not durable"));
        SubscriptionHandle handle = address.choice().isEmpty()
                ? feeds.subscribe(spec, delivery(name, Optional.empty()))
                : feeds.subscribeEach(spec, address.choice().get(), id -> delivery(name, Optional.of(id)));
        handles.add(handle);
        handle.start();
    }

    private Delivery delivery(String connectionName, Optional<String> key) {
        return narrowed.of(
                new RouteDelivery(
                        this,
                        services,
                        connectionName,
                        address.resource(),
                        key.map(id -> Map.entry(address.header(), id)),
                        options.allowedFields(),
                        options.outcomes()),
                connectionName,
                key);
    }

    /** As the route names it: a name, or {@code *}. */
    public String connection() {
        return connection;
    }

    public FeedAddress address() {
        return address;
    }

    /**
     * Hands changes over as a subscription of this route would, in batches where it wants them; at once, and once each.
     *
     * @param key of the feed, where its resource has several
     * @param workspaceId of the connection
     * @return one outcome a delivery
     */
    public List<Outcome> rehearse(
            String connectionName, Optional<String> key, String workspaceId, List<Change> changes) {
        Delivery delivery = delivery(connectionName, key);
        String subscription = services.bundle() + "/"
                + (options.getSubscription() == null ? getRouteId() : options.getSubscription());
        String feed = key.map(id -> address.feed() + "/" + id).orElse(address.feed());
        int size = options.getBatchSize();
        List<Outcome> outcomes = new ArrayList<>();
        for (int from = 0; from < changes.size(); from += size) {
            List<Change> some = changes.subList(from, Math.min(changes.size(), from + size));
            outcomes.add(delivery.deliver(Handover.first(some, workspaceId, feed, subscription, size > 1)));
        }
        return outcomes;
    }

    private synchronized void unsubscribe() {
        subscribed = false;
        opened.clear();
        newcomers.run();
        newcomers = () -> {};
        handles.forEach(SubscriptionHandle::close);
        handles.clear();
    }

    @Override
    protected void doStop() throws Exception {
        unsubscribe();
        super.doStop();
    }

    @Override
    protected void doSuspend() {
        unsubscribe();
    }

    @Override
    protected void doResume() {
        subscribe();
    }
}
