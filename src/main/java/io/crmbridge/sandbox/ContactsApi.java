package io.crmbridge.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** "/api/agent/contacts: Supports batch contact creation [and] reply retrieval." */
final class ContactsApi {
    private static final int DEFAULT_LIMIT = 100;
    private static final int LARGEST_LIMIT = 500;

    void addTo(RoutesConfig routes) {
        routes.get("/api/agent/contacts", this::list);
        routes.post("/api/agent/contacts", this::create);
        routes.patch("/api/agent/contacts/{id}", this::update);
        routes.get("/api/agent/contacts/{id}/replies", this::replies);
    }

    /** "Optional limit query parameter (default 100, max 500)"; its order is not documented, see {@link ContactOrder}. */
    private void list(Context context) {
        Workspace workspace = WorkspaceKeys.workspace(context);
        int limit = Answers.cap(context, limit(context));
        Answers.rows(context, workspace.records().created(Resource.CONTACTS, workspace.contactOrder(), limit));
    }

    /** "Send a single object, or an array of objects"; one refused object refuses the whole array. */
    private void create(Context context) {
        Workspace workspace = WorkspaceKeys.workspace(context);
        JsonNode body = Json.read(context.bodyAsBytes());
        List<Map<String, Object>> batch = new ArrayList<>();
        for (JsonNode item : body.isArray() ? body : List.of(body)) {
            batch.add(IncomingRecord.forCreate(workspace, Resource.CONTACTS, item));
        }
        List<Map<String, Object>> created = workspace.records().createAll(Resource.CONTACTS, batch).stream()
                .map(id -> workspace.records().stored(Resource.CONTACTS, id))
                .toList();
        Answers.created(context, body.isArray() ? created : created.get(0));
    }

    /** "Send only the fields you want to change." */
    private void update(Context context) {
        Workspace workspace = WorkspaceKeys.workspace(context);
        String id = context.pathParam("id");
        workspace.records().stored(Resource.CONTACTS, id);
        Map<String, Object> fields =
                IncomingRecord.forUpdate(workspace, Resource.CONTACTS, Json.read(context.bodyAsBytes()));
        workspace.update(Resource.CONTACTS.path(), id, fields);
        Answers.ok(context, workspace.records().stored(Resource.CONTACTS, id));
    }

    /** "List inbound emails received from this contact (up to 100, most recent first)." */
    private void replies(Context context) {
        int cap = Answers.cap(context, Conversations.CONTACT_CAP);
        Answers.rows(
                context,
                WorkspaceKeys.workspace(context).stores().conversations().ofContact(context.pathParam("id"), cap));
    }

    private static int limit(Context context) {
        String limit = context.queryParam("limit");
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        try {
            int value = Integer.parseInt(limit);
            if (value >= 1 && value <= LARGEST_LIMIT) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new Problem(400, "limit is not a number: '%s'".formatted(limit));
        }
        throw new Problem(400, "limit must be between 1 and %d.".formatted(LARGEST_LIMIT));
    }
}
