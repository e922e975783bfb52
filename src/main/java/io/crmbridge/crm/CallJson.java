package io.crmbridge.crm;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** A call as an intent keeps it. */
final class CallJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private CallJson() {}

    static byte[] write(Call call) {
        ObjectNode json = JSON.createObjectNode();
        json.put("verb", call.operation().verb());
        json.put("path", call.operation().path());
        json.set("ids", JSON.valueToTree(call.ids()));
        json.set("query", JSON.valueToTree(call.query()));
        call.body().ifPresent(body -> json.set("body", body));
        try {
            return JSON.writeValueAsBytes(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalStateException when there is no such operation any more */
    static Call read(byte[] written, String resource, String name, Collection<Operation> operations) {
        try {
            JsonNode json = JSON.readTree(written);
            Operation operation = operations.stream()
                    .filter(o -> o.resource().equals(resource)
                            && o.name().equals(name)
                            && o.path().equals(json.path("path").asText()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "there is no operation %s of %s any more".formatted(name, resource)));
            return new Call(
                    operation,
                    JSON.convertValue(json.path("ids"), TEXTS),
                    JSON.convertValue(json.path("query"), TEXTS),
                    Optional.of(json.path("body")).filter(body -> !body.isMissingNode()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
