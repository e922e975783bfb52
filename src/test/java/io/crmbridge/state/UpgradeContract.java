package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.crmbridge.state.Subscriptions.ParkedEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A store that an earlier version of the program has left, opened by this one: from each version of the schema there was. */
abstract class UpgradeContract {
    /** Who holds a store is of the process, not of its data. */
    private static final Set<String> OF_THE_PROCESS = Set.of("flyway_schema_history", "holder", "standby");

    protected static final Pattern BYTES = Pattern.compile("x'([0-9a-f]*)'");

    protected final HandClock clock = new HandClock();

    /** An empty database, the same one each time. */
    protected abstract DataSource data();

    protected abstract String migrations();

    protected abstract String inDialect(String sql);

    protected abstract Store open();

    static IntStream versions() {
        return IntStream.rangeClosed(1, Schema.NEWEST);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void nothing_of_an_earlier_store_is_lost(int version) throws Exception {
        Map<String, List<String>> columns;
        Map<String, List<String>> before;
        left(version);
        try (Connection connection = data().getConnection()) {
            columns = columns(connection);
            before = rows(connection, columns);
        }
        assertThat(before).hasSizeGreaterThan(13).allSatisfy((table, rows) -> {
            if (!table.equals("batch")) {
                assertThat(rows).as(table).isNotEmpty();
            }
        });

        try (Store store = open()) {
            try (Connection connection = data().getConnection()) {
                assertThat(rows(connection, columns)).isEqualTo(before);
            }
            placesAreTheSame(store);
            openMattersAreOpen(store, version);
            itGoesOn(store);
        }
    }

    private static void placesAreTheSame(Store store) {
        Subscription place = store.subscriptions().all().get(0);
        assertThat(store.subscriptions().all()).hasSize(1);
        assertThat(place.routeId()).isEqualTo("deal-won-to-erp");
        assertThat(place.position()).isEqualTo(4);
        assertThat(place.doneAbove()).isEqualTo("6");
        assertThat(store.log().read(place.feedId(), place.id(), place.position(), 10))
                .extracting(Change::seq)
                .containsExactly(5L, 6L);
        assertThat(new String(store.log().get(5).orElseThrow().body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"id\":\"d1\",\"stageName\":\"Won\"}");
        assertThat(store.subscriptions().parked(place.id()))
                .containsExactly(new ParkedEntry(
                        2, "d2", 0, 3, Instant.parse("2026-01-01T10:05:00Z"), "the target answered 503", "effect1"));
        assertThat(store.subscriptions().routes())
                .extracting(Subscriptions.Route::id, Subscriptions.Route::paused)
                .contains(tuple("contacts-to-csv", true));
    }

    private static void openMattersAreOpen(Store store, int version) {
        assertThat(store.deadLetters().list(false))
                .singleElement()
                .satisfies(dead -> assertThat(dead.reason()).isEqualTo("the target answered 422"));
        assertThat(store.sources().gaps(false))
                .singleElement()
                .satisfies(gap -> assertThat(gap.from()).isEqualTo(Instant.parse("2026-01-01T09:16:40Z")));
        assertThat(store.intents().list(Set.of(IntentState.values()), 10))
                .extracting(Intent::state)
                .containsExactlyElementsOf(version < 4 ? List.of() : List.of(IntentState.PLANNED, IntentState.UNKNOWN));
        assertThat(store.inboxes().tallies())
                .extracting(Inboxes.Tally::accepted)
                .containsExactlyElementsOf(version < 5 ? List.of() : List.of(1L));
        assertThat(store.log().head()).isEqualTo(version < 5 ? 6 : 7);
        assertThat(store.seeds().of(1).map(Seeds.Seed::contacts))
                .isEqualTo(version < 7 ? Optional.empty() : Optional.of(1L));
    }

    private void itGoesOn(Store store) {
        long head = store.log().head();
        FeedState deals = store.sources().lease(1, "deals");
        assertThat(deals.proven()).contains(Instant.parse("2026-01-01T10:00:00Z"));

        long last = StoreContract.append(store, deals, StoreContract.change("d9", 1));

        assertThat(last).isEqualTo(head + 1);
        assertThat(store.deadLetters().replay(1)).isTrue();
        assertThat(store.subscriptions().parked(1)).extracting(ParkedEntry::seq).containsExactly(2L, 3L);
    }

    /** What a program of that version would have left. */
    private void left(int version) throws IOException, SQLException {
        Flyway.configure()
                .locations("classpath:io/crmbridge/state/" + migrations())
                .loggers("slf4j")
                .target(Integer.toString(version))
                .dataSource(data())
                .load()
                .migrate();
        String all;
        try (InputStream file = UpgradeContract.class.getResourceAsStream("rows-of-each-version.sql")) {
            all = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        try (Connection connection = data().getConnection();
                Statement statement = connection.createStatement()) {
            for (String part : all.split("(?m)^-- V")) {
                String[] lines = part.split("\n", 2);
                if (lines.length == 2 && Integer.parseInt(lines[0].strip()) <= version) {
                    for (String sql : lines[1].split(";\n")) {
                        statement.execute(inDialect(sql));
                    }
                }
            }
        }
    }

    private static Map<String, List<String>> columns(Connection connection) throws SQLException {
        Map<String, List<String>> columns = new TreeMap<>();
        try (ResultSet each = connection.getMetaData().getColumns(null, connection.getSchema(), "%", "%")) {
            while (each.next()) {
                String table = each.getString("TABLE_NAME");
                if (!OF_THE_PROCESS.contains(table) && !table.startsWith("sqlite_") && isTable(connection, table)) {
                    columns.computeIfAbsent(table, name -> new ArrayList<>()).add(each.getString("COLUMN_NAME"));
                }
            }
        }
        return columns;
    }

    private static boolean isTable(Connection connection, String name) throws SQLException {
        try (ResultSet found = connection
                .getMetaData()
                .getTables(null, connection.getSchema(), name.replace("_", "\\_"), new String[] {"TABLE"})) {
            return found.next();
        }
    }

    private static Map<String, List<String>> rows(Connection connection, Map<String, List<String>> columns)
            throws SQLException {
        Map<String, List<String>> all = new TreeMap<>();
        for (Map.Entry<String, List<String>> table : columns.entrySet()) {
            List<String> rows = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT " + String.join(", ", table.getValue()) + " FROM " + table.getKey())) {
                while (row.next()) {
                    List<String> values = new ArrayList<>();
                    for (String column : table.getValue()) {
                        values.add(column + "=" + text(row.getObject(column)));
                    }
                    rows.add(values.toString());
                }
            }
            rows.sort(null);
            all.put(table.getKey(), rows);
        }
        return all;
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
    }
}
