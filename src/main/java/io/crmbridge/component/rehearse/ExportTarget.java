package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.export.ExportEndpoint;
import io.crmbridge.component.export.ExportRows;
import org.apache.camel.Exchange;

record ExportTarget(ExportEndpoint endpoint) implements Target {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Sent sent(Exchange exchange) throws Exception {
        ExportRows made = ExportRows.of(
                endpoint,
                exchange,
                BridgeServices.of(exchange.getContext()).clock().instant());
        ObjectNode body = JSON.createObjectNode().put("file", made.file());
        body.set("rows", CrmRecord.toTree(made.rows()));
        body.put("text", made.text());
        return Target.sent(exchange, "export:" + endpoint.getPattern(), Sent.Kind.EXPORT, "", body);
    }

    @Override
    public void accepted(Exchange exchange, Answer answer) {
        // The body stays.
    }
}
