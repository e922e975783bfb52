package io.crmbridge.component.impactiveai;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmBatch;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.lead.SuppressionCheck;
import io.crmbridge.state.Store;
import io.crmbridge.state.Suppressions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Takes contacts off a sequence, or off all there are, and notes that they are not enrolled again: in each of these
 * sequences once they are off, or everywhere before anything else is done, so that no crash loses a wish to be left alone.
 */
final class UnenrollProducer extends DefaultProducer {
    private static final String REASON = "asked to stop";

    private final Operation operation;
    private final boolean everySequence;
    private final boolean everywhere;
    private final Calls calls;
    private final CallBuilder builder;
    private final SuppressionCheck suppressed;
    private final Suppressions ledger;
    private final long source;
    private final Addresses addresses;

    UnenrollProducer(ImpactiveAiEndpoint endpoint, BridgeServices services, Operation operation) {
        super(endpoint);
        Store store = services.store().orElseThrow(() -> new IllegalStateException("this context only checks routes"));
        this.operation = operation;
        this.everySequence = "*".equals(endpoint.getSequence());
        this.everywhere = endpoint.getCall().isSuppressedEverywhere();
        this.calls = services.runningFeeds().calls(endpoint.getConnection());
        this.builder = new CallBuilder(endpoint, services, operation);
        this.suppressed = services.suppressionCheck(endpoint.getConnection());
        this.ledger = store.suppressions();
        this.source = services.runningFeeds().sourceId(endpoint.getConnection());
        this.addresses = new Addresses(store, source);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        List<Object> entries = CallBuilder.entries(body);
        if (entries.isEmpty()) {
            throw builder.permanent("its body is empty");
        }
        List<String> contacts = new ArrayList<>();
        for (Object entry : entries) {
            contacts.add(builder.contact(exchange, entry));
        }
        if (everywhere) {
            suppress(contacts, entries);
        }
        try {
            List<String> sequences = everySequence ? sequences() : List.of(builder.sequence(exchange));
            CrmBatch answers = new CrmBatch();
            for (int i = 0; i < contacts.size(); i++) {
                answers.add(unenroll(contacts.get(i), sequences, entries.get(i)));
            }
            exchange.getMessage().setBody(CallBuilder.isList(body) ? answers : answers.get(0));
        } catch (CrmException e) {
            throw ImpactiveAiProducer.failed(e);
        }
    }

    private void suppress(List<String> contacts, List<Object> entries) {
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < contacts.size(); i++) {
            String contact = contacts.get(i);
            Set<String> known = addresses.of(contact, entries.get(i));
            subjects.add(SuppressionCheck.contact(contact));
            known.forEach(address -> subjects.add(SuppressionCheck.email(address)));
        }
        ledger.add(source, Suppressions.ALL, subjects, REASON);
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
                suppressed.unenrolled(sequence, contact);
            }
        }
        return everySequence ? entry : answer;
    }
}
