package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.sql.SQLException;
import java.sql.SQLTransientException;

/** PostgreSQL's SQLStates as sentences that say what to do. A server's own message may show a record's data. */
final class PostgresFailures {
    private PostgresFailures() {}

    static StoreException explain(Throwable failure, String place) {
        SQLException sql = null;
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof StoreException known) {
                return known;
            }
            if (at instanceof SQLException found && (sql == null || sql.getSQLState() == null)) {
                sql = found;
            }
        }
        if (sql == null) {
            return new StoreException(Kind.INTERNAL, "the store failed: " + failure.getMessage(), failure);
        }
        String state = sql.getSQLState();
        if (state == null) {
            return new StoreException(
                    sql instanceof SQLTransientException ? Kind.UNAVAILABLE : Kind.INTERNAL,
                    "%s does not answer (%s)".formatted(place, sql.getClass().getSimpleName()),
                    failure);
        }
        String group = state.length() < 2 ? state : state.substring(0, 2);
        // The driver's own: the server asks for a password, and there is none.
        return switch (state.equals("08004") ? "28" : group) {
            case "08", "57" ->
                unavailable("%s does not answer: is it up, and is bridge.store.url right?".formatted(place), failure);
            case "28" ->
                unusable(
                        "%s refuses the user or the password: set bridge.store.username and bridge.store.password, for commands BRIDGE_STORE_PASSWORD"
                                .formatted(place),
                        failure);
            case "3D" ->
                unusable("%s does not exist: create it, or set another bridge.store.url".formatted(place), failure);
            case "25" ->
                unavailable(
                        "%s is read-only: name the server that takes writes in bridge.store.url".formatted(place),
                        failure);
            case "53", "58" ->
                unavailable(
                        "%s has no room or no connection left (SQLState %s): see the database's log"
                                .formatted(place, state),
                        failure);
            case "40", "55" ->
                unavailable("%s refused a transaction for another one (SQLState %s)".formatted(place, state), failure);
            default ->
                state.equals("42501")
                        ? unusable(
                                "%s does not allow its user to make tables: grant CREATE on its schema"
                                        .formatted(place),
                                failure)
                        : new StoreException(
                                Kind.INTERNAL, "the store failed: SQLState %s in %s".formatted(state, place), failure);
        };
    }

    private static StoreException unavailable(String message, Throwable failure) {
        return new StoreException(Kind.UNAVAILABLE, message, failure);
    }

    private static StoreException unusable(String message, Throwable failure) {
        return new StoreException(Kind.UNUSABLE, message, failure);
    }
}
