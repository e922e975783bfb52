package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;

/** What happens around every request of the API: it is counted, its key is checked, and a fault may strike. */
final class FaultFilter {
    private static final String WORKSPACE = "sandbox.workspace";
    private static final String FAULT = "sandbox.fault";
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

    /** The fault that applies to this request, or null. */
    static Fault fault(Context context) {
        return context.attribute(FAULT);
    }

    private void before(Context context) {
        String key = context.header("x-api-key");
        Workspace workspace = key == null ? null : workspaces.withKey(key).orElse(null);
        if (workspace != null) {
            workspace.requests().add(context.method().name(), context.path());
        }
        Fault fault = faults.take(context.method().name(), context.path());
        context.attribute(FAULT, fault);
        if (fault != null) {
            if (fault.resetsBeforeCommit()) {
                throw new ConnectionReset();
            }
            waits.await(fault.commitDelay());
            if (fault.replacesAnswer() && !fault.answersAfterCommit()) {
                throw new AnswerReplaced();
            }
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

    private void after(Context context) throws IOException {
        Fault fault = fault(context);
        if (fault == null) {
            return;
        }
        waits.await(fault.answerDelay());
        if (fault.resetsBeforeCommit()) {
            return;
        }
        if (fault.resetsAfterCommit()) {
            WebServer.reset(context);
            return;
        }
        if (fault.replacesAnswer()) {
            context.status(fault.answerStatus()).contentType(fault.answerType()).result(fault.answerBody());
        }
        if (fault.omitsDate()) {
            context.removeHeader("Date");
        } else {
            context.header("Date", Stamps.http(clock.instant().plus(fault.skew())));
        }
        fault.headers().forEach(context::header);
        if (fault.truncateAt() != null) {
            WebServer.sendPart(context, bodyOf(context), fault.truncateAt());
        }
    }

    private static byte[] bodyOf(Context context) throws IOException {
        InputStream result = context.resultInputStream();
        byte[] body = result == null ? new byte[0] : result.readAllBytes();
        context.result(new ByteArrayInputStream(new byte[0]));
        return body;
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
