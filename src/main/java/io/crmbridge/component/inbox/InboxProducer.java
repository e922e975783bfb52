package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.Effect;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Inbox;
import io.crmbridge.state.Inboxes.Receipt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;

/** Appends the body, an entry or a list of them; all of it or nothing, and each once however often it is delivered. */
final class InboxProducer extends Appending {

    InboxProducer(InboxEndpoint endpoint, BridgeServices services, Optional<Expression> key) {
        super(endpoint, services, key);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Instant begun = now();
        InboxRules.Rules rules = rules();
        Entries read = read(exchange.getMessage().getBody());
        read.check(rules.schema());
        if (!read.faults().isEmpty()) {
            throw permanent(Fault.sentence(read.faults()));
        }
        List<ObjectNode> bodies = List.copyOf(read.byNumber().values());
        Optional<Effect> effect = Effect.of(exchange, "inbox:" + name());
        List<String> effects = effect.isEmpty() ? List.of() : effect.get().keys(bodies);
        List<Inbox.Entry> entries = new ArrayList<>(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            entries.add(new Inbox.Entry(
                    bodies.get(i),
                    key(exchange, bodies.get(i)),
                    effects.isEmpty() ? Optional.empty() : Optional.of(effects.get(i))));
        }
        List<Receipt> receipts = inbox().accept(entries, rules.settings().dedupe());
        effect.ifPresent(e -> e.done(entries.size()));
        told(exchange, begun, receipts.stream().anyMatch(Receipt::isNew) ? "appended" : "known already");
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
}
