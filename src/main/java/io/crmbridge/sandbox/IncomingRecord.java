package io.crmbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a caller sent, checked: 400 for an "invalid body, missing required fields, or a referenced ID [that] doesn't
 * belong to your workspace". Fields the CRM does not know are left out.
 */
final class IncomingRecord {
    private IncomingRecord() {}

    static Map<String, Object> forCreate(Workspace workspace, Resource resource, JsonNode body) {
        Map<String, Object> fields = forUpdate(workspace, resource, body);
        for (String field : resource.required()) {
            if (!fields.containsKey(field)) {
                throw new Problem(400, "%s is required.".formatted(field));
            }
        }
        return fields;
    }

    static Map<String, Object> forUpdate(Workspace workspace, Resource resource, JsonNode body) {
        if (!body.isObject()) {
            throw new Problem(400, "A record must be a JSON object.");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String field : resource.writable()) {
            JsonNode value = body.get(field);
            if (value != null) {
                fields.put(field, checked(workspace, resource, field, value));
            }
        }
        return fields;
    }

    private static Object checked(Workspace workspace, Resource resource, String field, JsonNode value) {
        if (resource.required().contains(field)
                && (!value.isTextual() || value.textValue().isBlank())) {
            throw new Problem(400, "%s is required and must be a text.".formatted(field));
        }
        if (value.isNull()) {
            return null;
        }
        if (field.equals("amount")) {
            if (!value.isNumber()) {
                throw new Problem(400, "amount must be a number.");
            }
            return value.numberValue();
        }
        boolean isId = resource.resolved().containsKey(field);
        if (!value.isTextual() && !(isId && workspace.ids().areNumbers() && value.isIntegralNumber())) {
            throw new Problem(400, "%s must be a text.".formatted(field));
        }
        if (isId && !workspace.records().owns(resource, field, value.asText())) {
            throw Outreach.foreign(field, value.asText());
        }
        return value.asText();
    }
}
