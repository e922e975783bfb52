package io.crmbridge.component;

import io.crmbridge.crm.CrmException;
import io.crmbridge.feed.Outcome;

/** A target's failure whose outcome is known. The message is for people and carries no record's data. */
public final class TargetException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;
    private final int status;

    public TargetException(Outcome outcome, String message, Throwable cause) {
        this(outcome, 0, message, cause);
    }

    /** @param status of the HTTP answer, 0 for none; a route may count it otherwise (retry.passing, retry.permanent) */
    public TargetException(Outcome outcome, int status, String message, Throwable cause) {
        super(message, cause);
        this.outcome = outcome;
        this.status = status;
    }

    /** What a CRM's failure means for whatever called it. */
    public static TargetException of(CrmException e) {
        Outcome outcome = switch (e.verdict()) {
            case RETRY, WAIT, BROKEN -> new Outcome.Passing(e.getMessage(), e.retryAfter());
            case REFUSED -> new Outcome.Refused(e.getMessage());
            case INVALID, OK -> new Outcome.Permanent(e.getMessage());
        };
        return new TargetException(outcome, e.status(), e.getMessage(), e);
    }

    public Outcome outcome() {
        return outcome;
    }

    int status() {
        return status;
    }
}
