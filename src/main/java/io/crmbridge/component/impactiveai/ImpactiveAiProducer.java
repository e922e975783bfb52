package io.crmbridge.component.impactiveai;

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
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Operations that may be repeated: reading, updating, pausing, deleting. */
final class ImpactiveAiProducer extends DefaultProducer {
    private final Operation operation;
    private final boolean all;
    private final Calls calls;
    private final CallBuilder builder;

    ImpactiveAiProducer(ImpactiveAiEndpoint endpoint, BridgeServices services, Operation operation) {
        super(endpoint);
        this.operation = operation;
        this.all = endpoint.getCall().isAll();
        this.calls = services.runningFeeds().calls(endpoint.getConnection());
        this.builder = new CallBuilder(endpoint, services, operation);
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
        if (operation.resource().equals("auth")) {
            Workspace workspace = calls.identify();
            return new CrmRecord(Map.of("id", workspace.id(), "name", workspace.name()));
        }
        if (operation.kind() == Operation.Kind.READ) {
            return CrmRecord.ofTree(calls.call(builder.plain(exchange, body)).body());
        }
        if (operation.name().equals("pause")) {
            return pause(exchange);
        }
        CrmBatch answers = new CrmBatch();
        for (Object entry : EntryCalls.entries(body)) {
            Call call = operation.verb().equals("DELETE")
                    ? builder.plain(exchange, entry)
                    : builder.withFields(exchange, entry);
            answers.add(repeatable(calls, call, entry));
        }
        if (answers.isEmpty()) {
            throw builder.permanent("its body is empty");
        }
        return EntryCalls.isList(body) ? answers : answers.get(0);
    }

    private Object pause(Exchange exchange) throws TargetException {
        Set<String> contacts = all ? Set.of() : builder.contacts(exchange);
        if (!all && contacts.isEmpty()) {
            throw builder.permanent(
                    "its list of contacts is empty, which would pause everybody: if that is meant, set all=true");
        }
        return CrmRecord.ofTree(
                calls.call(builder.withContacts(exchange, contacts)).body());
    }

    /** What is taken away may be gone already, by a try whose answer was missing. An answer without a body keeps the entry. */
    static Object repeatable(Calls calls, Call call, Object entry) {
        try {
            Reply reply = calls.call(call);
            return reply.body().isContainerNode() ? CrmRecord.ofTree(reply.body()) : entry;
        } catch (CrmException e) {
            if (e.status() == 404 && call.operation().verb().equals("DELETE")) {
                return entry;
            }
            throw e;
        }
    }
}
