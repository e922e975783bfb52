package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;

/** What happens to every request of the API: it is counted, a fault may strike, and its key is checked. */
final class WorkspaceKeys {
    private static final String WORKSPACE = "sandbox.workspace";
    private static final String ALL = "/api/*";

    private final Workspaces workspaces;

    WorkspaceKeys(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    /** A refused key is counted and may be struck too, so the faults lie between. */
    void addTo(RoutesConfig routes, FaultFilter faults) {
        routes.before(ALL, this::count);
        faults.addTo(routes, ALL);
        routes.before(ALL, this::check);
    }

    static Workspace workspace(Context context) {
        return context.attribute(WORKSPACE);
    }

    private void count(Context context) {
        String key = context.header("x-api-key");
        if (key != null) {
            workspaces.withKey(key).ifPresent(workspace -> {
                workspace.requests().add(context.method().name(), context.path());
                context.attribute(WORKSPACE, workspace);
            });
        }
    }

    private void check(Context context) {
        String key = context.header("x-api-key");
        if (key == null || key.isBlank()) {
            throw new Problem(401, "The x-api-key header is missing.");
        }
        Workspace workspace = workspace(context);
        if (workspace == null || workspace.revoked()) {
            throw new Problem(401, "The x-api-key is not valid, or was revoked.");
        }
        // The router would answer HEAD with its GET; the document knows no HEAD.
        if (context.method() == HandlerType.HEAD) {
            throw new Problem(405, "HEAD is not one of the verbs of " + context.path());
        }
    }
}
