package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands the sandbox by HTTP: the page and the documentation's examples use it. It asks for no key. */
final class ControlApi {
    private static final int LARGEST_BURST = 100_000;
    private static final int DEFAULT_LIMIT = 50;

    private final Workspaces workspaces;
    private final Faults faults;
    private final WebhookReceiver receiver;

    ControlApi(Workspaces workspaces, Faults faults, WebhookReceiver receiver) {
        this.workspaces = workspaces;
        this.faults = faults;
        this.receiver = receiver;
    }

    void addTo(RoutesConfig routes) {
        routes.before("/control/*", context -> context.header("X-Content-Type-Options", "nosniff"));
        routes.post("/control/faults", this::armFault);
        routes.delete("/control/faults", context -> {
            faults.clear();
            context.status(204);
        });
        routes.post("/control/workspaces/{workspace}/{resource}/burst", this::burst);
        routes.post("/control/key/revoke", this::revokeKey);
        routes.get("/control/records/{resource}", this::records);
        routes.post("/control/records/{resource}/{id}", this::change);
        routes.delete("/control/records/{resource}/{id}", this::remove);
        routes.get("/control/requests", this::requests);
        routes.get("/control/received", this::received);
    }

    private void armFault(Context context) {
        FaultRequest.arm(faults, Json.readObject(context.bodyAsBytes()));
        WebServer.json(context, 201, Json.write(Map.of("armed", true)));
    }

    private void burst(Context context) {
        Workspace workspace = workspaces.withId(context.pathParam("workspace"));
        Resource resource = resource(context);
        int count = number(context, "count", 1, LARGEST_BURST);
        boolean tied = Boolean.parseBoolean(context.queryParam("tied"));
        Duration shift = duration(context, "future").minus(duration(context, "late"));
        workspace.records().burst(resource, count, tied, shift);
        WebServer.json(context, 200, Json.write(Map.of("changed", count)));
    }

    private void revokeKey(Context context) {
        Workspace workspace = workspace(context);
        workspace.revokeKey();
        WebServer.json(context, 200, Json.write(Map.of("workspace", workspace.id(), "revoked", true)));
    }

    private void records(Context context) {
        int limit = context.queryParam("limit") == null ? DEFAULT_LIMIT : number(context, "limit", 1, LARGEST_BURST);
        List<Map<String, Object>> rows = workspace(context).records().newest(resource(context), null, limit);
        WebServer.json(context, 200, Json.writeRows(rows, false));
    }

    private void change(Context context) {
        Workspace workspace = workspace(context);
        String resource = resource(context).path();
        String id = context.pathParam("id");
        workspace.update(resource, id, Json.readObject(context.bodyAsBytes()));
        WebServer.json(context, 200, Json.write(workspace.get(resource, id)));
    }

    private void remove(Context context) {
        workspace(context).remove(resource(context).path(), context.pathParam("id"));
        context.status(204);
    }

    /** How many had the workspace's key, this path prefix and, where it is given, this method. */
    private void requests(Context context) {
        String path = context.queryParam("path") == null ? "/api" : context.queryParam("path");
        String method = context.queryParam("method");
        Workspace workspace = workspace(context);
        long count = method == null ? workspace.requests(path) : workspace.requests(method, path);
        WebServer.json(context, 200, Json.write(Map.of("count", count)));
    }

    private void received(Context context) {
        int limit = context.queryParam("limit") == null ? DEFAULT_LIMIT : number(context, "limit", 1, LARGEST_BURST);
        List<Map<String, Object>> calls =
                receiver.newest(limit).stream().map(ControlApi::shown).toList();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("url", receiver.url().toString());
        answer.put("count", receiver.count());
        answer.put("calls", calls);
        WebServer.json(context, 200, Json.write(answer));
    }

    private static Map<String, Object> shown(WebhookReceiver.Received call) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("at", Stamps.iso(call.at()));
        shown.put("method", "POST");
        shown.put("path", call.path());
        shown.put("headers", call.headers());
        shown.put("body", new String(call.body(), StandardCharsets.UTF_8));
        return shown;
    }

    private Workspace workspace(Context context) {
        return workspace(workspaces, context);
    }

    /** The workspace named by the query, or the default one. */
    static Workspace workspace(Workspaces workspaces, Context context) {
        String id = context.queryParam("workspace");
        return id == null ? workspaces.first() : workspaces.withId(id);
    }

    private static Resource resource(Context context) {
        try {
            return Resource.of(context.pathParam("resource"));
        } catch (IllegalArgumentException e) {
            throw new Problem(404, e.getMessage());
        }
    }

    static int number(Context context, String parameter, int smallest, int largest) {
        String text = context.queryParam(parameter);
        try {
            int value = Integer.parseInt(String.valueOf(text));
            if (value >= smallest && value <= largest) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new Problem(400, "%s must be a number, and is '%s'.".formatted(parameter, text));
        }
        throw new Problem(400, "%s must be between %d and %d.".formatted(parameter, smallest, largest));
    }

    private static Duration duration(Context context, String parameter) {
        String text = context.queryParam(parameter);
        try {
            return text == null ? Duration.ZERO : Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new Problem(
                    400, "%s must be an ISO 8601 duration such as PT3M, and is '%s'.".formatted(parameter, text));
        }
    }
}
