package io.crmbridge.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.TargetDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * What a failure means: the one table. Refused connection, time-out, 408, 425, 429, 5xx pass; 401, 403, 404, 410 and
 * redirects refuse; other answers and a failed mapping are permanent. Of a mail server's replies 4xx pass, those about a
 * login refuse, other 5xx are permanent. Of databases {@link TargetDatabase} knows.
 *
 * @param passing statuses that this route counts as passing
 * @param permanent statuses that this route counts as permanent
 */
public record Outcomes(Set<Integer> passing, Set<Integer> permanent) {
    public static final Outcomes DEFAULT = new Outcomes(Set.of(), Set.of());

    public static Outcome ofStatus(int status, String reason, Optional<Duration> retryAfter) {
        return switch (status) {
            case 401, 403, 404, 410 -> new Outcome.Refused(reason);
            case 408, 425, 429 -> new Outcome.Passing(reason, retryAfter);
            default ->
                status >= 500
                        ? new Outcome.Passing(reason, retryAfter)
                        : status >= 300 && status < 400 ? new Outcome.Refused(reason) : new Outcome.Permanent(reason);
        };
    }

    /** @param reply of a mail server, 400 and above */
    public static Outcome ofSmtp(int reply, String reason) {
        return switch (reply) {
            case 530, 534, 535, 538 -> new Outcome.Refused(reason);
            default -> reply < 500 ? new Outcome.Passing(reason, Optional.empty()) : new Outcome.Permanent(reason);
        };
    }

    public Outcome of(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof TargetException target) {
                return changed(target.status(), target.outcome(), target.getMessage());
            }
            if (at instanceof HttpOperationFailedException http) {
                String reason = "the target answered " + http.getStatusCode();
                return changed(http.getStatusCode(), ofStatus(http.getStatusCode(), reason, Optional.empty()), reason);
            }
            Optional<TargetDatabase.Failure> database = TargetDatabase.failure(at);
            if (database.isPresent()) {
                return ofDatabase(database.get());
            }
            if (at instanceof StoreException) {
                return new Outcome.Passing("the bridge's own store failed", Optional.empty());
            }
            if (at instanceof JsonProcessingException) {
                break;
            }
            if (at instanceof IOException
                    || at instanceof TimeoutException
                    || at instanceof ExchangeTimedOutException
                    || at instanceof InterruptedException
                    || at instanceof RejectedExecutionException) {
                return new Outcome.Passing(at.getClass().getSimpleName(), Optional.empty());
            }
        }
        return new Outcome.Permanent(failure.getClass().getSimpleName());
    }

    /** Puts what a database's failure means in its place, for the driver's message may quote the record. */
    public static void hideDatabase(Exchange exchange) {
        Exception caught = exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
        for (Throwable at = caught; at != null; at = at.getCause()) {
            Optional<TargetDatabase.Failure> database = TargetDatabase.failure(at);
            if (database.isPresent()) {
                TargetException told = new TargetException(
                        ofDatabase(database.get()), database.get().reason(), null);
                exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, told);
                if (exchange.getException() != null) {
                    exchange.setException(told);
                }
                return;
            }
        }
    }

    private static Outcome ofDatabase(TargetDatabase.Failure failure) {
        return switch (failure.kind()) {
            case PASSING -> new Outcome.Passing(failure.reason(), Optional.empty());
            case PERMANENT -> new Outcome.Permanent(failure.reason());
            case REFUSED -> new Outcome.Refused(failure.reason());
        };
    }

    private Outcome changed(int status, Outcome outcome, String reason) {
        if (passing.contains(status) && !(outcome instanceof Outcome.Passing)) {
            return new Outcome.Passing(reason, Optional.empty());
        }
        return permanent.contains(status) ? new Outcome.Permanent(reason) : outcome;
    }
}
