package io.crmbridge.crm.oauth;

import io.crmbridge.state.Tokens.Issued;
import java.time.Duration;
import java.util.Optional;

/** What came of a call to the token endpoint; reasons quote nothing that was sent. */
sealed interface TokenAnswer {

    record Granted(Issued issued) implements TokenAnswer {}

    /** The code or the refresh token is not accepted, and never will be. */
    record GrantRefused(String why) implements TokenAnswer {}

    /** The app is not accepted, which says nothing of the grant. */
    record AppRefused(String why) implements TokenAnswer {}

    /**
     * The same call may go through later.
     *
     * @param maybeUsed the code or the refresh token may have been used up all the same
     * @param noAnswer it was sent, and nothing came back
     */
    record Passing(String why, boolean maybeUsed, boolean noAnswer, Optional<Duration> retryAfter)
            implements TokenAnswer {}
}
