package io.crmbridge.component.events;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.FeedAddress;
import io.crmbridge.component.FeedConsumer;
import io.crmbridge.component.FeedOptions;
import io.crmbridge.component.NearestWord;
import io.crmbridge.feed.Cause;
import io.crmbridge.feed.Delivery;
import io.crmbridge.feed.FeedRuntime;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Tells what is not well: once when it begins, again while it lasts, and when it is over. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "events",
        title = "Events",
        syntax = "events:kind",
        consumerOnly = true,
        category = {Category.MONITORING})
public class EventsEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
    private static final String ALL = "all";

    private final BridgeServices services;

    @UriPath(
            enums =
                    "all,gap,quarantine,feed-failing,key-refused,dead-letter,route-paused,target-down,schedule-failed,stale,unknown-write,mismatch,flood-gate,quota",
            description =
                    "all, or one kind. The body has kind, subject, text, state (new, reminder, over), since and at")
    @Metadata(required = true)
    private String kind;

    @UriParam
    private FeedOptions options = new FeedOptions();

    EventsEndpoint(String uri, Component component, BridgeServices services) {
        super(uri, component);
        this.services = services;
    }

    /** @throws IllegalArgumentException when an option is not what it should be; names the nearest right word */
    void check() {
        List<String> kinds = new ArrayList<>(List.of(ALL));
        kinds.addAll(Cause.KINDS);
        NearestWord.require("kind", kind, kinds);
        NearestWord.require("startFrom", options.getStartFrom(), List.of("now", "mirror", "beginning"));
        options.check(services.allowFastPoll());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        FeedConsumer consumer = new FeedConsumer(
                this,
                processor,
                services,
                FeedRuntime.LOCAL,
                FeedRuntime.LOCAL,
                FeedAddress.of(FeedRuntime.EVENTS),
                options,
                (route, name, key) -> ofMyKind(route));
        configureConsumer(consumer);
        return consumer;
    }

    /** What is of another kind is done without the route. */
    private Delivery ofMyKind(Delivery route) {
        return kind.equals(ALL)
                ? route
                : handover -> handover.deliverOnly(change -> change.recordId().startsWith(kind + " "), route);
    }

    /** Each route has its own place on the feed, also two whose options are the same. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("events: is a source only");
    }

    public String getKind() {
        return kind;
    }

    public void setKind(String kind) {
        this.kind = kind;
    }

    public FeedOptions getOptions() {
        return options;
    }

    public void setOptions(FeedOptions options) {
        this.options = options;
    }
}
