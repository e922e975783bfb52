package io.crmbridge.component.intellivizz;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmBatch;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.EntryCalls;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Operations that may be repeated: reading, updating, deleting. */
final class IntellivizzProducer extends DefaultProducer {
    private static final int NOT_FOUND = 404;

    private final CatalogueEntry entry;
    private final Calls calls;
    private final CallBuilder builder;

    IntellivizzProducer(IntellivizzEndpoint endpoint, BridgeServices services, CatalogueEntry entry) {
        super(endpoint);
        this.entry = entry;
        this.calls = services.runningFeeds().calls(endpoint.getConnection());
        this.builder = new CallBuilder(endpoint, services, entry);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        try {
            exchange.getMessage().setBody(answer(exchange));
        } catch (CrmException e) {
            throw TargetException.of(e);
        }
    }

    private Object answer(Exchange exchange) throws TargetException {
        Object body = exchange.getMessage().getBody();
        Operation operation = entry.operation();
        if (operation.resource().equals("auth")) {
            Workspace workspace = calls.identify();
            return new CrmRecord(Map.of("id", workspace.id(), "name", workspace.name()));
        }
        if (operation.kind() == Operation.Kind.READ) {
            Call call =
                    entry.fields() && body != null ? builder.withFields(exchange, body) : builder.plain(exchange, body);
            return CrmRecord.ofTree(calls.call(call).body());
        }
        CrmBatch answers = new CrmBatch();
        for (Object one : builder.entriesOf(body)) {
            answers.add(repeatable(builder.withFields(exchange, one), one));
        }
        if (answers.isEmpty()) {
            throw builder.permanent("its body is empty");
        }
        return EntryCalls.isList(body) ? answers : answers.get(0);
    }

    /** What is taken away may be gone already, by a try whose answer was missing. An answer without a body keeps the entry. */
    private Object repeatable(Call call, Object one) {
        try {
            Reply reply = calls.call(call);
            return reply.body().isContainerNode() ? CrmRecord.ofTree(reply.body()) : one;
        } catch (CrmException e) {
            if (e.status() == NOT_FOUND && call.operation().verb().equals("DELETE")) {
                return one;
            }
            throw e;
        }
    }
}
