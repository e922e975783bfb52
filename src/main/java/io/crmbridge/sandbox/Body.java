package io.crmbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A body that must be a JSON object. "400 Bad Request — invalid body, missing required fields"; unknown fields are left out. */
public record Body(JsonNode node) {
    public Body {
        if (!node.isObject()) {
            throw new Problem(400, "The body must be a JSON object.");
        }
    }

    public static Body of(byte[] bytes) {
        return new Body(Json.read(bytes));
    }

    public static Body of(Map<String, Object> fields) {
        return new Body(Json.node(fields));
    }

    /** A body that may be left out. */
    public static Body orEmpty(byte[] bytes) {
        return bytes.length == 0 ? of(Map.of()) : of(bytes);
    }

    /** Also where its value is null. */
    public boolean has(String field) {
        return node.has(field);
    }

    /** Neither missing nor blank. */
    public String requiredText(String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new Problem(400, "%s is required and must be a text.".formatted(field));
        }
        return value.textValue();
    }

    /** The text, or null where there is none. */
    public String text(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new Problem(400, "%s must be a text.".formatted(field));
        }
        return value.textValue();
    }

    public int wholeNumber(String field, int smallest, int largest) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new Problem(400, "%s is required and must be a whole number.".formatted(field));
        }
        if (value.intValue() < smallest || value.intValue() > largest) {
            throw new Problem(400, "%s must be between %d and %d.".formatted(field, smallest, largest));
        }
        return value.intValue();
    }

    /** True, false, or null where there is none. */
    Boolean flag(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw new Problem(400, "%s must be true or false.".formatted(field));
        }
        return value.booleanValue();
    }

    /** The instant, or null where there is none. */
    public Instant stamp(String field) {
        String text = text(field);
        return text == null
                ? null
                : Stamps.parse(text)
                        .orElseThrow(() ->
                                new Problem(400, "%s is not an ISO 8601 date and time: '%s'".formatted(field, text)));
    }

    /** The id, or null where there is none. @param numbers whether it may be a number */
    String id(String field, boolean numbers) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? null : id(field, value, numbers, "%s must be an id.");
    }

    public String requiredId(String field, boolean numbers) {
        String id = id(field, numbers);
        if (id == null) {
            throw new Problem(400, "%s is required.".formatted(field));
        }
        return id;
    }

    /** Each id once, in the order given; empty where the field is missing. */
    public Set<String> ids(String field, boolean numbers) {
        Set<String> ids = new LinkedHashSet<>();
        for (JsonNode item : list(field)) {
            ids.add(id(field, item, numbers, "%s must be an array of ids."));
        }
        return ids;
    }

    /** The objects of an array; empty where the field is missing. */
    List<Body> objects(String field) {
        List<Body> objects = new ArrayList<>();
        for (JsonNode item : list(field)) {
            if (!item.isObject()) {
                throw new Problem(400, "%s must be an array of objects.".formatted(field));
            }
            objects.add(new Body(item));
        }
        return objects;
    }

    private Iterable<JsonNode> list(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return List.of();
        }
        if (!value.isArray()) {
            throw new Problem(400, "%s must be an array.".formatted(field));
        }
        return value;
    }

    private static String id(String field, JsonNode value, boolean numbers, String complaint) {
        if (value.isTextual() || numbers && value.isIntegralNumber()) {
            return value.asText();
        }
        throw new Problem(400, complaint.formatted(field));
    }
}
