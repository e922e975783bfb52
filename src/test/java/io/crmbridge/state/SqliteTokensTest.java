package io.crmbridge.state;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class SqliteTokensTest extends TokensContractTest {
    @TempDir
    private Path folder;

    @Override
    protected Store openStore() {
        return Store.open(folder, clock);
    }

    @Override
    protected Store attachStore() {
        return Store.attach(folder, clock);
    }

    @Override
    protected String dump() throws Exception {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Override
    protected void swap(String from, String to) throws Exception {
        try (Connection connection = Sqlite.dataSource(folder).getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE token SET access_token = (SELECT access_token FROM token WHERE connection = '" + from
                            + "') WHERE connection = '" + to + "'");
        }
    }
}
