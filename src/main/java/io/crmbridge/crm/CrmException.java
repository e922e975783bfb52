package io.crmbridge.crm;

import java.time.Duration;
import java.util.Optional;

/** A call to a CRM that failed; the message names the call and the reason, never a record's data or a key. */
public final class CrmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Verdict verdict;
    private final transient Optional<Duration> retryAfter;

    public CrmException(Verdict verdict, String message, Optional<Duration> retryAfter, Throwable cause) {
        super(message, cause);
        this.verdict = verdict;
        this.retryAfter = retryAfter;
    }

    public CrmException(Verdict verdict, String message) {
        this(verdict, message, Optional.empty(), null);
    }

    public Verdict verdict() {
        return verdict;
    }

    /** How long the CRM asked to be left alone. */
    public Optional<Duration> retryAfter() {
        return retryAfter == null ? Optional.empty() : retryAfter;
    }
}
