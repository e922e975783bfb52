package io.crmbridge.component.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.SpecVersionDetector;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.ClasspathSchemaLoader;
import com.networknt.schema.resource.DisallowSchemaLoader;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The JSON Schema that an inbox's entries keep to. Refers to nothing outside of its own file. Thread-safe. */
final class EntrySchema {
    /** Keeps to nothing. */
    static final EntrySchema NONE = new EntrySchema(Optional.empty(), Optional.empty());

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<JsonSchema> exact;
    private final Optional<JsonSchema> ofText;

    private EntrySchema(Optional<JsonSchema> exact, Optional<JsonSchema> ofText) {
        this.exact = exact;
        this.ofText = ofText;
    }

    /** @throws IllegalArgumentException when the text is no schema; says what is wrong with it */
    static EntrySchema of(String text) {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "no JSON in line " + e.getLocation().getLineNr(), e);
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException("a schema is a JSON object");
        }
        VersionFlag version =
                SpecVersionDetector.detectOptionalVersion(tree, false).orElse(VersionFlag.V202012);
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(
                version,
                builder -> builder.schemaLoaders(loaders -> loaders.values(List::clear)
                        .add(new ClasspathSchemaLoader())
                        .add(DisallowSchemaLoader.getInstance())));
        try {
            Set<ValidationMessage> wrong = factory.getSchema(SchemaLocation.of(version.getId()), config(false))
                    .validate(tree);
            if (!wrong.isEmpty()) {
                throw new IllegalArgumentException(
                        wrong.stream().map(ValidationMessage::getMessage).collect(Collectors.joining("; ")));
            }
            return new EntrySchema(
                    Optional.of(compiled(factory, tree, false)), Optional.of(compiled(factory, tree, true)));
        } catch (RuntimeException e) {
            throw e instanceof IllegalArgumentException told ? told : new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static JsonSchema compiled(JsonSchemaFactory factory, JsonNode tree, boolean loosely) {
        JsonSchema schema = factory.getSchema(tree, config(loosely));
        schema.initializeValidators();
        return schema;
    }

    private static SchemaValidatorsConfig config(boolean loosely) {
        return SchemaValidatorsConfig.builder()
                .formatAssertionsEnabled(true)
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ENGLISH)
                .typeLoose(loosely)
                .build();
    }

    /** @param text all values are text, so that a number in one counts as a number */
    List<Fault> faults(int number, ObjectNode entry, boolean text) {
        return (text ? ofText : exact)
                .map(schema -> schema.validate(entry).stream()
                        .map(message -> fault(number, message))
                        .distinct()
                        .toList())
                .orElse(List.of());
    }

    private static Fault fault(int number, ValidationMessage message) {
        String at = message.getInstanceLocation().toString();
        String rule = message.getMessage();
        String what = rule.startsWith(at + ": ") ? rule.substring(at.length() + 2) : rule;
        return switch (message.getType()) {
            case "required" -> new Fault(number, at + "/" + message.getProperty(), "is missing");
            case "additionalProperties", "unevaluatedProperties" ->
                new Fault(number, at + "/" + message.getProperty(), "is not in the schema");
            case "format" ->
                new Fault(number, at, "is no " + message.getSchemaNode().asText());
            default -> new Fault(number, at, what);
        };
    }
}
