package io.crmbridge.bundle.editor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Camel's own schema of its YAML DSL, in the canonical form, with the options of the bridge's components: where an address
 * begins with one of their schemes, its parameters are theirs.
 */
final class RoutesSchema {
    static final List<String> SCHEMES =
            List.of("impactiveai", "intellivizz", "inbox", "lead", "map", "template", "export", "hook", "events");
    private static final String DEFINITIONS = "#/items/definitions/";

    private RoutesSchema() {}

    static ObjectNode make() {
        ObjectNode schema = (ObjectNode) resource("/schema/camelYamlDsl-canonical.json");
        // Draft 4, in which Camel writes it, has no if and then; all else that it uses means the same in draft 7.
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "Routes of CRM Bridge");
        ObjectNode definitions = (ObjectNode) schema.at("/items/definitions");
        List<Map.Entry<String, JsonNode>> camels = List.copyOf(definitions.properties());
        for (String scheme : SCHEMES) {
            ComponentOptions options = new ComponentOptions(
                    scheme, resource("/META-INF/io/crmbridge/component/%s/%s.json".formatted(scheme, scheme)));
            for (boolean source : new boolean[] {true, false}) {
                definitions.set(name(scheme, source), options.parameters(source));
            }
            for (Map.Entry<String, JsonNode> camel : camels) {
                JsonNode properties = camel.getValue().path("properties");
                if (properties.has("uri")
                        && properties.path("parameters").path("type").asText().equals("object")) {
                    boolean source = properties.has("steps") || camel.getKey().contains(".Poll");
                    add((ObjectNode) camel.getValue(), options, source);
                }
            }
        }
        return schema;
    }

    private static void add(ObjectNode step, ComponentOptions options, boolean source) {
        ObjectNode rule = step.withArray("allOf").addObject();
        ObjectNode condition = rule.putObject("if");
        condition.putArray("required").add("uri");
        condition.putObject("properties").putObject("uri").put("pattern", "^" + options.scheme() + ":");
        ObjectNode then = rule.putObject("then").putObject("properties");
        then.set("uri", options.address());
        then.putObject("parameters").put("$ref", DEFINITIONS + name(options.scheme(), source));
        ArrayNode examples = ((ObjectNode) step.at("/properties/uri")).withArray("examples");
        options.examples(source).forEach(examples::add);
    }

    private static String name(String scheme, boolean source) {
        return "io.crmbridge." + scheme + (source ? ".source" : ".target");
    }

    private static JsonNode resource(String path) {
        return EditorSchemas.resource(path)
                .orElseThrow(() -> new IllegalStateException("%s is missing on the class path".formatted(path)));
    }
}
