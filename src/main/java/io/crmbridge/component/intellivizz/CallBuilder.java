package io.crmbridge.component.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.EntryCalls;
import io.crmbridge.component.Names;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import io.crmbridge.feed.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;

/** Makes calls of an exchange: what is in the path, the query and the body. */
final class CallBuilder implements EntryCalls {
    private static final Pattern ID = Pattern.compile("[\\w.:-]{1,128}");

    private final CatalogueEntry entry;
    private final Operation operation;
    private final CallOptions options;
    private final Optional<Operation> workflows;
    private final Map<String, Names> workflowsByLocation = new ConcurrentHashMap<>();
    private final Calls calls;
    private final Clock clock;
    private final CamelContext camel;

    CallBuilder(IntellivizzEndpoint endpoint, BridgeServices services, CatalogueEntry entry) {
        Catalogue catalogue = services.catalogues().apply(endpoint.getConnection());
        this.calls = services.runningFeeds().calls(endpoint.getConnection());
        this.clock = services.clock();
        this.entry = entry;
        this.operation = entry.operation();
        this.options = endpoint.getCall();
        this.workflows = catalogue.find("workflows", "list").map(CatalogueEntry::operation);
        this.camel = endpoint.getCamelContext();
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
        JsonNode tree;
        try {
            tree = CrmRecord.toTree(body);
        } catch (IOException e) {
            throw permanent("its body is no JSON");
        }
        if (!(tree instanceof ObjectNode given)) {
            throw permanent("its body is no JSON object");
        }
        ObjectNode fields = given.deepCopy();
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
            query.put("locationId", text(exchange, options.getLocation()));
        }
        return query;
    }

    private Map<String, String> ids(Exchange exchange, Object body) throws TargetException {
        Map<String, String> ids = new HashMap<>();
        for (String name : operation.needs()) {
            String option = options.given(name);
            String value = option == null ? usual(exchange, name, body) : text(exchange, option);
            if (name.equals("workflow") && !value.isBlank() && workflows.isPresent()) {
                value = workflows(exchange, workflows.get()).id(value);
            }
            ids.put(name, required(name, value));
        }
        return ids;
    }

    /** The workflows of the location that the exchange is about. */
    private Names workflows(Exchange exchange, Operation list) {
        String location = options.getLocation() == null ? "" : text(exchange, options.getLocation());
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
                String id = field(body, "id");
                yield !id.isEmpty()
                        ? id
                        : body instanceof String text
                                        && ID.matcher(text.strip()).matches()
                                ? text.strip()
                                : exchange.getMessage().getHeader(CrmConstants.RECORD_ID, "", String.class);
            }
            case "contact", "conversation" -> {
                String id = field(body, name + "Id");
                yield !id.isEmpty() ? id : body instanceof String text ? text.strip() : field(body, "id");
            }
            default -> {
                String id = field(body, name + "Id");
                yield id.isEmpty() ? field(body, name) : id;
            }
        };
    }

    private static String field(Object body, String name) {
        Object value = body instanceof Map<?, ?> fields ? fields.get(name) : null;
        return value == null ? "" : value.toString();
    }

    private String required(String name, String value) throws TargetException {
        if (value.isBlank()) {
            throw permanent("there is no %s: set the option %s, or give a body that has it".formatted(name, name));
        }
        if (!ID.matcher(value).matches()) {
            // Not told, for it may be an address.
            throw permanent("what it has for %s is no id: set the option %s".formatted(name, name));
        }
        return value;
    }

    /** An option is a text or a simple expression. */
    private String text(Exchange exchange, String option) {
        if (!option.contains("${")) {
            return option;
        }
        String value = camel.resolveLanguage("simple").createExpression(option).evaluate(exchange, String.class);
        return value == null ? "" : value;
    }

    @Override
    public TargetException permanent(String what) {
        String reason = "%s of %s: %s".formatted(operation.name(), operation.resource(), what);
        return new TargetException(new Outcome.Permanent(reason), reason, null);
    }
}
