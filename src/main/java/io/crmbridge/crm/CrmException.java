package io.crmbridge.crm;

import java.time.Duration;
import java.util.Optional;

/** A call to a CRM that failed; the message names the call and the reason, never a record's data or a key. */
public final class CrmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Verdict verdict;
    private final transient Optional<Duration> retryAfter;
    private final int status;
    private final boolean maybeDone;
    private final transient Optional<byte[]> answer;

    public CrmException(Verdict verdict, String message, Optional<Duration> retryAfter, Throwable cause) {
        this(verdict, message, retryAfter, cause, 0, false);
    }

    /**
     * @param status of the answer, 0 where there was none
     * @param maybeDone the call may have reached the CRM and been carried out
     */
    public CrmException(
            Verdict verdict,
            String message,
            Optional<Duration> retryAfter,
            Throwable cause,
            int status,
            boolean maybeDone) {
        this(verdict, message, retryAfter, cause, status, maybeDone, Optional.empty());
    }

    /** @param answer the body of the answer, which may quote a record: for nobody but who asks to see the record */
    CrmException(
            Verdict verdict,
            String message,
            Optional<Duration> retryAfter,
            Throwable cause,
            int status,
            boolean maybeDone,
            Optional<byte[]> answer) {
        super(message, cause);
        this.answer = answer;
        this.verdict = verdict;
        this.retryAfter = retryAfter;
        this.status = status;
        this.maybeDone = maybeDone;
    }

    public CrmException(Verdict verdict, String message) {
        this(verdict, message, Optional.empty(), null);
    }

    /** The same with what may be the reason, for a person. */
    public CrmException because(String why) {
        return new CrmException(
                verdict, getMessage() + ": " + why, retryAfter(), getCause(), status, maybeDone, answer());
    }

    public Verdict verdict() {
        return verdict;
    }

    /** How long the CRM asked to be left alone. */
    public Optional<Duration> retryAfter() {
        return retryAfter == null ? Optional.empty() : retryAfter;
    }

    /** The beginning of what the CRM answered; may be personal, so it goes into no message. */
    Optional<byte[]> answer() {
        return answer == null ? Optional.empty() : answer;
    }

    /** The HTTP status, 0 where there was no answer. */
    public int status() {
        return status;
    }

    /** Whether the CRM may have carried the call out all the same: then a write is looked up before it is repeated. */
    public boolean maybeDone() {
        return maybeDone;
    }
}
