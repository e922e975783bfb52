package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The first promise, on a real process that is killed without warning. */
class KillTest extends KilledBridges {
    private static final int KILLS = Integer.getInteger("kills", 10);

    @Test
    void loses_nothing_and_repeats_only_with_the_same_key_when_it_is_killed_again_and_again() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            bundle(sandbox, "bridge.datasource.warehouse.url=jdbc:sqlite:" + folder.resolve("warehouse.db"));
            database();
            Process bridge = start("data");
            awaitPoll(sandbox);
            List<String> deals = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                change(sandbox, deals, 20 + random.nextInt(40));
                bridge.destroyForcibly().waitFor();
                change(sandbox, deals, 10);
                bridge = start("data");
                awaitPoll(sandbox);
            }
            change(sandbox, deals, 20);
            nothingIsLost(sandbox);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(upserted()).as("rows of the database").isEqualTo(latest(sandbox, "deals")));
            keysMarkRepeats(sandbox);
            eachRowOnce();
        }
    }

    @Test
    void says_that_it_stops_when_it_is_interrupted_while_it_starts() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            bundle(sandbox, "");
            Process bridge = start("data");
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(folder.resolve("data/bridge.lock")));
            bridge.destroy();
            assertThat(bridge.waitFor()).isEqualTo(143);
        }
        assertThat(Files.readString(folder.resolve("data.log")))
                .contains("every route keeps its place")
                .doesNotContain("Shutdown in progress");
    }

    private Connection warehouse() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("warehouse.db"));
    }

    /** One more route, into a table with a row for each deal. */
    private void database() throws Exception {
        try (Connection connection = warehouse();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE deals (id text PRIMARY KEY, version text)");
        }
        Files.writeString(folder.resolve("routes/database.yaml"), """
                - route:
                    id: database
                    from:
                      uri: impactiveai:deals
                      parameters: { delay: 500ms, startFrom: mirror, parallel: 2 }
                      steps:
                        - to:
                            uri: sql
                            parameters:
                              query: >-
                                INSERT INTO deals VALUES (:#${body[id]}, :#${body[updatedAt]})
                                ON CONFLICT (id) DO UPDATE SET version = excluded.version
                              dataSource: "#warehouse"
                """);
    }

    private Map<String, String> upserted() throws SQLException {
        try (Connection connection = warehouse();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, version FROM deals")) {
            Map<String, String> rows = new HashMap<>();
            while (found.next()) {
                rows.put(found.getString(1), found.getString(2));
            }
            return rows;
        }
    }
}
