package io.crmbridge.component;

import io.crmbridge.crm.Call;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.apache.camel.Exchange;

/** Makes calls of what an exchange's body holds. */
public interface EntryCalls {

    /** A call that writes an entry's fields. */
    Call withFields(Exchange exchange, Object entry) throws TargetException;

    /** A failure that another try will not mend; names the operation. */
    TargetException permanent(String what);

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
