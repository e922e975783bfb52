package io.crmbridge.component.impactiveai;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.FeedConsumer;
import io.crmbridge.component.FeedOptions;
import io.crmbridge.component.NearestWord;
import io.crmbridge.component.SnapshotOptions;
import io.crmbridge.component.SnapshotProducer;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
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

/** Reads the changes of an ImpactiveAI workspace as a source, and calls its API as a target. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "impactiveai",
        title = "ImpactiveAI",
        syntax = "impactiveai:resource",
        category = {Category.SAAS})
public class ImpactiveAiEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
    private static final List<String> OPERATIONS = List.of("list", SnapshotOptions.OPERATION, "test");

    private final BridgeServices services;

    @UriPath(
            enums = "contacts,companies,deals,invoices,projects,auth",
            description = "contacts, companies, deals, invoices and projects are feeds and lists; auth is tested")
    @Metadata(required = true)
    private String resource;

    @UriParam(
            defaultValue = "default",
            description =
                    "Name of the connection, set by bridge.connection.name.type and its siblings; as a source an asterisk"
                            + " means all of this type")
    private String connection = "default";

    @UriParam(
            label = "producer",
            enums = "list,snapshot,test",
            description =
                    "What to do as a target: list (the default of a resource that lists): what the CRM lists now;"
                            + " snapshot: every record as last seen, from the mirror, without a call to the CRM; test (of auth)")
    private String operation;

    @UriParam(label = "producer", description = "list: only what was updated after this time (ISO 8601)")
    private String since;

    @UriParam
    private FeedOptions options = new FeedOptions();

    @UriParam
    private SnapshotOptions snapshot = new SnapshotOptions();

    ImpactiveAiEndpoint(String uri, Component component, BridgeServices services) {
        super(uri, component);
        this.services = services;
    }

    /** @throws IllegalArgumentException when an option is not what it should be; names the nearest right word */
    void check() {
        List<String> resources = new ArrayList<>(
                ImpactiveAi.FEEDS.stream().map(FeedContract::name).toList());
        resources.add("auth");
        NearestWord.require("resource", resource, resources);
        if (operation != null) {
            NearestWord.require("operation", operation, OPERATIONS);
            if (connection.equals("*")) {
                throw new IllegalArgumentException(
                        "connection=* is for a source: operation=%s works on one connection, so name it"
                                .formatted(operation));
            }
        }
        if (isSnapshot() && (isTest() || since != null)) {
            throw new IllegalArgumentException(
                    isTest()
                            ? "auth has no snapshot: use operation=test"
                            : "since is an option of operation=list: use updatedWithin or where");
        }
        snapshot.check(operation, getCamelContext());
        NearestWord.require("startFrom", options.getStartFrom(), List.of("now", "mirror", "beginning"));
        options.check(services.allowFastPoll());
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (resource.equals("auth")) {
            throw new IllegalArgumentException("impactiveai:auth is a target only");
        }
        if (operation != null) {
            throw new IllegalArgumentException("operation=%s is for a target, not for from:".formatted(operation));
        }
        FeedConsumer consumer = new FeedConsumer(
                this, processor, services, ImpactiveAi.TYPE, connection, resource, options, route -> route);
        configureConsumer(consumer);
        return consumer;
    }

    /** Each route has its own place on the feed, also two whose options are the same. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public Producer createProducer() {
        return isSnapshot()
                ? new SnapshotProducer(this, services, connection, resource, options, snapshot)
                : new ImpactiveAiProducer(this, services);
    }

    private boolean isSnapshot() {
        return SnapshotOptions.OPERATION.equals(operation);
    }

    boolean isTest() {
        return resource.equals("auth");
    }

    public String getResource() {
        return resource;
    }

    public void setResource(String resource) {
        this.resource = resource;
    }

    public String getConnection() {
        return connection;
    }

    public void setConnection(String connection) {
        this.connection = connection;
    }

    public String getOperation() {
        return operation;
    }

    public void setOperation(String operation) {
        this.operation = operation;
    }

    public String getSince() {
        return since;
    }

    public void setSince(String since) {
        this.since = since;
    }

    public FeedOptions getOptions() {
        return options;
    }

    public void setOptions(FeedOptions options) {
        this.options = options;
    }

    public SnapshotOptions getSnapshot() {
        return snapshot;
    }

    public void setSnapshot(SnapshotOptions snapshot) {
        this.snapshot = snapshot;
    }
}
