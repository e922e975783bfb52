package io.crmbridge.component.lead;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.CrmBatch;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Outcome;
import io.crmbridge.lead.Lead;
import io.crmbridge.lead.LeadReader;
import io.crmbridge.lead.LeadRules;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** One entry becomes one lead, a list of them a list. */
final class LeadProducer extends DefaultProducer {
    private final LeadEndpoint endpoint;
    private final LeadRules rules;
    private final LeadReader reader;

    LeadProducer(LeadEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.rules = endpoint.rules();
        this.reader = new LeadReader(rules);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Collection<?> entries) {
            CrmBatch leads = new CrmBatch();
            for (Object entry : entries) {
                leads.add(lead(entry));
            }
            exchange.getMessage().setBody(leads);
        } else {
            exchange.getMessage().setBody(lead(body));
        }
        exchange.setProperty(CrmConstants.BY_LEAD_RULES, true);
    }

    private CrmRecord lead(Object entry) throws TargetException {
        try {
            if (entry == null || !(CrmRecord.toTree(entry) instanceof ObjectNode fields)) {
                throw permanent("its body is no JSON object");
            }
            Lead lead = reader.read((Map<?, ?>) CrmRecord.ofTree(fields));
            CrmRecord record = new CrmRecord(lead.toMap());
            LeadRules.Way way = rules.way(lead);
            record.put("sequence", way.sequence());
            if (way.sequence().isEmpty()) {
                record.put("skipped", way.reason());
            }
            return record;
        } catch (IllegalArgumentException e) {
            throw permanent(e.getMessage());
        } catch (IOException e) {
            throw permanent("its body is no JSON");
        }
    }

    private TargetException permanent(String what) {
        String reason = "lead:%s: %s".formatted(endpoint.getName(), what);
        return new TargetException(new Outcome.Permanent(reason, true), reason, null);
    }
}
