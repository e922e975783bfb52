package io.crmbridge.state;

import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(60)
class PostgresUpgradeTest extends UpgradeContract {
    @TempDir
    private Path folder;

    private final StoreSettings settings = PostgresServer.shared().empty();

    /** The first, one with half of the tables, and this one: its migrations differ from SQLite's in types alone. */
    static IntStream versions() {
        return IntStream.of(1, 5, Schema.NEWEST);
    }

    @Override
    protected DataSource data() {
        PGSimpleDataSource data = new PGSimpleDataSource();
        data.setUrl(settings.url().orElseThrow());
        data.setUser(settings.username().orElseThrow());
        return data;
    }

    @Override
    protected String migrations() {
        return Postgres.MIGRATIONS;
    }

    @Override
    protected String inDialect(String sql) {
        String inserted = BYTES.matcher(sql).replaceAll("decode('$1', 'hex')");
        // There the numbers of the log are drawn from a row.
        return inserted.startsWith("INSERT INTO change")
                ? inserted + "; UPDATE log_head SET head = head + 1"
                : inserted;
    }

    @Override
    protected Store open() {
        return Store.open(folder, settings, clock);
    }
}
