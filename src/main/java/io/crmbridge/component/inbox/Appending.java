package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.Activity;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.RecordLabel;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Inbox;
import io.crmbridge.feed.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultProducer;

/** What the steps that append to an inbox share, in whatever form the entries come. */
abstract class Appending extends DefaultProducer {
    private final InboxEndpoint endpoint;
    private final BridgeServices services;
    private final Optional<Expression> key;

    Appending(InboxEndpoint endpoint, BridgeServices services, Optional<Expression> key) {
        super(endpoint);
        this.endpoint = endpoint;
        this.services = services;
        this.key = key;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        key.ifPresent(expression -> expression.init(endpoint.getCamelContext()));
    }

    String name() {
        return endpoint.getName();
    }

    InboxRules.Rules rules() {
        return endpoint.rules();
    }

    Inbox inbox() {
        return services.runningFeeds().inbox(endpoint.getName());
    }

    Instant now() {
        return services.clock().instant();
    }

    /** The key of an entry as the step's option has it. @throws TargetException when it cannot be evaluated */
    Optional<String> key(Exchange exchange, ObjectNode entry) throws TargetException {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        Exchange probe = new DefaultExchange(exchange);
        probe.getMessage().setHeaders(exchange.getMessage().getHeaders());
        probe.getMessage().setBody(CrmRecord.ofTree(entry));
        try {
            return Optional.ofNullable(key.get().evaluate(probe, String.class)).filter(text -> !text.isBlank());
        } catch (RuntimeException e) {
            throw permanent("key= cannot be evaluated for an entry (%s)"
                    .formatted(e.getClass().getSimpleName()));
        }
    }

    void told(Exchange exchange, Instant begun, String result) {
        if (services.activity() != Activity.NONE) {
            services.activity()
                    .effect(
                            exchange.getFromRouteId(),
                            exchange.getMessage().getHeader(CrmConstants.FEED, "", String.class),
                            RecordLabel.of(exchange),
                            "inbox " + endpoint.getName(),
                            result,
                            Duration.between(begun, now()));
        }
    }

    /** Without a cause, whose message may quote the entry. */
    TargetException permanent(String what) {
        String reason = "inbox %s: %s".formatted(endpoint.getName(), what);
        return new TargetException(new Outcome.Permanent(reason), reason, null);
    }
}
