package io.crmbridge.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The embedded store of a data folder as a text of SQL, a statement each line or more. */
public final class StoreDump {
    private static final String END = ";\n";

    private StoreDump() {}

    /**
     * Writes a store that no bridge holds.
     *
     * @param made what happened since then
     * @param earlier is written as if it had happened so much earlier: nothing is in the future wherever it is read
     */
    public static void write(Path folder, Path file, Instant made, Duration earlier) throws SQLException, IOException {
        long since = Micros.of(made);
        long shift = earlier.toMillis() * 1000;
        StringBuilder text = new StringBuilder();
        try (Connection connection = open(folder)) {
            List<String> tables = texts(
                    connection,
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
            for (String table : tables) {
                texts(connection, "SELECT sql FROM sqlite_master WHERE name = '" + table + "'")
                        .forEach(sql -> text.append(sql).append(END));
            }
            tables.add("sqlite_sequence");
            for (String table : tables) {
                rows(connection, table, text, value -> value >= since ? value - shift : value);
            }
            texts(connection, "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
                    .forEach(sql -> text.append(sql).append(END));
        }
        Files.writeString(file, text);
    }

    /** Makes the store in a data folder that has none. */
    public static void read(Path file, Path folder) throws SQLException, IOException {
        Files.createDirectories(folder);
        try (Connection connection = open(folder);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : Files.readString(file).split(END)) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    private static Connection open(Path folder) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(Sqlite.FILE));
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                texts.add(row.getString(1));
            }
        }
        return texts;
    }

    private interface Shift {
        long of(long value);
    }

    private static void rows(Connection connection, String table, StringBuilder text, Shift shift) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    values.add(literal(row.getObject(column), shift));
                }
                text.append("INSERT INTO %s VALUES (%s)".formatted(table, String.join(", ", values)))
                        .append(END);
            }
        }
    }

    private static String literal(Object value, Shift shift) {
        if (value instanceof byte[] bytes) {
            return "x'" + HexFormat.of().formatHex(bytes) + "'";
        }
        if (value instanceof Number number) {
            return Long.toString(shift.of(number.longValue()));
        }
        return value == null ? "NULL" : "'" + value.toString().replace("'", "''") + "'";
    }
}
