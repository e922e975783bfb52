package io.crmbridge.component.impactiveai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.EntryCalls;
import io.crmbridge.component.Names;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.feed.Outcome;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;

/** Makes calls of an exchange: what is in the path, the query and the body. */
final class CallBuilder implements EntryCalls {
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "contacts", List.of("firstName", "lastName"),
            "companies", List.of("name"),
            "deals", List.of("name"),
            "sequences", List.of("name"),
            "steps", List.of("subject", "body"));

    private final Operation operation;
    private final CallOptions options;
    private final Optional<String> sequence;
    private final Names sequences;
    private final Names accounts;

    CallBuilder(ImpactiveAiEndpoint endpoint, BridgeServices services, Operation operation) {
        Calls calls = services.runningFeeds().calls(endpoint.getConnection());
        this.operation = operation;
        this.options = endpoint.getCall();
        this.sequence = Optional.ofNullable(endpoint.getSequence());
        this.sequences = new Names("sequence", list("sequences"), calls, services.clock());
        this.accounts = new Names("sending account", list("sending-accounts"), calls, services.clock());
    }

    private static Call list(String resource) {
        Operation list = Operations.find(resource, "list", Optional.empty()).orElseThrow();
        return new Call(list, Map.of(), Map.of(), Optional.empty());
    }

    @Override
    public Operation operation() {
        return operation;
    }

    /** A call without a body, for whatever is asked for or taken away. */
    Call plain(Exchange exchange, Object entry) throws TargetException {
        Map<String, String> query = new HashMap<>();
        if (options.getSince() != null) {
            query.put("since", options.getSince());
        }
        if (options.getLimit() != null) {
            query.put("limit", options.getLimit().toString());
        }
        return new Call(operation, ids(exchange, entry), query, Optional.empty());
    }

    @Override
    public Call withFields(Exchange exchange, Object entry) throws TargetException {
        ObjectNode body = object(entry);
        Map<String, String> ids = ids(exchange, entry);
        if (operation.kind() == Operation.Kind.REPEATABLE) {
            body.remove("id");
        } else {
            for (String name : REQUIRED.getOrDefault(operation.resource(), List.of())) {
                if (body.path(name).asText("").isBlank()) {
                    throw permanent("the field %s is required, and is missing or empty".formatted(name));
                }
            }
        }
        JsonNode account = body.path("sendingAccountId");
        if (operation.resource().equals("sequences") && account.isTextual()) {
            body.put("sendingAccountId", accounts.id(account.asText()));
        }
        return new Call(operation, ids, Map.of(), Optional.of(body));
    }

    /** Nothing lists stages. */
    @Override
    public String hint(List<Call> calls) {
        boolean stage = calls.stream().flatMap(call -> call.body().stream()).anyMatch(body -> body.has("stageId"));
        return stage ? ": stageId is an id, not a name, for the CRM does not list its stages" : "";
    }

    /** A call about contacts of a sequence: the body, where there is one, names them. */
    Call withContacts(Exchange exchange, Collection<String> contacts) throws TargetException {
        return withContacts(exchange, sequence(exchange), contacts);
    }

    /** @param wanted id or name of the sequence */
    Call withContacts(Exchange exchange, String wanted, Collection<String> contacts) throws TargetException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        add(body, "contactIds", contacts);
        add(body, "tagIds", names(options.getTagIds()));
        add(body, "listIds", names(options.getListIds()));
        return new Call(operation, ids(exchange, wanted, null), Map.of(), Optional.of(body));
    }

    /** What the option says for this exchange; empty where it is not set. */
    String sequence(Exchange exchange) {
        return EntryCalls.text(exchange, sequence.orElse(""));
    }

    private static void add(ObjectNode body, String name, Collection<String> ids) {
        if (!ids.isEmpty()) {
            ArrayNode array = body.putArray(name);
            ids.forEach(array::add);
        }
    }

    private static List<String> names(String listed) {
        return listed == null
                ? List.of()
                : List.of(listed.split(",")).stream().map(String::strip).toList();
    }

    /** Ids of a body's contacts: contacts, ids, or a list of them; each once. */
    Set<String> contacts(Exchange exchange) throws TargetException {
        Set<String> ids = new LinkedHashSet<>();
        for (Object entry : EntryCalls.entries(exchange.getMessage().getBody())) {
            ids.add(contactId(entry));
        }
        return ids;
    }

    /** Of a contact, or what is an id itself. */
    String contactId(Object entry) throws TargetException {
        String id = contact(entry);
        if (!ID.matcher(id).matches()) {
            throw permanent("its body has no contact's id: it takes a contact, an id, or a list of them");
        }
        return id;
    }

    /** The id of the sequence that an operation is about. */
    String sequenceId(Exchange exchange) throws TargetException {
        return required("sequence", sequences.id(sequence(exchange)));
    }

    /** The id of the contact that an entry is, or names. */
    String contact(Exchange exchange, Object entry) throws TargetException {
        return required("contact", given(exchange, options.getContact(), contact(entry)));
    }

    private Map<String, String> ids(Exchange exchange, Object entry) throws TargetException {
        return ids(exchange, sequence(exchange), entry);
    }

    private Map<String, String> ids(Exchange exchange, String wanted, Object entry) throws TargetException {
        Map<String, String> ids = new HashMap<>();
        for (String name : operation.needs()) {
            String value = switch (name) {
                case "sequence" -> required(name, sequences.id(wanted));
                case "id" -> required(name, given(exchange, options.getId(), recordId(exchange, entry)));
                case "contact" -> contact(exchange, entry);
                default -> required(name, given(exchange, options.getStep(), EntryCalls.field(entry, "id")));
            };
            ids.put(name, value);
        }
        return ids;
    }

    private static String recordId(Exchange exchange, Object entry) {
        String id = EntryCalls.field(entry, "id");
        return id.isEmpty() ? exchange.getMessage().getHeader(CrmConstants.RECORD_ID, "", String.class) : id;
    }

    static String contact(Object entry) {
        if (entry instanceof String || entry instanceof Number) {
            return entry.toString().strip();
        }
        String id = EntryCalls.field(entry, "contactId");
        return id.isEmpty() ? EntryCalls.field(entry, "id") : id;
    }

    private String given(Exchange exchange, String option, String usual) {
        return option == null ? usual : EntryCalls.text(exchange, option);
    }

    /** What came in is to blame. */
    TargetException faulty(String what) {
        String reason = "%s of %s: %s".formatted(operation.name(), operation.resource(), what);
        return new TargetException(new Outcome.Permanent(reason, true), reason, null);
    }
}
