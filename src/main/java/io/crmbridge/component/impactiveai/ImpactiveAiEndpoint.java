package io.crmbridge.component.impactiveai;

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
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.impactiveai.Operations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
public class ImpactiveAiEndpoint extends DefaultEndpoint implements MultipleConsumersSupport, FeedSource {
    private static final String CONTACT_REPLIES = "contact-replies";
    private static final List<String> OF_A_SEQUENCE =
            List.of("sequences", "steps", "enrollments", "sends", "replies", CONTACT_REPLIES);
    private static final String UPSERT = "upsert";
    private static final String UNENROLL = "unenroll";

    private final BridgeServices services;

    @UriPath(
            enums =
                    "contacts,companies,deals,invoices,projects,sequences,steps,enrollments,sends,replies,contact-replies,"
                            + "bookings,sending-accounts,auth",
            description = "What it is about; see the table of resources and operations")
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
            enums = "create,update,upsert,list,get,add,delete,enroll,pause,unenroll,snapshot,test",
            description = "What to do as a target; unless it is set, the first one that the table of resources shows."
                    + " snapshot: every record as last seen, from the mirror, without a call to the CRM")
    private String operation;

    @UriParam(
            description =
                    "Id or name of the sequence that sequences, steps, enrollments, sends and replies are about; as a"
                            + " source of enrollments, sends or replies an asterisk means all, new ones as they appear;"
                            + " as a target also a simple expression, and for unenroll an asterisk. As a source of contact-replies: the one whose"
                            + " former members' replies are read, which its own replies do not show any more")
    private String sequence;

    @UriParam(
            label = "consumer",
            defaultValue = "14d",
            javaType = "java.time.Duration",
            description = "contact-replies of a sequence: how long after somebody left it their replies are read")
    private String sweepFor = "14d";

    @UriParam
    private CallOptions call = new CallOptions();

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
        NearestWord.require("resource", resource, Operations.resources());
        if (sequence != null && !OF_A_SEQUENCE.contains(resource)) {
            throw new IllegalArgumentException("sequence is an option of %s, and means nothing for %s"
                    .formatted(String.join(", ", OF_A_SEQUENCE), resource));
        }
        if (operation != null) {
            List<String> names = new ArrayList<>(Operations.names(resource));
            if (isFeed()) {
                names.add(SnapshotOptions.OPERATION);
            }
            if (resource.equals("contacts")) {
                names.add(UPSERT);
            }
            NearestWord.require("operation", operation, names);
            if ("*".equals(sequence) && !isSnapshot() && !operation.equals(UNENROLL)) {
                throw new IllegalArgumentException(
                        "sequence=* is for a source and for operation=unenroll: operation=%s is about one, so name it"
                                .formatted(operation));
            }
            if (connection.equals("*")) {
                throw new IllegalArgumentException(
                        "connection=* is for a source: operation=%s works on one connection, so name it"
                                .formatted(operation));
            }
        }
        if (!isSnapshot()) {
            call.check(resource, operationName());
            if (operation != null && !operation.equals(UPSERT)) {
                operation();
            }
        } else if (call.getSince() != null) {
            throw new IllegalArgumentException("since is an option of operation=list: use updatedWithin or where");
        }
        if (isSnapshot()) {
            checkSnapshot();
        }
        snapshot.check(operation, getCamelContext());
        NearestWord.require("startFrom", options.getStartFrom(), List.of("now", "mirror", "beginning"));
        options.check(services.allowFastPoll());
    }

    private void checkSnapshot() {
        if (resource.equals(CONTACT_REPLIES)) {
            throw new IllegalArgumentException("there is no snapshot of " + CONTACT_REPLIES);
        }
        if (!isOfEachSequence()) {
            if (sequence != null) {
                throw new IllegalArgumentException("sequence means nothing for a snapshot of %s".formatted(resource));
            }
        } else if (sequence == null || sequence.equals("*") || sequence.contains("${")) {
            throw new IllegalArgumentException(
                    "a snapshot of %s needs sequence=: the id or the name of one".formatted(resource));
        }
    }

    @Override
    public void checkSource() {
        if (!isFeed()) {
            throw new IllegalArgumentException("impactiveai:%s is a target only".formatted(resource));
        }
        if (resource.equals(CONTACT_REPLIES)) {
            if ((sequence == null) == (call.getContact() == null)) {
                throw new IllegalArgumentException(
                        "impactiveai:contact-replies as a source needs contact=: an id, or sequence=: the one whose former"
                                + " members' replies are read");
            }
            address();
            return;
        }
        if (isOfEachSequence() && (sequence == null || sequence.isBlank() || sequence.contains("${"))) {
            throw new IllegalArgumentException(
                    "impactiveai:%s as a source needs sequence=: an id, a name, or * for all".formatted(resource));
        }
        if (!isOfEachSequence() && sequence != null) {
            throw new IllegalArgumentException("sequence means nothing for impactiveai:%s as a source: it is for %s"
                    .formatted(resource, String.join(", ", ofEachSequence())));
        }
    }

    private boolean isFeed() {
        return ImpactiveAi.FEEDS.stream().anyMatch(feed -> feed.name().equals(resource));
    }

    private static List<String> ofEachSequence() {
        return ImpactiveAi.FEEDS.stream()
                .filter(FeedContract::isTemplate)
                .map(FeedContract::name)
                .filter(name -> !name.startsWith(CONTACT_REPLIES))
                .toList();
    }

    private boolean isOfEachSequence() {
        return ofEachSequence().contains(resource);
    }

    private FeedAddress address() {
        if (resource.equals(CONTACT_REPLIES)) {
            return sequence == null
                    ? FeedAddress.ofKey(resource, call.getContact())
                    : FeedAddress.ofFormerMembers(resource, "sequences", sequence, sweepFor);
        }
        return isOfEachSequence()
                ? FeedAddress.ofEach(resource, "sequences", sequence, CrmConstants.SEQUENCE)
                : FeedAddress.of(resource);
    }

    private String operationName() {
        return operation == null ? Operations.names(resource).get(0) : operation;
    }

    private Operation operation() {
        Optional<String> api = Optional.ofNullable(call.getApi());
        Operation found = Operations.find(resource, operationName(), api)
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s of %s is not done by api=%s".formatted(operationName(), resource, call.getApi())));
        boolean byLead = found.name().equals("enroll") && call.getTagIds() == null && call.getListIds() == null;
        if (found.needs().contains("sequence") && sequence == null && !byLead) {
            throw new IllegalArgumentException(
                    "%s of %s needs sequence=: an id or a name".formatted(operationName(), resource));
        }
        return call.getVerb() == null ? found : found.withVerb(call.getVerb());
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
                ImpactiveAi.TYPE,
                connection,
                address(),
                options,
                FeedConsumer.Narrowing.NONE);
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
        if (UPSERT.equals(operation)) {
            return new UpsertProducer(this, services, options.delay(services.allowFastPoll()));
        }
        Operation called = operation();
        if (called.name().equals(UNENROLL)) {
            return new UnenrollProducer(this, services, called);
        }
        if (called.name().equals("enroll")) {
            return new EnrollProducer(this, services, called);
        }
        return called.kind() == Operation.Kind.ONCE
                ? new WriteProducer(
                        this,
                        services.runningFeeds().writes(connection),
                        called,
                        new CallBuilder(this, services, called))
                : new ImpactiveAiProducer(this, services, called);
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

    public String getSequence() {
        return sequence;
    }

    public void setSequence(String sequence) {
        this.sequence = sequence;
    }

    public String getSweepFor() {
        return sweepFor;
    }

    public void setSweepFor(String sweepFor) {
        this.sweepFor = sweepFor;
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
