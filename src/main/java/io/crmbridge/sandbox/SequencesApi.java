package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * "/api/agent/sequences", their steps and "/api/agent/sending-accounts". The document shows no verbs: those that change
 * something are PATCH here, and a deletion is answered by 200 with what was deleted.
 */
final class SequencesApi {
    private static final String ALL = "/api/agent/sequences";
    private static final String ONE = ALL + "/{id}";
    private static final String STEPS = ONE + "/steps";
    private static final String STEP = STEPS + "/{step}";

    void addTo(RoutesConfig routes) {
        routes.get(
                "/api/agent/sending-accounts",
                context -> Answers.rows(
                        context,
                        WorkspaceKeys.workspace(context).stores().accounts().rows()));
        routes.post(ALL, this::create);
        routes.get(ALL, context -> Answers.rows(context, sequences(context).rows()));
        routes.get(ONE, context -> Answers.ok(context, sequences(context).get(id(context))));
        routes.patch(ONE, this::update);
        routes.post(STEPS, this::addStep);
        routes.patch(STEP, this::updateStep);
        routes.delete(STEP, this::deleteStep);
    }

    /** "Returns 201 with the created sequence and its steps array." */
    private void create(Context context) {
        String id = sequences(context).create(Body.of(context.bodyAsBytes()));
        Answers.created(context, sequences(context).get(id));
    }

    private void update(Context context) {
        Body body = Body.of(context.bodyAsBytes());
        sequences(context).update(id(context), body);
        Answers.ok(context, sequences(context).get(id(context)));
    }

    private void addStep(Context context) {
        Body body = Body.of(context.bodyAsBytes());
        Answers.created(context, sequences(context).addStep(id(context), body));
    }

    private void updateStep(Context context) {
        Body body = Body.of(context.bodyAsBytes());
        Answers.ok(context, sequences(context).updateStep(id(context), context.pathParam("step"), body));
    }

    private void deleteStep(Context context) {
        Ids ids = WorkspaceKeys.workspace(context).ids();
        String step = context.pathParam("step");
        sequences(context).deleteStep(id(context), step);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", ids.shown(step));
        answer.put("deleted", true);
        Answers.ok(context, answer);
    }

    private static Sequences sequences(Context context) {
        return WorkspaceKeys.workspace(context).stores().sequences();
    }

    private static String id(Context context) {
        return context.pathParam("id");
    }
}
