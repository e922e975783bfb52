package io.crmbridge.component.intellivizz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.EntryCalls;
import io.crmbridge.component.Names;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;

/** Makes calls of an exchange: what is in the path, the query and the body. */
final class CallBuilder implements EntryCalls {
    private final CatalogueEntry entry;
    private final Operation operation;
    private final CallOptions options;
    private final Optional<Operation> workflows;
    private final Map<String, Names> workflowsByLocation = new ConcurrentHashMap<>();
    private final Calls calls;
    private final Clock clock;

    CallBuilder(IntellivizzEndpoint endpoint, BridgeServices services, CatalogueEntry entry) {
        Catalogue catalogue = services.catalogues().apply(endpoint.getConnection());
        this.calls = services.runningFeeds().calls(endpoint.getConnection());
        this.clock = services.clock();
        this.entry = entry;
        this.operation = entry.operation();
        this.options = endpoint.getCall();
        this.workflows = catalogue.find("workflows", "list").map(CatalogueEntry::operation);
    }

    @Override
    public Operation operation() {
        return operation;
    }

    /** A call without an entry's fields. */
    Call plain(Exchange exchange, Object body) throws TargetException {
        return new Call(operation, ids(exchange, body), query(exchange), Optional.empty());
    }

    @Override
    public boolean takesFields() {
        return entry.fields();
    }

    @Override
    public Call withFields(Exchange exchange, Object body) throws TargetException {
        if (!entry.fields()) {
            return plain(exchange, body);
        }
        ObjectNode fields = object(body);
        Map<String, String> ids = ids(exchange, body);
        // What is in the path is no field; an entry's own id is never one to write.
        ids.keySet().forEach(name -> fields.remove(name.equals("id") ? name : name + "Id"));
        if (!ids.isEmpty()) {
            fields.remove("id");
        }
        return new Call(operation, ids, query(exchange), Optional.of(fields));
    }

    private Map<String, String> query(Exchange exchange) {
        Map<String, String> query = new HashMap<>();
        if (options.getSince() != null) {
            query.put("since", options.getSince());
        }
        if (options.getLimit() != null) {
            query.put("limit", options.getLimit().toString());
        }
        if (options.getLocation() != null) {
            query.put("locationId", EntryCalls.text(exchange, options.getLocation()));
        }
        return query;
    }

    private Map<String, String> ids(Exchange exchange, Object body) throws TargetException {
        Map<String, String> ids = new HashMap<>();
        for (String name : operation.needs()) {
            String option = options.given(name);
            String value = option == null ? usual(exchange, name, body) : EntryCalls.text(exchange, option);
            if (name.equals("workflow") && !value.isBlank() && workflows.isPresent()) {
                value = workflows(exchange, workflows.get()).id(value);
            }
            ids.put(name, required(name, value));
        }
        return ids;
    }

    /** The workflows of the location that the exchange is about. */
    private Names workflows(Exchange exchange, Operation list) {
        String location = options.getLocation() == null ? "" : EntryCalls.text(exchange, options.getLocation());
        return workflowsByLocation.computeIfAbsent(location, id -> {
            Map<String, String> query = new HashMap<>(Map.of("limit", "5000"));
            if (!id.isEmpty()) {
                query.put("locationId", id);
            }
            return new Names("workflow", new Call(list, Map.of(), query, Optional.empty()), calls, clock);
        });
    }

    private static String usual(Exchange exchange, String name, Object body) {
        return switch (name) {
            case "id" -> {
                String id = EntryCalls.field(body, "id");
                yield !id.isEmpty()
                        ? id
                        : body instanceof String text
                                        && ID.matcher(text.strip()).matches()
                                ? text.strip()
                                : exchange.getMessage().getHeader(CrmConstants.RECORD_ID, "", String.class);
            }
            case "contact", "conversation" -> {
                String id = EntryCalls.field(body, name + "Id");
                yield !id.isEmpty() ? id : body instanceof String text ? text.strip() : EntryCalls.field(body, "id");
            }
            default -> {
                String id = EntryCalls.field(body, name + "Id");
                yield id.isEmpty() ? EntryCalls.field(body, name) : id;
            }
        };
    }
}
