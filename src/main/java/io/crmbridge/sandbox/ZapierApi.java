package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** "/api/zapier/*: Designed for poll-based integrations." */
final class ZapierApi {
    private static final int CAP = 100;

    void addTo(RoutesConfig routes) {
        routes.get("/api/zapier/auth/test", this::authTest);
        for (Resource resource : Resource.values()) {
            routes.get("/api/zapier/" + resource.path(), context -> list(context, resource));
        }
        for (Resource resource : List.of(Resource.CONTACTS, Resource.COMPANIES, Resource.DEALS)) {
            routes.post("/api/zapier/" + resource.path(), context -> create(context, resource));
        }
    }

    private void authTest(Context context) {
        Workspace workspace = WorkspaceKeys.workspace(context);
        Answers.ok(context, Map.of("id", workspace.id(), "name", workspace.name()));
    }

    /** "Up to 100 records sorted by updatedAt descending"; since "returns only [records] updated after that". */
    private void list(Context context, Resource resource) {
        Instant since = Answers.since(context);
        Answers.rows(
                context, WorkspaceKeys.workspace(context).records().newest(resource, since, Answers.cap(context, CAP)));
    }

    private void create(Context context, Resource resource) {
        Workspace workspace = WorkspaceKeys.workspace(context);
        Map<String, Object> fields = IncomingRecord.forCreate(workspace, resource, Json.read(context.bodyAsBytes()));
        String id = workspace.records().createAll(resource, List.of(fields)).get(0);
        Answers.created(context, workspace.get(resource.path(), id));
    }
}
