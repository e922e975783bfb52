package io.crmbridge.state;

import java.sql.SQLException;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Reads on a pooled connection, beside the writer. */
record Reader(Jdbi jdbi, Dialect dialect) {

    <T> T read(HandleCallback<T, SQLException> query) {
        dialect.lease().ifPresent(Lease::check);
        try {
            return jdbi.withHandle(query);
        } catch (SQLException | JdbiException e) {
            throw dialect.explain(e);
        }
    }
}
