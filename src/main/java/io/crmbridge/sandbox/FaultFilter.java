package io.crmbridge.sandbox;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Clock;

/** The faults around every request of an API: at most one strikes each. */
public final class FaultFilter {
    private static final String STRIKE = "sandbox.strike";
    private static final String ROWS = "sandbox.rows";

    private final Faults faults;
    private final Clock clock;
    private final Waits waits;

    public FaultFilter(Faults faults, Clock clock, Waits waits) {
        this.faults = faults;
        this.clock = clock;
        this.waits = waits;
    }

    /** @param paths which requests, as the router writes it */
    public void addTo(RoutesConfig routes, String paths) {
        routes.exception(ConnectionReset.class, (reset, context) -> WebServer.reset(context));
        routes.exception(AnswerReplaced.class, (replaced, context) -> {});
        routes.before(paths, this::before);
        routes.after(paths, this::after);
    }

    /** What a fault does to the list that this request asks for. */
    public static ListChange listChange(Context context) {
        Faults.Strike strike = context.attribute(STRIKE);
        return strike == null ? ListChange.NONE : strike.fault().list();
    }

    /** Tells which member of the answer holds the record or the list, so that a fault finds its rows. */
    public static void rowsAreIn(Context context, String member) {
        context.attribute(ROWS, member);
    }

    private void before(Context context) {
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
        String rows = context.attribute(ROWS);
        fault.answer().applyTo(context, clock.instant(), rows == null ? "data" : rows);
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
