package io.crmbridge.component.intellivizz;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.FeedAddress;
import io.crmbridge.component.FeedConsumer;
import io.crmbridge.component.FeedOptions;
import io.crmbridge.component.FeedSource;
import io.crmbridge.component.NearestWord;
import io.crmbridge.component.SnapshotOptions;
import io.crmbridge.component.SnapshotProducer;
import io.crmbridge.component.WriteProducer;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import io.crmbridge.crm.intellivizz.Intellivizz;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

/** Reads the changes of an Intellivizz location as a source, and calls its API as a target. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "intellivizz",
        title = "Intellivizz",
        syntax = "intellivizz:resource",
        category = {Category.SAAS})
public class IntellivizzEndpoint extends DefaultEndpoint implements MultipleConsumersSupport, FeedSource {
    private static final String ALL = "*";

    private final BridgeServices services;

    @UriPath(
            description =
                    "What it is about; see the table of resources and operations. `catalogue list` shows them too")
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
            description = "What to do as a target; unless it is set, the first one that the table of resources shows."
                    + " snapshot: every record as last seen, from the mirror, without a call to the CRM")
    private String operation;

    @UriParam(
            description =
                    "With an agency's key: id or name of the location whose records are read, or an asterisk for all, new"
                            + " ones as they appear; the header CamelCrmLocation says which one a change is of")
    private String locations;

    @UriParam(
            label = "consumer",
            description =
                    "form-submissions and survey-submissions: id or name of the one form or survey that the route is"
                            + " about; all of them unless it is set, or with an asterisk")
    private String form;

    @UriParam
    private CallOptions call = new CallOptions();

    @UriParam
    private FeedOptions options = new FeedOptions();

    @UriParam
    private SnapshotOptions snapshot = new SnapshotOptions();

    IntellivizzEndpoint(String uri, Component component, BridgeServices services) {
        super(uri, component);
        this.services = services;
    }

    private Catalogue catalogue() {
        return connection.equals(ALL)
                ? Catalogue.standard()
                : services.catalogues().apply(connection);
    }

    /** @throws IllegalArgumentException when an option is not what it should be; names the nearest right word */
    void check() {
        NearestWord.require("resource", resource, catalogue().resources());
        if (operation != null) {
            List<String> names = new ArrayList<>(catalogue().operations(resource).stream()
                    .map(entry -> entry.operation().name())
                    .toList());
            if (isFeed()) {
                names.add(SnapshotOptions.OPERATION);
            }
            NearestWord.require("operation", operation, names);
            if (connection.equals(ALL)) {
                throw new IllegalArgumentException(
                        "connection=* is for a source: operation=%s works on one connection, so name it"
                                .formatted(operation));
            }
            if (locations != null && (!isSnapshot() || locations.equals(ALL))) {
                throw new IllegalArgumentException(
                        "locations is for a source, and a snapshot of one location: operation=%s takes location="
                                .formatted(operation));
            }
        }
        if (!isSnapshot()) {
            CatalogueEntry entry = entry();
            call.check(entry.operation().name(), isList(entry));
        } else if (call.getSince() != null) {
            throw new IllegalArgumentException("since is an option of operation=list: use updatedWithin or where");
        }
        if (form != null && operation != null) {
            throw new IllegalArgumentException("form is for a source: operation=%s takes no form".formatted(operation));
        }
        if (form != null && !FormFilter.RESOURCES.containsKey(resource)) {
            throw new IllegalArgumentException("form is an option of %s, and means nothing for %s"
                    .formatted(String.join(" and ", FormFilter.RESOURCES.keySet()), resource));
        }
        snapshot.check(operation, getCamelContext());
        NearestWord.require("startFrom", options.getStartFrom(), List.of("now", "mirror", "beginning"));
        options.check(services.allowFastPoll());
    }

    private static boolean isList(CatalogueEntry entry) {
        return entry.operation().kind() == Operation.Kind.READ
                && (entry.paging().isPresent() || entry.rows().isPresent());
    }

    @Override
    public void checkSource() {
        if (!isFeed()) {
            throw new IllegalArgumentException("intellivizz:%s is a target only".formatted(resource));
        }
        if (locations != null && resource.equals(Intellivizz.LOCATIONS)) {
            throw new IllegalArgumentException(
                    "locations means nothing for intellivizz:locations, which lists them all");
        }
    }

    private boolean isFeed() {
        return catalogue().feed(resource).isPresent();
    }

    private FeedAddress address() {
        return locations == null
                ? FeedAddress.of(resource)
                : FeedAddress.ofEach(resource, Intellivizz.LOCATIONS, locations, CrmConstants.LOCATION);
    }

    private CatalogueEntry entry() {
        return operation == null
                ? catalogue().operations(resource).get(0)
                : catalogue().find(resource, operation).orElseThrow();
    }

    /** What an OAuth consent must allow for this endpoint. */
    public Set<String> scopes(boolean source) {
        Catalogue catalogue = catalogue();
        Set<String> scopes = new TreeSet<>();
        catalogue.find("auth", "test").flatMap(CatalogueEntry::scope).ifPresent(scopes::add);
        Optional<CatalogueEntry> called = source || isSnapshot()
                ? catalogue.feed(resource).flatMap(feed -> catalogue.find(resource, feed.list()))
                : Optional.of(entry());
        called.flatMap(CatalogueEntry::scope).ifPresent(scopes::add);
        if (called.filter(it -> it.operation().needs().contains("workflow")).isPresent()) {
            catalogue.find("workflows", "list").flatMap(CatalogueEntry::scope).ifPresent(scopes::add);
        }
        return scopes;
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        checkSource();
        if (operation != null) {
            throw new IllegalArgumentException("operation=%s is for a target, not for from:".formatted(operation));
        }
        FeedConsumer consumer = new FeedConsumer(
                this,
                processor,
                services,
                Intellivizz.TYPE,
                connection,
                address(),
                options,
                form == null || form.equals(ALL)
                        ? FeedConsumer.Narrowing.NONE
                        : new FormFilter(services, resource, form));
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
        if (isSnapshot()) {
            return new SnapshotProducer(this, services, connection, address(), options, snapshot);
        }
        CatalogueEntry called = entry();
        return called.operation().kind() == Operation.Kind.ONCE
                ? new WriteProducer(
                        this,
                        services.runningFeeds().writes(connection),
                        called.operation(),
                        new CallBuilder(this, services, called))
                : new IntellivizzProducer(this, services, called);
    }

    private boolean isSnapshot() {
        return SnapshotOptions.OPERATION.equals(operation);
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

    public String getLocations() {
        return locations;
    }

    public void setLocations(String locations) {
        this.locations = locations;
    }

    public String getForm() {
        return form;
    }

    public void setForm(String form) {
        this.form = form;
    }

    public CallOptions getCall() {
        return call;
    }

    public void setCall(CallOptions call) {
        this.call = call;
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
