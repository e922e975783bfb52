package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/** Commands what contacts, people at the CRM's screen and the clock do to sequences. It asks for no key. */
final class SequenceControlApi {
    private final Workspaces workspaces;

    SequenceControlApi(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/control/send-due", this::sendDue);
        routes.post("/control/replies", this::reply);
        routes.post("/control/sequences/{id}/unsubscribe", this::unsubscribe);
        routes.post("/control/sequences/{id}/resume", this::resume);
        routes.post("/control/options", this::options);
        routes.post("/control/sending-accounts", this::addAccount);
        routes.delete("/control/sending-accounts/{id}", this::removeAccount);
        for (Audience.Kind kind : Audience.Kind.values()) {
            String path = "/control/" + kind.word() + "s";
            routes.get(path, context -> Answers.ok(context, audience(context).rows(kind)));
            routes.post(path, context -> addGroup(context, kind));
            routes.delete(path + "/{id}", context -> {
                audience(context).remove(kind, context.pathParam("id"));
                context.status(204);
            });
            routes.post(path + "/{id}/contacts", context -> addMembers(context, kind));
            routes.delete(path + "/{id}/contacts/{contact}", context -> {
                audience(context).removeMember(kind, context.pathParam("id"), context.pathParam("contact"));
                context.status(204);
            });
        }
    }

    private void sendDue(Context context) {
        Answers.ok(context, Map.of("sent", workspace(context).sendDue()));
    }

    private void reply(Context context) {
        Workspace workspace = workspace(context);
        Body body = Body.of(context.bodyAsBytes());
        String contact = body.requiredId("contactId", workspace.ids().areNumbers());
        Answers.created(
                context,
                workspace
                        .stores()
                        .conversations()
                        .reply(contact, body.requiredText("subject"), body.requiredText("body"), body.stamp("at")));
    }

    private void unsubscribe(Context context) {
        Workspace workspace = workspace(context);
        String contact = contact(context, workspace);
        workspace.unsubscribe(context.pathParam("id"), contact);
        Answers.ok(context, workspace.enrollment(context.pathParam("id"), contact));
    }

    private void resume(Context context) {
        Workspace workspace = workspace(context);
        String contact = contact(context, workspace);
        workspace.resume(context.pathParam("id"), contact);
        Answers.ok(context, workspace.enrollment(context.pathParam("id"), contact));
    }

    /** Sets the options that are given and answers with all of them. */
    private void options(Context context) {
        Workspace workspace = workspace(context);
        Body body = Body.orEmpty(context.bodyAsBytes());
        Boolean module = body.flag("audienceModule");
        ContactOrder order = body.has("contactOrder") ? ContactOrder.of(body.requiredText("contactOrder")) : null;
        IdStyle style = body.has("ids") ? IdStyle.of(body.requiredText("ids")) : null;
        if (module != null) {
            workspace.audienceModule(module);
        }
        if (order != null) {
            workspace.contactOrder(order);
        }
        if (style != null) {
            workspace.idStyle(style);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("audienceModule", workspace.stores().audience().enabled());
        answer.put("contactOrder", workspace.contactOrder().word());
        answer.put("ids", workspace.ids().style().word());
        Answers.ok(context, answer);
    }

    private void addAccount(Context context) {
        Body body = Body.of(context.bodyAsBytes());
        Boolean sync = body.flag("syncEnabled");
        Workspace workspace = workspace(context);
        String id = workspace.addSendingAccount(
                body.requiredText("name"),
                body.requiredText("fromName"),
                body.requiredText("fromEmail"),
                sync != null && sync);
        Answers.created(context, Map.of("id", workspace.ids().shown(id)));
    }

    private void removeAccount(Context context) {
        workspace(context).removeSendingAccount(context.pathParam("id"));
        context.status(204);
    }

    private void addGroup(Context context, Audience.Kind kind) {
        Ids ids = workspace(context).ids();
        Body body = Body.of(context.bodyAsBytes());
        String id = audience(context).add(kind, body.requiredText("name"), body.ids("contactIds", ids.areNumbers()));
        Answers.created(context, Map.of("id", ids.shown(id)));
    }

    private void addMembers(Context context, Audience.Kind kind) {
        Body body = Body.of(context.bodyAsBytes());
        for (String contact : body.ids("contactIds", workspace(context).ids().areNumbers())) {
            audience(context).addMember(kind, context.pathParam("id"), contact);
        }
        context.status(204);
    }

    private static String contact(Context context, Workspace workspace) {
        return Body.of(context.bodyAsBytes())
                .requiredId("contactId", workspace.ids().areNumbers());
    }

    private Audience audience(Context context) {
        return workspace(context).stores().audience();
    }

    private Workspace workspace(Context context) {
        return ControlApi.workspace(workspaces, context);
    }
}
