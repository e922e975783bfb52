package io.crmbridge.component.impactiveai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.Effect;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Writes;
import io.crmbridge.lead.SuppressionCheck;
import io.crmbridge.state.Intent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;

/**
 * Enrols contacts into a sequence, each as an intent. Who is suppressed is left out, and told as the CRM tells who is enrolled
 * already.
 */
final class EnrollProducer extends DefaultProducer {
    /** "Using tagIds or listIds requires the Audience module to be enabled for the workspace." Nothing lists tags or lists. */
    private static final String AUDIENCE =
            ": tagIds and listIds are ids, not names, for the CRM lists neither; they need the Audience module, which may be"
                    + " off for this workspace. Contacts by their ids always work";

    private final CallOptions options;
    private final Writes writes;
    private final CallBuilder builder;
    private final SuppressionCheck suppressed;

    EnrollProducer(ImpactiveAiEndpoint endpoint, BridgeServices services, Operation operation) {
        super(endpoint);
        this.options = endpoint.getCall();
        this.writes = services.runningFeeds().writes(endpoint.getConnection());
        this.builder = new CallBuilder(endpoint, services, operation);
        this.suppressed = services.suppressionCheck(endpoint.getConnection());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        // A contact's id to its address, where the body has it.
        Map<String, String> contacts = new LinkedHashMap<>();
        if (body != null) {
            for (String contact : builder.contacts(exchange)) {
                contacts.put(contact, "");
            }
            for (Object entry : CallBuilder.entries(body)) {
                contacts.computeIfPresent(CallBuilder.contact(entry), (id, none) -> CallBuilder.field(entry, "email"));
            }
        }
        try {
            List<Call> calls = calls(exchange, contacts);
            Optional<Effect> effect = Effect.of(exchange, getEndpoint().getEndpointBaseUri() + "/enroll");
            List<String> keys = WriteProducer.keys(effect, WriteProducer.bodies(calls));
            List<Writes.Request> requests = new ArrayList<>();
            Before before = new Before(calls.get(0).ids().get("sequence"));
            for (int i = 0; i < calls.size(); i++) {
                JsonNode ids = calls.get(i).body().orElseThrow().path("contactIds");
                String contact = ids.path(0).asText();
                boolean known = ids.size() == 1 && !isAudience();
                requests.add(
                        known
                                ? new Writes.Request(
                                        keys.get(i),
                                        calls.get(i),
                                        Optional.empty(),
                                        () -> before.of(contact, contacts.get(contact)))
                                : new Writes.Request(keys.get(i), calls.get(i)));
            }
            List<Intent> done =
                    writes.write(requests, String.valueOf(ExchangeHelper.getRouteId(exchange)), !isAudience());
            WriteProducer.begun(effect, done);
            WriteProducer.tell(done, isAudience() ? AUDIENCE : "");
            exchange.getMessage().setBody(WriteProducer.answer(done, CallBuilder.isList(body)));
        } catch (CrmException e) {
            throw ImpactiveAiProducer.failed(e);
        }
    }

    private boolean isAudience() {
        return options.getTagIds() != null || options.getListIds() != null;
    }

    private List<Call> calls(Exchange exchange, Map<String, String> contacts) throws TargetException {
        if (isAudience()) {
            return List.of(builder.withContacts(exchange, contacts.keySet()));
        }
        List<Call> calls = new ArrayList<>();
        for (String contact : contacts.keySet()) {
            calls.add(builder.withContacts(exchange, List.of(contact)));
        }
        if (calls.isEmpty()) {
            throw builder.permanent("its body is empty");
        }
        return calls;
    }

    /** Looks at the sequence once for all that are enrolled together, right before they are. */
    private final class Before {
        private final String sequence;
        private boolean refreshed;

        Before(String sequence) {
            this.sequence = sequence;
        }

        Writes.Answer of(String contact, String address) {
            if (!refreshed) {
                suppressed.refresh(sequence);
                refreshed = true;
            }
            List<String> subjects = new ArrayList<>(List.of(SuppressionCheck.contact(contact)));
            if (!address.isBlank()) {
                subjects.add(SuppressionCheck.email(address));
            }
            return suppressed
                    .of(sequence, subjects)
                    .map(why -> Writes.Answer.skip(contact, skipped(contact, why), "left out: " + why))
                    .orElse(Writes.Answer.SEND);
        }
    }

    private static ObjectNode skipped(String contact, String why) {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.putArray("enrolled");
        report.putArray("skipped")
                .addObject()
                .put("contactId", contact)
                .put("reason", "suppressed")
                .put("detail", why);
        return report;
    }
}
