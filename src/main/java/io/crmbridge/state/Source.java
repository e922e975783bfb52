package io.crmbridge.state;

import java.time.Instant;
import java.util.Optional;

/**
 * One CRM workspace as the store knows it, under the connection name that the configuration gives it.
 *
 * @param workspaceId empty until the first auth test
 */
public record Source(
        long id,
        String connection,
        String type,
        Optional<String> workspaceId,
        Optional<String> workspaceName,
        State state,
        Optional<String> reason,
        Instant since) {

    public enum State {
        /** Never reached so far. */
        NEW,
        OK,
        /** The CRM refused the key: no poll until an auth test succeeds. */
        REFUSED,
        /** The key answers for another workspace than this connection's. */
        OTHER_WORKSPACE
    }
}
