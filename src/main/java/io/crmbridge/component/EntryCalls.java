package io.crmbridge.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Operation;
import io.crmbridge.feed.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** Makes calls of what an exchange's body holds. */
public interface EntryCalls {
    Pattern ID = Pattern.compile("[\\w.:-]{1,128}");

    /** What the calls do. */
    Operation operation();

    /** A call that writes an entry's fields. */
    Call withFields(Exchange exchange, Object entry) throws TargetException;

    /** A failure that another try will not mend; names the operation. */
    default TargetException permanent(String what) {
        String reason = "%s of %s: %s".formatted(operation().name(), operation().resource(), what);
        return new TargetException(new Outcome.Permanent(reason), reason, null);
    }

    /** An entry's fields, to be changed at will. @throws TargetException where it is no JSON object */
    default ObjectNode object(Object entry) throws TargetException {
        JsonNode tree;
        try {
            tree = CrmRecord.toTree(entry);
        } catch (IOException e) {
            throw permanent("its body is no JSON");
        }
        if (!(tree instanceof ObjectNode fields)) {
            throw permanent("its body is no JSON object");
        }
        return fields.deepCopy();
    }

    /** A value that is to be an id. @throws TargetException where it is none; does not tell it, for it may be an address */
    default String required(String name, String value) throws TargetException {
        if (value.isBlank()) {
            throw permanent("there is no %s: set the option %s, or give a body that has it".formatted(name, name));
        }
        if (!ID.matcher(value).matches()) {
            throw permanent("what it has for %s is no id: set the option %s".formatted(name, name));
        }
        return value;
    }

    /** Of an entry's field; empty where it has none. */
    static String field(Object entry, String name) {
        Object value = entry instanceof Map<?, ?> fields ? fields.get(name) : null;
        return value == null ? "" : value.toString();
    }

    /** An option that is a text or a simple expression. */
    static String text(Exchange exchange, String option) {
        if (!option.contains("${")) {
            return option;
        }
        String value = exchange.getContext()
                .resolveLanguage("simple")
                .createExpression(option)
                .evaluate(exchange, String.class);
        return value == null ? "" : value;
    }

    /** What may have led to the refusal of such calls, as an end of a sentence. */
    default String hint(List<Call> calls) {
        return "";
    }

    /** Whether an entry has fields to write; one that has none may be missing, for options tell what it is about. */
    default boolean takesFields() {
        return true;
    }

    /** The entries of a body; for calls without fields a missing body is one entry. */
    default List<Object> entriesOf(Object body) {
        return body == null && !takesFields() ? Collections.singletonList(null) : entries(body);
    }

    /** What a body holds: the entries of a list, or itself; JSON as text counts as what it says. */
    static List<Object> entries(Object body) {
        Object read = body instanceof String text ? ofText(text) : body;
        return read instanceof Collection<?> many ? new ArrayList<>(many) : read == null ? List.of() : List.of(read);
    }

    static boolean isList(Object body) {
        return (body instanceof String text ? ofText(text) : body) instanceof Collection<?>;
    }

    private static Object ofText(String text) {
        String json = text.strip();
        if (!json.startsWith("{") && !json.startsWith("[")) {
            return text;
        }
        try {
            return CrmRecord.ofTree(CrmRecord.toTree(json));
        } catch (IOException e) {
            return text;
        }
    }
}
