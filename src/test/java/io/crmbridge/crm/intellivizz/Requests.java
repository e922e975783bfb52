package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.Quota;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Calls made of a catalogue. */
final class Requests {
    static final Quota.Lane LANE = Quota.Lane.POLL;
    static final Map<String, JsonNode> EVERYTHING = values("""
            {"locationId": "loc 1", "agencyId": "ag1", "since": "2026-01-31T12:00:00Z", "until": "2026-02-01T00:00:00Z",
             "limit": 100, "startAfter": 1769860800000, "startAfterId": "c9", "searchAfter": [1769860800000, "c9"],
             "page": 2, "offset": 200, "cursor": "next", "id": "r1", "contact": "c1", "conversation": "v1",
             "workflow": "w1"}
            """);
    private static final ObjectMapper JSON = new ObjectMapper();

    private Requests() {}

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, JsonNode> values(String json) {
        Map<String, JsonNode> values = new TreeMap<>();
        object(json).properties().forEach(member -> values.put(member.getKey(), member.getValue()));
        return values;
    }

    static CrmHttp.Request of(Catalogue catalogue, String resource, String operation, String values) {
        return catalogue.find(resource, operation).orElseThrow().request(values(values), Optional.empty(), LANE);
    }

    static CrmHttp.Request of(Catalogue catalogue, String resource, String operation, String values, String fields) {
        return catalogue
                .find(resource, operation)
                .orElseThrow()
                .request(values(values), Optional.of(object(fields)), LANE);
    }

    static JsonNode body(CrmHttp.Request request) {
        try {
            return JSON.readTree(request.json().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
