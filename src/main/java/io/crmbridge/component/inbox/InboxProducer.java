package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.Activity;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.Effect;
import io.crmbridge.component.RecordLabel;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Inbox;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Inboxes.Receipt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultProducer;

/** Appends the body, an entry or a list of them; all of it or nothing, and each once however often it is delivered. */
final class InboxProducer extends DefaultProducer {
    private final InboxEndpoint endpoint;
    private final BridgeServices services;
    private final Optional<Expression> key;

    InboxProducer(InboxEndpoint endpoint, BridgeServices services, Optional<Expression> key) {
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

    @Override
    public void process(Exchange exchange) throws Exception {
        Instant begun = services.clock().instant();
        InboxRules.Rules rules = endpoint.rules();
        Entries read = read(exchange.getMessage().getBody());
        read.check(rules.schema());
        if (!read.faults().isEmpty()) {
            throw permanent(Fault.sentence(read.faults()));
        }
        List<ObjectNode> bodies = List.copyOf(read.byNumber().values());
        Optional<Effect> effect = Effect.of(exchange, "inbox:" + endpoint.getName());
        List<String> effects = effect.isEmpty() ? List.of() : effect.get().keys(bodies);
        List<Inbox.Entry> entries = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            entries.add(new Inbox.Entry(
                    bodies.get(i),
                    key(exchange, bodies.get(i)),
                    effects.isEmpty() ? Optional.empty() : Optional.of(effects.get(i))));
        }
        List<Receipt> receipts = services.runningFeeds()
                .inbox(endpoint.getName())
                .accept(entries, rules.settings().dedupe());
        effect.ifPresent(e -> e.done(entries.size()));
        if (services.activity() != Activity.NONE) {
            services.activity()
                    .effect(
                            exchange.getFromRouteId(),
                            exchange.getMessage().getHeader(CrmConstants.FEED, "", String.class),
                            RecordLabel.of(exchange),
                            "inbox " + endpoint.getName(),
                            receipts.stream().anyMatch(Receipt::isNew) ? "appended" : "known already",
                            Duration.between(begun, services.clock().instant()));
        }
    }

    private Entries read(Object body) throws TargetException, IOException {
        if (body instanceof byte[] json) {
            return JsonEntries.read(json);
        }
        if (body instanceof String json) {
            return JsonEntries.read(json.getBytes(StandardCharsets.UTF_8));
        }
        if (body instanceof InputStream json) {
            return JsonEntries.read(json.readAllBytes());
        }
        if (!(body instanceof Map || body instanceof List || body instanceof JsonNode)) {
            throw permanent("it takes an entry or a list of entries, not "
                    + (body == null ? "nothing" : body.getClass().getSimpleName()));
        }
        JsonNode tree = CrmRecord.toTree(body);
        Entries entries = Entries.none(false);
        List<JsonNode> each = new ArrayList<>();
        if (tree.isArray()) {
            tree.forEach(each::add);
        } else {
            each.add(tree);
        }
        for (int i = 0; i < each.size(); i++) {
            if (each.get(i) instanceof ObjectNode entry) {
                entries.byNumber().put(i + 1, entry);
            } else {
                entries.fault(i + 1, "", "is no JSON object");
            }
        }
        return entries;
    }

    private Optional<String> key(Exchange exchange, ObjectNode entry) throws TargetException {
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

    /** Without a cause, whose message may quote the entry. */
    private TargetException permanent(String what) {
        String reason = "inbox %s: %s".formatted(endpoint.getName(), what);
        return new TargetException(new Outcome.Permanent(reason), reason, null);
    }
}
