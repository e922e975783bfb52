package io.crmbridge.state;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What differs between databases; all other SQL is the same for each of them. One instance a store. */
interface Dialect {

    /** Begins the writer's transaction, which will be committed with an fsync or without. */
    void begin(Connection connection, boolean full) throws SQLException;

    /**
     * Draws numbers of the log for the writer's transaction. Nobody else gets any until that has ended, so that numbers
     * become visible in order.
     *
     * @return the highest number before
     */
    long draw(Writer writer, long count) throws SQLException;

    /** Asks for the highest number drawn so far; no row means none. */
    String head();

    /** The time now in microseconds since 1970, in SQL; of the database where several processes share it. */
    String now(Clock clock);

    /** How much room the data takes, without what a purge has freed. */
    long bytes(Handle handle);

    /** Where several bridges can share the database, and this one is the active one. */
    default Optional<Lease> lease() {
        return Optional.empty();
    }

    default List<Store.Node> nodes(Handle handle) {
        return List.of();
    }

    /** A sentence that says what to do. */
    StoreException explain(Throwable failure);
}
