package io.crmbridge.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Plain values to trees and back, directly: Jackson's own way writes and reads them as tokens in between. */
final class JsonTrees {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonTrees() {}

    static JsonNode toTree(Object value) {
        if (value == null) {
            return NullNode.getInstance();
        }
        if (value instanceof String text) {
            return TextNode.valueOf(text);
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode tree = new ObjectNode(JsonNodeFactory.instance);
            map.forEach((name, member) -> tree.set(String.valueOf(name), toTree(member)));
            return tree;
        }
        if (value instanceof List<?> list) {
            ArrayNode tree = new ArrayNode(JsonNodeFactory.instance, list.size());
            list.forEach(member -> tree.add(toTree(member)));
            return tree;
        }
        if (value instanceof Integer number) {
            return IntNode.valueOf(number);
        }
        if (value instanceof Long number) {
            return LongNode.valueOf(number);
        }
        if (value instanceof Double number) {
            return DoubleNode.valueOf(number);
        }
        if (value instanceof Boolean flag) {
            return BooleanNode.valueOf(flag);
        }
        return JSON.valueToTree(value);
    }

    static Object ofTree(JsonNode tree) {
        return switch (tree.getNodeType()) {
            case OBJECT -> fields(tree, new LinkedHashMap<>());
            case ARRAY -> members(tree, new ArrayList<>(tree.size()));
            case STRING -> tree.textValue();
            case NUMBER -> tree.numberValue();
            case BOOLEAN -> tree.booleanValue();
            case BINARY, POJO -> JSON.convertValue(tree, Object.class);
            case NULL, MISSING -> null;
        };
    }

    static <M extends Map<String, Object>> M fields(JsonNode tree, M into) {
        tree.properties().forEach(field -> into.put(field.getKey(), ofTree(field.getValue())));
        return into;
    }

    static <L extends List<Object>> L members(JsonNode tree, L into) {
        tree.forEach(member -> into.add(ofTree(member)));
        return into;
    }
}
