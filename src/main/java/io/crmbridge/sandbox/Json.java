package io.crmbridge.sandbox;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Reads requests strictly and writes answers as a stream. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private Json() {}

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bare array of rows, or {@code {"data": [...]}}. */
    static byte[] writeRows(List<Map<String, Object>> rows, boolean wrapped) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + rows.size() * 384);
        try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
            if (wrapped) {
                json.writeStartObject();
                json.writeFieldName("data");
            }
            json.writeStartArray();
            for (Map<String, Object> row : rows) {
                json.writeStartObject();
                for (Map.Entry<String, Object> field : row.entrySet()) {
                    json.writeFieldName(field.getKey());
                    json.writeObject(field.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            if (wrapped) {
                json.writeEndObject();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Throws {@link Problem} 400 where the body is not one JSON value. */
    public static JsonNode read(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node == null || node.isMissingNode()) {
                throw new Problem(400, "The body is empty: it must be JSON.");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new Problem(400, "The body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Throws {@link Problem} 400 where the body is not a JSON object. */
    public static Map<String, Object> readObject(byte[] body) {
        JsonNode node = read(body);
        if (!node.isObject()) {
            throw new Problem(400, "The body must be a JSON object.");
        }
        return copy(node);
    }

    public static JsonNode node(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** A deep copy that holds JSON values only; throws IllegalArgumentException for what JSON cannot say. */
    public static Map<String, Object> copy(Object value) {
        return Collections.unmodifiableMap(MAPPER.convertValue(value, MAP));
    }
}
