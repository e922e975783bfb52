package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;

/** "/api/agent/bookings". */
final class BookingsApi {
    private static final String ALL = "/api/agent/bookings";

    void addTo(RoutesConfig routes) {
        routes.get(
                ALL,
                context -> Answers.rows(
                        context,
                        WorkspaceKeys.workspace(context).stores().bookings().rows()));
        routes.post(ALL, context -> {
            Body body = Body.of(context.bodyAsBytes());
            Answers.created(
                    context,
                    WorkspaceKeys.workspace(context).stores().bookings().create(body));
        });
    }
}
