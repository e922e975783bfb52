package io.crmbridge.sandbox.intellivizz;

import io.javalin.config.RoutesConfig;

/** Adds the paths of the API, each with the scope that it needs. The first that fits a request answers it. */
final class Endpoints {
    private final RoutesConfig routes;
    private final Gate gate;

    interface Answer {
        void to(Call call);
    }

    Endpoints(RoutesConfig routes, Gate gate) {
        this.routes = routes;
        this.gate = gate;
    }

    void get(String path, String scope, Answer answer) {
        routes.get(path, context -> answer.to(gate.admit(context, scope)));
    }

    void post(String path, String scope, Answer answer) {
        routes.post(path, context -> answer.to(gate.admit(context, scope)));
    }

    void put(String path, String scope, Answer answer) {
        routes.put(path, context -> answer.to(gate.admit(context, scope)));
    }

    void delete(String path, String scope, Answer answer) {
        routes.delete(path, context -> answer.to(gate.admit(context, scope)));
    }
}
