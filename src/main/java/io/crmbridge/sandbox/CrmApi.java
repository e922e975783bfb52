package io.crmbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The document's endpoints under /api/zapier and /api/agent/contacts. Where it names no status, a creation answers 201
 * and all else 200; where it shows no shape, a list is a bare array and an error {@code {"error": "..."}}.
 */
final class CrmApi {
    private static final int ZAPIER_CAP = 100;
    private static final int AGENT_DEFAULT_LIMIT = 100;
    private static final int AGENT_LARGEST_LIMIT = 500;

    void addTo(RoutesConfig routes) {
        routes.get("/api/zapier/auth/test", this::authTest);
        for (Resource resource : Resource.values()) {
            routes.get("/api/zapier/" + resource.path(), context -> list(context, resource));
        }
        for (Resource resource : List.of(Resource.CONTACTS, Resource.COMPANIES, Resource.DEALS)) {
            routes.post("/api/zapier/" + resource.path(), context -> create(context, resource));
        }
        routes.get("/api/agent/contacts", this::agentContacts);
        routes.post("/api/agent/contacts", this::createContacts);
        routes.patch("/api/agent/contacts/{id}", this::updateContact);
    }

    private void authTest(Context context) {
        Workspace workspace = FaultFilter.workspace(context);
        WebServer.json(context, 200, Json.write(Map.of("id", workspace.id(), "name", workspace.name())));
    }

    /** "Up to 100 records sorted by updatedAt descending"; since "returns only [records] updated after that". */
    private void list(Context context, Resource resource) {
        Instant since = since(context);
        Fault fault = FaultFilter.fault(context);
        if (fault != null && fault.ignoresSince()) {
            since = null;
        }
        int cap = fault == null ? ZAPIER_CAP : fault.cappedAt(ZAPIER_CAP);
        answerRows(context, FaultFilter.workspace(context).records().newest(resource, since, cap));
    }

    private void create(Context context, Resource resource) {
        Workspace workspace = FaultFilter.workspace(context);
        Map<String, Object> fields = IncomingRecord.forCreate(workspace, resource, Json.read(context.bodyAsBytes()));
        String id = workspace.records().createAll(resource, List.of(fields)).get(0);
        WebServer.json(context, 201, Json.write(workspace.get(resource.path(), id)));
    }

    /** "Optional limit query parameter (default 100, max 500)"; its order is not documented: here, oldest first. */
    private void agentContacts(Context context) {
        Fault fault = FaultFilter.fault(context);
        int limit = fault == null ? limit(context) : fault.cappedAt(limit(context));
        answerRows(context, FaultFilter.workspace(context).records().oldestCreated(Resource.CONTACTS, limit));
    }

    /** "Send a single object, or an array of objects"; one refused object refuses the whole array. */
    private void createContacts(Context context) {
        Workspace workspace = FaultFilter.workspace(context);
        JsonNode body = Json.read(context.bodyAsBytes());
        List<Map<String, Object>> batch = new ArrayList<>();
        for (JsonNode item : body.isArray() ? body : List.of(body)) {
            batch.add(IncomingRecord.forCreate(workspace, Resource.CONTACTS, item));
        }
        List<Map<String, Object>> created = workspace.records().createAll(Resource.CONTACTS, batch).stream()
                .map(id -> workspace.records().stored(Resource.CONTACTS, id))
                .toList();
        WebServer.json(context, 201, Json.write(body.isArray() ? created : created.get(0)));
    }

    /** "Send only the fields you want to change." */
    private void updateContact(Context context) {
        Workspace workspace = FaultFilter.workspace(context);
        String id = context.pathParam("id");
        workspace.records().stored(Resource.CONTACTS, id);
        Map<String, Object> fields =
                IncomingRecord.forUpdate(workspace, Resource.CONTACTS, Json.read(context.bodyAsBytes()));
        workspace.update(Resource.CONTACTS.path(), id, fields);
        WebServer.json(context, 200, Json.write(workspace.records().stored(Resource.CONTACTS, id)));
    }

    private static void answerRows(Context context, List<Map<String, Object>> rows) {
        Fault fault = FaultFilter.fault(context);
        List<Map<String, Object>> ordered = rows;
        if (fault != null && fault.reverses()) {
            ordered = new ArrayList<>(rows);
            Collections.reverse(ordered);
        }
        WebServer.json(context, 200, Json.writeRows(ordered, fault != null && fault.wraps()));
    }

    private static Instant since(Context context) {
        String since = context.queryParam("since");
        if (since == null) {
            return null;
        }
        return Stamps.parse(since)
                .orElseThrow(() -> new Problem(400, "since is not an ISO 8601 date and time: '%s'".formatted(since)));
    }

    private static int limit(Context context) {
        String limit = context.queryParam("limit");
        if (limit == null) {
            return AGENT_DEFAULT_LIMIT;
        }
        try {
            int value = Integer.parseInt(limit);
            if (value >= 1 && value <= AGENT_LARGEST_LIMIT) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new Problem(400, "limit is not a number: '%s'".formatted(limit));
        }
        throw new Problem(400, "limit must be between 1 and %d.".formatted(AGENT_LARGEST_LIMIT));
    }
}
