package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Clock;

/** What happens around every request of the API: it is counted, its key is checked, and a fault may strike. */
final class FaultFilter {
    private static final String WORKSPACE = "sandbox.workspace";
    private static final String STRIKE = "sandbox.strike";
    private static final String ALL = "/api/*";

    private final Workspaces workspaces;
    private final Faults faults;
    private final Clock clock;
    private final Waits waits;

    FaultFilter(Workspaces workspaces, Faults faults, Clock clock, Waits waits) {
        this.workspaces = workspaces;
        this.faults = faults;
        this.clock = clock;
        this.waits = waits;
    }

    void addTo(RoutesConfig routes) {
        routes.exception(ConnectionReset.class, (reset, context) -> WebServer.reset(context));
        routes.exception(AnswerReplaced.class, (replaced, context) -> {});
        routes.before(ALL, this::before);
        routes.after(ALL, this::after);
    }

    static Workspace workspace(Context context) {
        return context.attribute(WORKSPACE);
    }

    /** What a fault does to the list that this request asks for. */
    static ListChange listChange(Context context) {
        Faults.Strike strike = context.attribute(STRIKE);
        return strike == null ? ListChange.NONE : strike.fault().list();
    }

    private void before(Context context) {
        String key = context.header("x-api-key");
        Workspace workspace = key == null ? null : workspaces.withKey(key).orElse(null);
        if (workspace != null) {
            workspace.requests().add(context.method().name(), context.path());
        }
        String query = context.queryString();
        Faults.Strike strike = faults.take(new Lot.Request(
                context.method().name(),
                context.path(),
                query == null ? context.path() : context.path() + "?" + query,
                context::bodyAsBytes));
        context.attribute(STRIKE, strike);
        if (strike != null) {
            strike(context, strike.fault(), strike.draw());
        }
        if (key == null || key.isBlank()) {
            throw new Problem(401, "The x-api-key header is missing.");
        }
        if (workspace == null || workspace.revoked()) {
            throw new Problem(401, "The x-api-key is not valid, or was revoked.");
        }
        context.attribute(WORKSPACE, workspace);
        // The router would answer HEAD with its GET; the document knows no HEAD.
        if (context.method() == HandlerType.HEAD) {
            throw new Problem(405, "HEAD is not one of the verbs of " + context.path());
        }
    }

    /** What a fault does before the request is executed. */
    private void strike(Context context, Fault fault, Lot.Draw draw) {
        if (fault.resetsBeforeCommit(draw)) {
            throw new ConnectionReset();
        }
        if (fault.commitsLate()) {
            faults.lateCommitBegins();
            // It cannot be read any more once the connection is gone.
            context.bodyAsBytes();
            WebServer.reset(context);
            waits.await(fault.lateness());
        }
        waits.await(fault.commitDelay());
        if (fault.answer().replaces() && !fault.answersAfterCommit()) {
            throw new AnswerReplaced();
        }
    }

    private void after(Context context) throws IOException {
        Faults.Strike strike = context.attribute(STRIKE);
        if (strike == null) {
            return;
        }
        Fault fault = strike.fault();
        if (fault.resetsBeforeCommit(strike.draw())) {
            return;
        }
        if (fault.commitsLate()) {
            faults.lateCommitIsDone();
            return;
        }
        waits.await(fault.answerDelay());
        if (fault.resetsAfterCommit(strike.draw())) {
            WebServer.reset(context);
            return;
        }
        fault.answer().applyTo(context, clock.instant());
    }

    private static final class ConnectionReset extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ConnectionReset() {
            super(null, null, false, false);
        }
    }

    private static final class AnswerReplaced extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AnswerReplaced() {
            super(null, null, false, false);
        }
    }
}
