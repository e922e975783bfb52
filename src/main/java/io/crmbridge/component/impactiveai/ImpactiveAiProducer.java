package io.crmbridge.component.impactiveai;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Workspace;
import io.crmbridge.feed.Outcome;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

final class ImpactiveAiProducer extends DefaultProducer {
    private final ImpactiveAiEndpoint endpoint;
    private final BridgeServices services;

    ImpactiveAiProducer(ImpactiveAiEndpoint endpoint, BridgeServices services) {
        super(endpoint);
        this.endpoint = endpoint;
        this.services = services;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Crm crm = services.runningFeeds()
                .crm(endpoint.getConnection())
                .orElseThrow(
                        () -> new IllegalArgumentException("no connection \"%s\"".formatted(endpoint.getConnection())));
        try {
            if (endpoint.isTest()) {
                Workspace workspace = crm.identify();
                exchange.getMessage().setBody(new CrmRecord(Map.of("id", workspace.id(), "name", workspace.name())));
            } else {
                Map<String, String> query =
                        endpoint.getSince() == null ? Map.of() : Map.of("since", endpoint.getSince());
                exchange.getMessage().setBody(CrmRecord.ofTree(crm.list(endpoint.getResource(), query)));
            }
        } catch (CrmException e) {
            throw new TargetException(outcome(e), e.getMessage(), e);
        }
    }

    private static Outcome outcome(CrmException e) {
        return switch (e.verdict()) {
            case RETRY, WAIT, BROKEN -> new Outcome.Passing(e.getMessage(), e.retryAfter());
            case REFUSED -> new Outcome.Refused(e.getMessage());
            case INVALID, OK -> new Outcome.Permanent(e.getMessage());
        };
    }
}
