package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An operation with all that it needs.
 *
 * @param ids values for what stands in braces in the operation's path
 * @param body JSON to send
 */
public record Call(Operation operation, Map<String, String> ids, Map<String, String> query, Optional<JsonNode> body) {

    public Call {
        ids = Map.copyOf(ids);
        query = Map.copyOf(query);
        for (String name : operation.needs()) {
            if (ids.getOrDefault(name, "").isBlank()) {
                throw new IllegalArgumentException(
                        "%s of %s needs %s".formatted(operation.name(), operation.resource(), name));
            }
        }
    }

    public Call withBody(JsonNode newBody) {
        return new Call(operation, ids, query, Optional.of(newBody));
    }

    /** Encoded; a value cannot leave its place in the path. */
    public String pathAndQuery() {
        String path = operation.path(name -> encode(ids.get(name)));
        return query.isEmpty()
                ? path
                : path + "?"
                        + new TreeMap<>(query)
                                .entrySet().stream()
                                        .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                                        .collect(Collectors.joining("&"));
    }

    /** For people: verb and path without values, which may be personal. */
    public String title() {
        return operation.verb() + " " + operation.path();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
