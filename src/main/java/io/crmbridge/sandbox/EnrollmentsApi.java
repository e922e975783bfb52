package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is on a sequence, what it sent and what came back. Bodies of answers to a change are inferred. */
final class EnrollmentsApi {
    private static final String ONE = "/api/agent/sequences/{id}";

    void addTo(RoutesConfig routes) {
        routes.post(ONE + "/enroll", this::enroll);
        routes.get(ONE + "/enrollments", this::enrollments);
        routes.get(ONE + "/sends", this::sends);
        routes.get(ONE + "/replies", this::replies);
        routes.post(ONE + "/pause", this::pause);
        routes.delete(ONE + "/contacts/{contact}", this::unenroll);
    }

    /** "Returns 201 with:" {@link Enrollments.Outcome#body}. */
    private void enroll(Context context) {
        Body body = Body.of(context.bodyAsBytes());
        Answers.created(
                context,
                workspace(context)
                        .stores()
                        .enrollments()
                        .enroll(id(context), body)
                        .body());
    }

    private void enrollments(Context context) {
        Instant since = Answers.since(context);
        int cap = Answers.cap(context, Integer.MAX_VALUE);
        Answers.rows(context, workspace(context).stores().enrollments().rows(id(context), since, cap));
    }

    private void sends(Context context) {
        Instant since = Answers.since(context);
        int cap = Answers.cap(context, Conversations.SEQUENCE_CAP);
        Answers.rows(context, workspace(context).stores().conversations().sends(id(context), since, cap));
    }

    private void replies(Context context) {
        Instant since = Answers.since(context);
        int cap = Answers.cap(context, Conversations.SEQUENCE_CAP);
        Answers.rows(context, workspace(context).stores().conversations().replies(id(context), since, cap));
    }

    /** {@code {"paused": how many, "contactIds": [who]}}. */
    private void pause(Context context) {
        Workspace workspace = workspace(context);
        List<String> paused = workspace.stores().enrollments().pause(id(context), Body.orEmpty(context.bodyAsBytes()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("paused", paused.size());
        answer.put("contactIds", paused.stream().map(workspace.ids()::shown).toList());
        Answers.ok(context, answer);
    }

    /** {@code {"contactId": ..., "unenrolled": true}}. */
    private void unenroll(Context context) {
        Workspace workspace = workspace(context);
        String contact = context.pathParam("contact");
        workspace.stores().enrollments().unenroll(id(context), contact);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("contactId", workspace.ids().shown(contact));
        answer.put("unenrolled", true);
        Answers.ok(context, answer);
    }

    private static Workspace workspace(Context context) {
        return WorkspaceKeys.workspace(context);
    }

    private static String id(Context context) {
        return context.pathParam("id");
    }
}
