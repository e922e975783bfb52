package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.crmbridge.component.CrmRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.StreamCache;

/** A message's body as a person reads it. */
final class Bodies {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Bodies() {}

    /** JSON where it is an object or a list, or the text of one; else text. The exchange keeps its body. */
    static JsonNode of(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        Object body = message.getBody();
        if (body == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        if (body instanceof Map || body instanceof List || body instanceof JsonNode) {
            return CrmRecord.toTree(body);
        }
        byte[] bytes = message.getBody(byte[].class);
        if (bytes == null) {
            return JsonNodeFactory.instance.textNode(String.valueOf(message.getBody(String.class)));
        }
        if (body instanceof StreamCache cache) {
            cache.reset();
        } else if (!(body instanceof String)) {
            message.setBody(bytes);
        }
        return ofText(new String(bytes, StandardCharsets.UTF_8));
    }

    static JsonNode ofText(String text) {
        String start = text.stripLeading();
        if (start.startsWith("{") || start.startsWith("[")) {
            try {
                return JSON.readTree(text);
            } catch (JsonProcessingException e) {
                // Text that looks a little like JSON.
                return JsonNodeFactory.instance.textNode(text);
            }
        }
        return JsonNodeFactory.instance.textNode(text);
    }

    /** JSON text of an answer; that of a text is itself. */
    static String text(JsonNode body) {
        return body.isTextual() ? body.asText() : body.toString();
    }
}
