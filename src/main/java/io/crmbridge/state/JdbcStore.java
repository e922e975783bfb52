package io.crmbridge.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;

/** The store in a database: one writer, a few readers, and the parts over them. */
final class JdbcStore implements Store {
    private static final int READERS = 4;

    private final HikariDataSource readers;
    private final Reader reader;
    private final Writer writer;
    private final Optional<Lease> lease;
    private final JdbcSources sources;
    private final JdbcChangeLog log;
    private final JdbcSubscriptions subscriptions;
    private final JdbcDeadLetters deadLetters;
    private final JdbcExportLedger exports;
    private final JdbcCommands commands;
    private final JdbcSchedules schedules;
    private final JdbcSeenKeys seen;
    private final JdbcIntents intents;
    private final JdbcSuppressions suppressions;
    private final JdbcInboxes inboxes;
    private final JdbcSeeds seeds;
    private final JdbcQuotas quotas;
    private final JdbcTokens tokens;

    JdbcStore(DataSource data, Dialect dialect, Clock clock, StoreKey key) throws SQLException {
        this.writer = new Writer(data, dialect);
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(data);
        pool.setPoolName("bridge-store");
        pool.setMaximumPoolSize(READERS);
        pool.setMinimumIdle(1);
        this.readers = new HikariDataSource(pool);
        this.reader = new Reader(
                Jdbi.create(readers)
                        .configure(StatementExceptions.class, Writer.WITHOUT_DATA)
                        .configure(SqlStatements.class, Writer.PARSED_ONCE),
                dialect);
        this.lease = dialect.lease();
        this.sources = new JdbcSources(reader, writer, clock);
        this.log = new JdbcChangeLog(reader, writer, clock);
        this.subscriptions = new JdbcSubscriptions(reader, writer, clock);
        this.deadLetters = new JdbcDeadLetters(reader, writer, clock);
        this.exports = new JdbcExportLedger(reader, writer, clock);
        this.commands = new JdbcCommands(reader, writer, clock);
        this.schedules = new JdbcSchedules(reader, writer, clock);
        this.seen = new JdbcSeenKeys(reader, writer, clock);
        this.intents = new JdbcIntents(reader, writer, clock);
        this.suppressions = new JdbcSuppressions(reader, writer, clock);
        this.inboxes = new JdbcInboxes(reader, writer, clock);
        this.seeds = new JdbcSeeds(reader, writer, clock);
        this.quotas = new JdbcQuotas(reader, writer);
        this.tokens = new JdbcTokens(reader, writer, clock, key);
        lease.ifPresent(held -> held.keep(writer));
    }

    Writer writer() {
        return writer;
    }

    @Override
    public Sources sources() {
        return sources;
    }

    @Override
    public ChangeLog log() {
        return log;
    }

    @Override
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    @Override
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    @Override
    public ExportLedger exports() {
        return exports;
    }

    @Override
    public Commands commands() {
        return commands;
    }

    @Override
    public Schedules schedules() {
        return schedules;
    }

    @Override
    public SeenKeys seen() {
        return seen;
    }

    @Override
    public Intents intents() {
        return intents;
    }

    @Override
    public Suppressions suppressions() {
        return suppressions;
    }

    @Override
    public Inboxes inboxes() {
        return inboxes;
    }

    @Override
    public Seeds seeds() {
        return seeds;
    }

    @Override
    public Quotas quotas() {
        return quotas;
    }

    @Override
    public Tokens tokens() {
        return tokens;
    }

    @Override
    public List<Node> nodes() {
        return reader.read(reader.dialect()::nodes);
    }

    @Override
    public CompletableFuture<Void> lost() {
        return lease.map(Lease::lost).orElseGet(CompletableFuture::new);
    }

    @Override
    public void close() {
        lease.ifPresent(held -> held.release(writer));
        writer.close();
        readers.close();
    }
}
