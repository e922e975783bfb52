package io.crmbridge.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A record as a route's body: nested Maps and Lists. Camel converts it to JSON text, bytes, a stream or a JsonNode. */
public final class CrmRecord extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectReader READER = JSON.readerFor(CrmRecord.class);

    public CrmRecord() {}

    public CrmRecord(Map<String, ?> fields) {
        super(fields);
    }

    static CrmRecord ofJson(byte[] json) throws IOException {
        return READER.readValue(json);
    }

    /** A JSON object becomes a record, an array a batch, everything else its plain value. */
    public static Object ofTree(JsonNode tree) {
        if (tree.isObject()) {
            return JsonTrees.fields(tree, new CrmRecord());
        }
        return tree.isArray() ? JsonTrees.members(tree, new CrmBatch()) : JsonTrees.ofTree(tree);
    }

    /** @throws JsonProcessingException when a value is not JSON's */
    public static byte[] toJson(Object body) throws JsonProcessingException {
        return JSON.writeValueAsBytes(body);
    }

    public static JsonNode toTree(Object body) throws IOException {
        if (body instanceof JsonNode tree) {
            return tree;
        }
        if (body instanceof byte[] json) {
            return JSON.readTree(json);
        }
        if (body instanceof String json) {
            return JSON.readTree(json);
        }
        return JsonTrees.toTree(body);
    }
}
