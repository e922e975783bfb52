package io.crmbridge.state;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PostgresTokensTest extends TokensContractTest {
    @TempDir
    private Path folder;

    private final StoreSettings settings = PostgresServer.shared().empty();
    private final String schema = settings.url().orElseThrow().replaceAll(".*currentSchema=", "");

    @Override
    protected Store openStore() {
        return Store.open(folder, settings, clock);
    }

    @Override
    protected Store attachStore() {
        return Store.attach(folder, settings, clock);
    }

    @Override
    protected String dump() throws Exception {
        StringBuilder all = new StringBuilder();
        try (Connection connection = PostgresServer.shared().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT t::text || encode(access_token, 'escape')"
                        + " || encode(refresh_token, 'escape') FROM " + schema + ".token t")) {
            while (rows.next()) {
                all.append(rows.getString(1));
            }
        }
        return all.toString();
    }

    @Override
    protected void swap(String from, String to) {
        PostgresServer.shared()
                .execute(
                        "UPDATE %1$s.token SET access_token = (SELECT access_token FROM %1$s.token WHERE connection = '%2$s') WHERE connection = '%3$s'"
                                .formatted(schema, from, to));
    }
}
