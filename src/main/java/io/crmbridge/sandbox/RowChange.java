package io.crmbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How a fault distorts the record, or each record of the list, that is answered. */
final class RowChange {
    private static final String ID = "id";

    private boolean noId;
    private boolean extras;
    private boolean allNull;
    private final Set<String> nulls = new LinkedHashSet<>();

    void leaveOutId() {
        noId = true;
    }

    void addUnknownFields() {
        extras = true;
    }

    /** These, or every field but the id where none is named. */
    void setNull(String... fields) {
        allNull |= fields.length == 0;
        nulls.addAll(List.of(fields));
    }

    boolean isNone() {
        return !noId && !extras && !allNull && nulls.isEmpty();
    }

    byte[] apply(byte[] answer, String rowsIn) {
        JsonNode json = Json.read(answer);
        JsonNode rows = json.path(rowsIn).isContainerNode() ? json.path(rowsIn) : json;
        for (JsonNode row : rows.isArray() ? rows : List.of(rows)) {
            if (row instanceof ObjectNode object) {
                change(object);
            }
        }
        return Json.write(json);
    }

    private void change(ObjectNode row) {
        List<String> fields = new ArrayList<>();
        row.fieldNames().forEachRemaining(fields::add);
        for (String field : fields) {
            if (nulls.contains(field) || allNull && !field.equals(ID)) {
                row.putNull(field);
            }
        }
        if (noId) {
            row.remove(ID);
        }
        if (extras) {
            row.put("unknownText", "🎉 not in the document");
            row.putObject("unknownObject").putArray("of").add(1).add(true).addNull();
        }
    }
}
