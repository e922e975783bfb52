package io.crmbridge.crm;

/** What an answer's status means for whoever asked: the one table of both CRMs. */
public enum Verdict {
    OK,
    /** The server or the way to it failed; the same call may go through later. */
    RETRY,
    /** Too many calls; wait as long as the answer says. */
    WAIT,
    /** The key is not accepted: no further call before a person has seen to it. */
    REFUSED,
    /** This call will never go through as it is. */
    INVALID,
    /** An answer that is not what the document promises: HTML, truncated, too large, a redirect. */
    BROKEN;

    /** "401 missing or bad key, 400 invalid body, 404 unknown id, 429 back off exponentially" (the CRM's document). */
    public static Verdict ofStatus(int status) {
        if (status >= 200 && status < 300) {
            return OK;
        }
        return switch (status) {
            case 401, 403 -> REFUSED;
            case 429 -> WAIT;
            case 408, 425 -> RETRY;
            default -> status >= 500 ? RETRY : status >= 400 ? INVALID : BROKEN;
        };
    }
}
