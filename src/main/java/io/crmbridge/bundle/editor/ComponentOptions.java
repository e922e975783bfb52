package io.crmbridge.bundle.editor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The options of one of the bridge's components as schemas. Whatever an option is, it may be a {@code {{placeholder}}} as well.
 *
 * @param component what Camel's tools write of it
 */
record ComponentOptions(String scheme, JsonNode component) {
    /** Also an expression, which toD: makes an address of. */
    private static final String PLACEHOLDER = ".*(\\{\\{|\\$\\{).+\\}.*";

    private static final String DURATION = "^(\\d+(\\s*[a-zA-Z]+\\s*\\d+)*\\s*[a-zA-Z]*|[Pp].+|" + PLACEHOLDER + ")$";
    private static final String INTEGER = "^(-?\\d+|" + PLACEHOLDER + ")$";
    private static final String BOOLEAN = "^(true|false|" + PLACEHOLDER + ")$";

    /** Where the words behind the scheme are known, one of them or a placeholder; they are letters and hyphens. */
    ObjectNode address() {
        ObjectNode address = JsonNodeFactory.instance.objectNode();
        List<String> words = words();
        if (!words.isEmpty()) {
            address.put(
                    "pattern", "^" + scheme + ":(//)?(" + String.join("|", words) + "|" + PLACEHOLDER + ")(\\?.*)?$");
        }
        return address;
    }

    List<String> examples(boolean source) {
        JsonNode is = component.path("component");
        if (is.path(source ? "producerOnly" : "consumerOnly").asBoolean()) {
            return List.of();
        }
        List<String> words = words();
        return words.isEmpty()
                ? List.of(scheme + ":")
                : words.stream().map(word -> scheme + ":" + word).toList();
    }

    ObjectNode parameters(boolean source) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        parameters.put("type", "object");
        parameters.put("title", component.path("component").path("syntax").asText());
        parameters.put(
                "description", component.path("component").path("description").asText());
        ObjectNode properties = parameters.putObject("properties");
        ObjectNode patterns = parameters.putObject("patternProperties");
        for (Map.Entry<String, JsonNode> option : component.path("properties").properties()) {
            JsonNode is = option.getValue();
            if (is.path("kind").asText().equals("parameter")
                    && isFor(source, is.path("label").asText())) {
                String prefix = is.path("prefix").asText();
                if (prefix.isEmpty()) {
                    properties.set(option.getKey(), value(is));
                } else {
                    patterns.set("^" + prefix.replace(".", "\\."), described(is));
                }
            }
        }
        parameters.put("additionalProperties", false);
        return parameters;
    }

    /** The words that may stand behind the scheme, where they are known. */
    private List<String> words() {
        List<String> words = new ArrayList<>();
        for (JsonNode option : component.path("properties")) {
            if (option.path("kind").asText().equals("path")) {
                option.path("enum").forEach(word -> words.add(word.asText()));
            }
        }
        return words;
    }

    private static boolean isFor(boolean source, String label) {
        return !List.of(label.split(",")).contains(source ? "producer" : "consumer");
    }

    private static ObjectNode value(JsonNode option) {
        ObjectNode value = described(option);
        switch (option.path("type").asText()) {
            case "enum" -> {
                ArrayNode choices = value.putArray("anyOf");
                choices.addObject().set("enum", option.path("enum"));
                choices.addObject().put("type", "string").put("pattern", "^" + PLACEHOLDER + "$");
            }
            case "boolean" -> typed(value, "boolean", BOOLEAN);
            case "integer" -> typed(value, "integer", INTEGER);
            case "duration" -> typed(value, "integer", DURATION);
            default -> value.putArray("type").add("string").add("number").add("boolean");
        }
        return value;
    }

    private static void typed(ObjectNode value, String type, String pattern) {
        value.putArray("type").add(type).add("string");
        value.put("pattern", pattern);
    }

    private static ObjectNode described(JsonNode option) {
        ObjectNode described = JsonNodeFactory.instance.objectNode();
        described.put("description", option.path("description").asText());
        if (option.has("defaultValue")) {
            described.set("default", option.get("defaultValue"));
        }
        return described;
    }
}
