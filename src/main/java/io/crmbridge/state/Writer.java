package io.crmbridge.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/**
 * The one writing thread. What waits when a transaction begins goes into it together (group commit), each piece in a
 * savepoint of its own, so that one piece's failure does not touch the others.
 */
final class Writer implements AutoCloseable {
    private static final int LARGEST_GROUP = 256;
    private static final int SECONDS_TO_ANSWER = 2;

    /** What a statement was bound to may be a record's data, which stands in no error. */
    static final Consumer<StatementExceptions> WITHOUT_DATA =
            errors -> errors.setMessageRendering(MessageRendering.NONE);

    /** Of the whole process, because it keeps what it has parsed, and parsing takes much of a store's start. */
    private static final SqlParser PARSER = new ColonPrefixSqlParser();

    static final Consumer<SqlStatements> PARSED_ONCE = statements -> statements.setSqlParser(PARSER);

    interface Work<T> {
        T run(Handle handle) throws SQLException;
    }

    private record Task<T>(Work<T> work, boolean full, CompletableFuture<T> result) {}

    private final DataSource data;
    private final Dialect dialect;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final BlockingQueue<Task<?>> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::loop, "bridge-store-writer");
    private volatile boolean closed;
    /** Null after it died, until the next group. */
    private Connection connection;

    private Handle handle;

    Writer(DataSource data, Dialect dialect) throws SQLException {
        this.data = data;
        this.dialect = dialect;
        connect();
        thread.setDaemon(true);
        thread.start();
    }

    /** Commits with an fsync and returns when it is done. */
    <T> T full(Work<T> work) {
        return await(submit(work, true));
    }

    /** Commits without an fsync: survives a kill of the process. */
    <T> CompletableFuture<T> quick(Work<T> work) {
        return submit(work, false);
    }

    /** A statement that stays prepared, for what is written at every poll and every move. Inside a piece of work only. */
    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        statement.clearBatch();
        return statement;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Draws numbers of the log; returns the highest before. Inside a piece of work only. */
    long draw(long count) throws SQLException {
        return dialect.draw(this, count);
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException known) {
                throw new StoreException(known.kind(), known.getMessage(), known);
            }
            throw new StoreException(StoreException.Kind.INTERNAL, "the store failed: " + e.getCause(), e.getCause());
        }
    }

    private <T> CompletableFuture<T> submit(Work<T> work, boolean full) {
        CompletableFuture<T> result = new CompletableFuture<>();
        synchronized (queue) {
            if (!closed) {
                queue.add(new Task<>(work, full, result));
                return result;
            }
        }
        result.completeExceptionally(new StoreException(StoreException.Kind.UNAVAILABLE, "the store is closed"));
        return result;
    }

    private void loop() {
        List<Task<?>> group = new ArrayList<>();
        while (true) {
            group.clear();
            try {
                // Once it is closed nothing more comes, so nothing is waited for.
                Task<?> first = closed ? queue.poll() : queue.take();
                if (first == null) {
                    return;
                }
                group.add(first);
            } catch (InterruptedException e) {
                continue;
            }
            queue.drainTo(group, LARGEST_GROUP - 1);
            commit(group);
        }
    }

    private void commit(List<Task<?>> group) {
        List<Runnable> answers = new ArrayList<>(group.size());
        try {
            begin(group.stream().anyMatch(Task::full));
            for (Task<?> task : group) {
                answers.add(run(task, group.size() > 1));
            }
            connection.commit();
            answers.forEach(Runnable::run);
        } catch (SQLException | RuntimeException | Error e) {
            StoreException failure = dialect.explain(e);
            rollback();
            group.forEach(task -> task.result().completeExceptionally(failure));
        }
    }

    /** A connection that died while nothing was written is replaced without anybody noticing. */
    private void begin(boolean full) throws SQLException {
        if (connection != null) {
            try {
                dialect.begin(connection, full);
                return;
            } catch (SQLException e) {
                if (connection.isValid(SECONDS_TO_ANSWER)) {
                    throw e;
                }
                drop();
            }
        }
        connect();
        dialect.begin(connection, full);
    }

    private void connect() throws SQLException {
        connection = data.getConnection();
        connection.setAutoCommit(false);
        handle = Jdbi.open(connection);
        handle.registerArgument(new WithoutNul());
        handle.configure(StatementExceptions.class, WITHOUT_DATA);
        handle.configure(SqlStatements.class, PARSED_ONCE);
    }

    /** What a CRM or a target wrote may hold a NUL, which PostgreSQL takes in no text. */
    static String text(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    private static final class WithoutNul extends AbstractArgumentFactory<String> {
        WithoutNul() {
            super(Types.VARCHAR);
        }

        @Override
        protected Argument build(String value, ConfigRegistry config) {
            return (position, statement, context) -> statement.setString(position, text(value));
        }
    }

    private void drop() {
        prepared.clear();
        try {
            connection.close();
        } catch (SQLException deadAlready) {
            // Which is why it is dropped.
        }
        connection = null;
    }

    /**
     * A full disk makes SQLite end the transaction by itself. The driver does not notice: without a new one it would run
     * the next pieces outside of any, and what is told as failed would be there.
     */
    private void rollback() {
        if (connection == null) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException endedAlready) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
            } catch (SQLException dead) {
                drop();
            }
        }
    }

    /** Runs one piece; its answer is given only after the commit. */
    private <T> Runnable run(Task<T> task, boolean inGroup) throws SQLException {
        Savepoint before = inGroup ? connection.setSavepoint() : null;
        try {
            T value = task.work().run(handle);
            if (before != null) {
                connection.releaseSavepoint(before);
            }
            return () -> task.result().complete(value);
        } catch (SQLException | RuntimeException | Error e) {
            if (before == null) {
                throw e;
            }
            try {
                connection.rollback(before);
            } catch (SQLException endedAlready) {
                e.addSuppressed(endedAlready);
                throw e;
            }
            StoreException failure = dialect.explain(e);
            return () -> task.result().completeExceptionally(failure);
        }
    }

    @Override
    public void close() {
        synchronized (queue) {
            closed = true;
        }
        thread.interrupt();
        try {
            thread.join(10_000);
            if (connection != null) {
                connection.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }
}
