package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Quota;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How one operation is asked for. Immutable, as long as nobody changes the template in {@code body}.
 *
 * @param query templates by parameter, in their order
 * @param body template of an object or a list
 * @param fields whether an entry's fields are sent: over the body, or in the query of a GET
 * @param headers templates by header, {@code Version} among them
 * @param scope what an OAuth consent needs for it
 * @param agency whether it needs a key of the agency
 * @param rows name of the answer's member that is the list; empty: its only list
 * @param key fields that mean the same record for a person
 * @param note what a person should know; may be empty
 */
public record CatalogueEntry(
        Operation operation,
        Map<String, String> query,
        Optional<JsonNode> body,
        boolean fields,
        Map<String, String> headers,
        Optional<String> scope,
        boolean agency,
        Optional<String> rows,
        Optional<Paging> paging,
        List<String> key,
        Origin origin,
        String note) {

    private static final String LOCATION = "{locationId}";

    /** How well it is known that the CRM has it. */
    public enum Origin {
        /** It is HighLevel's. */
        ASSUMED,
        /** No public source has it. */
        UNKNOWN,
        /** The customer's catalogue has it. */
        COLLECTION
    }

    public CatalogueEntry {
        query = Collections.unmodifiableMap(new LinkedHashMap<>(query));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        key = List.copyOf(key);
    }

    /** Whether it says which location it is about: an agency's key does not tell that. */
    public boolean isOfOneLocation() {
        return operation.path().contains(LOCATION)
                || query.containsValue(LOCATION)
                || body.filter(template -> Template.texts(template).anyMatch(LOCATION::equals))
                        .isPresent();
    }

    /**
     * The call with its values.
     *
     * @param values of the placeholders; times are ISO 8601 texts. What has none is left out
     * @param fields of the record to write, as the CRM names them: they win over the body's
     * @throws IllegalArgumentException where the path lacks a value, or a write lacks whom it is about, and where the operation
     *     takes no fields; names no value
     */
    public CrmHttp.Request request(Map<String, JsonNode> values, Optional<ObjectNode> fields, Quota.Lane lane) {
        if (fields.isPresent() && !this.fields) {
            throw new IllegalArgumentException(
                    "%s %s takes no fields".formatted(operation.resource(), operation.name()));
        }
        needed(values);
        boolean inQuery = operation.verb().equals("GET");
        Map<String, String> asked = new LinkedHashMap<>();
        query.forEach((name, template) -> Template.text(template, values).ifPresent(value -> asked.put(name, value)));
        if (inQuery) {
            fields.ifPresent(given -> given.properties().stream()
                    .filter(field -> !field.getValue().isNull())
                    .forEach(field -> asked.put(field.getKey(), flat(field))));
        }
        Map<String, String> sent = new LinkedHashMap<>();
        headers.forEach((name, template) ->
                Template.text(template, values).ifPresent(value -> sent.put(name, line(name, value))));
        return new CrmHttp.Request(
                operation.verb(),
                Template.path(operation.path(), values)
                        + asked.entrySet().stream()
                                .map(e -> Template.encode(e.getKey()) + "=" + Template.encode(e.getValue()))
                                .collect(Collectors.joining("&", asked.isEmpty() ? "" : "?", "")),
                (inQuery ? Optional.<JsonNode>empty() : body(values, fields))
                        .map(json -> json.toString().getBytes(StandardCharsets.UTF_8)),
                sent,
                lane);
    }

    /** Whom a write is about must be told, wherever it stands. */
    private void needed(Map<String, JsonNode> values) {
        if (operation.kind() == Operation.Kind.READ) {
            return;
        }
        Stream.of(
                        query.values().stream(),
                        headers.values().stream(),
                        body.stream().flatMap(Template::texts))
                .flatMap(texts -> texts)
                .flatMap(text -> Template.placeholders(text).stream())
                .map(Template.Placeholder::name)
                .filter(name -> !EntryReader.VALUES.contains(name) && !Template.has(name, values))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("%s %s needs %s, and it is not given"
                            .formatted(operation.resource(), operation.name(), name));
                });
    }

    private Optional<JsonNode> body(Map<String, JsonNode> values, Optional<ObjectNode> fields) {
        Optional<JsonNode> made = body.map(template -> Template.body(template, values));
        if (fields.isEmpty()) {
            return made;
        }
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        made.ifPresent(template -> whole.setAll((ObjectNode) template));
        whole.setAll(fields.get());
        return Optional.of(whole);
    }

    private static String flat(Map.Entry<String, JsonNode> field) {
        if (!field.getValue().isValueNode()) {
            throw new IllegalArgumentException(
                    "field %s is an object or a list, and a query has room for texts alone".formatted(field.getKey()));
        }
        return field.getValue().asText();
    }

    private static String line(String header, String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("header %s would not be one line".formatted(header));
        }
        return value;
    }
}
