package io.crmbridge.component.impactiveai;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmBatch;
import io.crmbridge.component.EntryCalls;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.lead.SuppressionCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Takes contacts off a sequence, or off all there are, and notes that they are not enrolled again: in each of these
 * sequences once they are off, or everywhere before anything else is done, so that no crash loses a wish to be left alone.
 */
final class UnenrollProducer extends DefaultProducer {
    private final Operation operation;
    private final boolean everySequence;
    private final boolean everywhere;
    private final Calls calls;
    private final CallBuilder builder;
    private final SuppressionCheck suppressed;

    UnenrollProducer(ImpactiveAiEndpoint endpoint, BridgeServices services, Operation operation) {
        super(endpoint);
        this.operation = operation;
        this.everySequence = "*".equals(endpoint.getSequence());
        this.everywhere = endpoint.getCall().isSuppressedEverywhere();
        this.calls = services.runningFeeds().calls(endpoint.getConnection());
        this.builder = new CallBuilder(endpoint, services, operation);
        this.suppressed = services.runningLeads().suppressed(endpoint.getConnection());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        List<Object> entries = EntryCalls.entries(body);
        if (entries.isEmpty()) {
            throw builder.permanent("its body is empty");
        }
        Map<String, Object> contacts = new LinkedHashMap<>();
        for (Object entry : entries) {
            contacts.put(builder.contact(exchange, entry), entry);
        }
        if (everywhere) {
            suppressed.askToStop(contacts);
        }
        try {
            List<String> sequences = everySequence ? sequences() : List.of(builder.sequenceId(exchange));
            CrmBatch answers = new CrmBatch();
            contacts.forEach((contact, entry) -> answers.add(unenroll(contact, sequences, entry)));
            exchange.getMessage().setBody(EntryCalls.isList(body) ? answers : answers.get(0));
        } catch (CrmException e) {
            throw TargetException.of(e);
        }
    }

    /** Each that there is now. */
    private List<String> sequences() {
        Operation list = Operations.find("sequences", "list", Optional.empty()).orElseThrow();
        return Said.rows(calls.call(new Call(list, Map.of(), Map.of(), Optional.empty()))
                        .body())
                .stream()
                .map(Said::id)
                .filter(id -> !id.isBlank())
                .toList();
    }

    /** What the CRM answers of one sequence; of several, the entry. */
    private Object unenroll(String contact, List<String> sequences, Object entry) {
        Object answer = entry;
        for (String sequence : sequences) {
            Map<String, String> ids = Map.of("sequence", sequence, "contact", contact);
            answer = ImpactiveAiProducer.repeatable(calls, new Call(operation, ids, Map.of(), Optional.empty()), entry);
            if (!everywhere) {
                suppressed.unenrolled(sequence, contact, entry);
            }
        }
        return everySequence ? entry : answer;
    }
}
