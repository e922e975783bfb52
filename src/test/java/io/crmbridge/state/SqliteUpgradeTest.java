package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteUpgradeTest extends UpgradeContract {
    @TempDir
    private Path folder;

    @Override
    protected DataSource data() {
        return Sqlite.dataSource(folder);
    }

    @Override
    protected String migrations() {
        return Sqlite.MIGRATIONS;
    }

    @Override
    protected String inDialect(String sql) {
        return sql;
    }

    @Override
    protected Store open() {
        return Store.open(folder, clock);
    }

    @AfterEach
    void what_was_there_before_is_kept_as_a_backup() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("backup-v")))
                    .hasSizeLessThan(2)
                    .noneMatch(name -> name.startsWith("backup-v" + Schema.NEWEST + "-"));
        }
    }
}
