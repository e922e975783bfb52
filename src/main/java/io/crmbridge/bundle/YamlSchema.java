package io.crmbridge.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What may stand where in a file of routes, as Camel's own schema of its YAML says. Immutable. Thread-safe. */
final class YamlSchema {
    private static final String RESOURCE = "/schema/camelYamlDsl.json";

    private final JsonNode root;
    /** By identity, because a node's hash is that of all that is in it. */
    private final Map<JsonNode, Shape> shapes = Collections.synchronizedMap(new IdentityHashMap<>());

    /**
     * What one value may be.
     *
     * @param types JSON's names of kinds; empty: any
     * @param keys of a map, with what stands behind each
     * @param closed no other keys
     * @param items of a list
     * @param needed keys that a map must have
     * @param shorthand keys that Camel takes here and that belong below {@code expression:}
     */
    record Shape(
            Set<String> types,
            Map<String, List<JsonNode>> keys,
            boolean closed,
            List<JsonNode> items,
            Set<String> words,
            Set<String> needed,
            Set<String> shorthand) {
        boolean allows(String type) {
            return types.isEmpty() || types.contains(type);
        }
    }

    private static final class Holder {
        private static final YamlSchema STANDARD = new YamlSchema();
    }

    private YamlSchema() {
        try (InputStream in = YamlSchema.class.getResourceAsStream(RESOURCE)) {
            this.root = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the schema of YAML routes cannot be read", e);
        }
    }

    static YamlSchema standard() {
        return Holder.STANDARD;
    }

    /** What an entry of a file's list may be. */
    Shape entry() {
        return shape(List.of(root.get("items")));
    }

    Shape shape(Collection<JsonNode> alternatives) {
        return alternatives.size() == 1
                ? shapes.computeIfAbsent(alternatives.iterator().next(), node -> gathered(List.of(node)))
                : gathered(alternatives);
    }

    private Shape gathered(Collection<JsonNode> alternatives) {
        Shape shape = new Shape(
                new HashSet<>(),
                new LinkedHashMap<>(),
                false,
                new ArrayList<>(),
                new LinkedHashSet<>(),
                new HashSet<>(),
                new HashSet<>());
        boolean closed = false;
        for (JsonNode alternative : alternatives) {
            closed |= gather(alternative, shape, true, Collections.newSetFromMap(new IdentityHashMap<>()));
        }
        return new Shape(
                shape.types(), shape.keys(), closed, shape.items(), shape.words(), shape.needed(), shape.shorthand());
    }

    /** Whether it says that there are no other keys. */
    private boolean gather(JsonNode given, Shape shape, boolean certain, Set<JsonNode> seen) {
        if (!seen.add(given)) {
            return false;
        }
        boolean closed = given.path("additionalProperties").isBoolean()
                && !given.path("additionalProperties").asBoolean();
        Optional<JsonNode> target = target(given);
        if (target.isPresent()) {
            closed |= gather(target.get(), shape, certain, seen);
        }
        if (given.has("type")) {
            shape.types().add(given.get("type").asText());
        }
        given.path("properties").properties().forEach(property -> {
            List<JsonNode> known = shape.keys().computeIfAbsent(property.getKey(), name -> new ArrayList<>());
            if (!property.getValue().isEmpty()) {
                known.add(property.getValue());
            } else if (!property.getKey().equals("expression")) {
                shape.shorthand().add(property.getKey());
            }
        });
        if (given.has("items")) {
            shape.items().add(given.get("items"));
        }
        given.path("enum").forEach(word -> shape.words().add(word.asText()));
        if (certain) {
            given.path("required").forEach(key -> shape.needed().add(key.asText()));
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            for (JsonNode branch : given.path(choice)) {
                if (!branch.has("not")) {
                    closed |= gather(branch, shape, false, seen);
                }
            }
        }
        return closed;
    }

    private Optional<JsonNode> target(JsonNode given) {
        return given.has("$ref")
                ? Optional.of(root.at(given.get("$ref").asText().substring(1)))
                : Optional.empty();
    }
}
