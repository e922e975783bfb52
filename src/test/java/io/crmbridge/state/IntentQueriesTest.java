package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.state.IntentState.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What could go wrong with queries on a table that only grows. */
@Timeout(120)
class IntentQueriesTest extends StoreContract {
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

    private String plan(String sql) throws SQLException {
        try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("crm-bridge.db"));
                Statement statement = db.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            StringBuilder plan = new StringBuilder();
            while (rows.next()) {
                plan.append(rows.getString("detail")).append('\n');
            }
            return plan.toString();
        }
    }

    @Test
    void what_made_some_records_is_found_by_the_index_that_was_made_for_it() throws SQLException {
        assertThat(plan("SELECT record_id FROM intent WHERE source_id = 1 AND resource = 'contacts'"
                        + " AND state = 'CONFIRMED' AND record_id IN ('a', 'b')"))
                .contains("intent_by_record");
    }

    @Test
    void the_open_ones_that_status_lists_each_ten_seconds_are_found_without_reading_all() throws SQLException {
        assertThat(plan("SELECT i.*, s.connection FROM intent i JOIN source s ON s.id = i.source_id"
                        + " WHERE i.state IN ('SENT') ORDER BY i.id DESC LIMIT 1000"))
                .doesNotContain("SCAN i");
    }

    @Test
    void those_that_wait_are_counted_without_reading_all() throws SQLException {
        assertThat(plan("SELECT s.connection, COUNT(*) AS intents FROM intent i JOIN source s ON s.id = i.source_id"
                        + " WHERE i.state = 'WAITING' GROUP BY s.connection"))
                .doesNotContain("SCAN i");
    }

    @Test
    void a_hundred_thousand_that_wait_are_refused_within_some_seconds() {
        List<Intent> planned = store.intents()
                .plan(IntStream.range(0, 100_000)
                        .mapToObj(i -> new Intent.Plan(
                                source.id(),
                                "k" + i,
                                "enrollments",
                                "enroll",
                                "leads",
                                "n" + i,
                                "{}".getBytes(StandardCharsets.UTF_8)))
                        .toList());
        List<Long> ids = planned.stream().map(Intent::id).toList();
        store.intents().happened(ids, Event.WAIT, Intent.Note.reason("enough"));
        Instant begun = Instant.now();

        store.intents().happened(ids, Event.DROP, Intent.Note.reason("given up"));

        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
}
