package io.crmbridge.component.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.ExportLedger;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills are simulated by leaving everything as it lies on the disk and starting anew over it. */
@Timeout(60)
class ExporterTest {
    private static final RowFormat CSV = new CsvFormat(List.of());
    private static final Roll NEVER = Roll.parse("1000000rows");

    @TempDir
    private Path folder;

    private Path exports;
    private Store store;
    private final HandClock clock = new HandClock();
    private Exporter exporter;

    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-03-01T10:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void open() throws IOException {
        exports = folder.resolve("exports");
        store = Store.open(folder.resolve("data"), clock);
        exporter = new Exporter(exports, store.exports(), clock);
    }

    @AfterEach
    void close() {
        exporter.close();
        store.close();
    }

    /** As after kill -9: no file is closed in order, nothing is told. */
    private void kill() throws IOException {
        store.close();
        store = Store.open(folder.resolve("data"), clock);
        exporter = new Exporter(exports, store.exports(), clock);
    }

    private void write(String name, RowFormat format, Roll roll, int... numbers) throws IOException {
        exporter.write(
                name,
                format,
                roll,
                IntStream.of(numbers).mapToObj(ExporterTest::row).toList(),
                IntStream.of(numbers).mapToObj(n -> "key" + n).toList());
    }

    private static Map<String, Object> row(int number) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", "r" + number);
        row.put("n", number);
        return row;
    }

    private List<String> files() throws IOException {
        if (!Files.exists(exports)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(exports)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> exports.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private String text(String file) throws IOException {
        return Files.readString(exports.resolve(file));
    }

    /** Ids in all files, finished or not. */
    private List<String> ids() throws IOException {
        List<String> ids = new ArrayList<>();
        for (String file : files()) {
            text(file).lines().skip(1).map(line -> line.split(",")[0]).forEach(ids::add);
        }
        return ids;
    }

    @Test
    void a_file_is_a_part_until_it_is_full() throws IOException {
        Roll three = Roll.parse("3rows");

        write("a.csv", CSV, three, 1, 2);
        assertThat(files()).containsExactly("a.csv.part");
        write("a.csv", CSV, three, 3);
        write("a.csv", CSV, three, 4);

        assertThat(files()).containsExactly("a-002.csv.part", "a.csv");
        assertThat(text("a.csv")).isEqualTo("id,n\r\nr1,1\r\nr2,2\r\nr3,3\r\n");
    }

    @Test
    void a_row_that_comes_again_is_not_written_again() throws IOException {
        write("a.csv", CSV, NEVER, 1, 2);
        write("a.csv", CSV, NEVER, 2, 3);
        kill();
        write("a.csv", CSV, NEVER, 1, 2, 3, 4);

        assertThat(ids()).containsExactly("r1", "r2", "r3", "r4");
    }

    @Test
    void a_row_that_comes_again_after_its_file_was_finished_is_not_written_again() throws IOException {
        write("a.csv", CSV, Roll.parse("1rows"), 1);
        write("a.csv", CSV, Roll.parse("1rows"), 1);

        assertThat(files()).containsExactly("a.csv");
        assertThat(ids()).containsExactly("r1");
    }

    @Test
    void what_was_written_and_not_recorded_before_a_kill_is_cut_off_and_written_again() throws IOException {
        write("a.csv", CSV, NEVER, 1);
        Files.writeString(exports.resolve("a.csv.part"), "r2,2\r\nr3,", StandardOpenOption.APPEND);
        kill();

        write("a.csv", CSV, NEVER, 2, 3);

        assertThat(text("a.csv.part")).isEqualTo("id,n\r\nr1,1\r\nr2,2\r\nr3,3\r\n");
    }

    @Test
    void a_kill_between_the_new_file_and_its_first_record_leaves_no_stray_file() throws IOException {
        store.exports().open("a.csv", "a.csv", Optional.of("id\nn"));
        Files.createDirectories(exports);
        Files.writeString(exports.resolve("a.csv.part"), "id,n\r\nr1");
        kill();

        write("a.csv", CSV, NEVER, 1);

        assertThat(files()).containsExactly("a.csv.part");
        assertThat(text("a.csv.part")).isEqualTo("id,n\r\nr1,1\r\n");
    }

    @Test
    void a_kill_between_the_record_of_closing_and_the_rename_is_completed() throws IOException {
        write("a.csv", CSV, NEVER, 1);
        store.exports().closing(store.exports().unfinished().get(0).id());
        kill();

        assertThat(files()).containsExactly("a.csv");
        write("a.csv", CSV, NEVER, 1, 2);
        assertThat(ids()).containsExactlyInAnyOrder("r1", "r2");
    }

    @Test
    void a_kill_right_after_the_rename_is_completed() throws IOException {
        write("a.csv", CSV, NEVER, 1);
        store.exports().closing(store.exports().unfinished().get(0).id());
        Files.move(exports.resolve("a.csv.part"), exports.resolve("a.csv"));
        kill();

        assertThat(store.exports().unfinished()).isEmpty();
        write("a.csv", CSV, NEVER, 1, 2);
        assertThat(ids()).containsExactlyInAnyOrder("r1", "r2");
    }

    @Test
    void a_failed_write_leaves_no_trace_and_the_next_one_goes_through() throws IOException {
        write("a.csv", CSV, NEVER, 1);
        ExportLedger broken = new Ledger(store.exports(), false);
        exporter.close();
        exporter = new Exporter(exports, broken, clock);
        assertThatThrownBy(() -> write("a.csv", CSV, NEVER, 2)).isInstanceOf(StoreException.class);

        write("a.csv", CSV, NEVER, 2, 3);

        assertThat(text("a.csv.part")).isEqualTo("id,n\r\nr1,1\r\nr2,2\r\nr3,3\r\n");
    }

    @Test
    void a_record_that_was_made_although_it_looked_failed_loses_no_row() throws IOException {
        exporter.close();
        exporter = new Exporter(exports, new Ledger(store.exports(), true), clock);
        assertThatThrownBy(() -> write("a.csv", CSV, NEVER, 1)).isInstanceOf(StoreException.class);

        write("a.csv", CSV, NEVER, 1);
        write("a.csv", CSV, NEVER, 2);

        assertThat(ids()).containsExactlyInAnyOrder("r1", "r2");
    }

    /** Fails the first record of rows, before or after it is made. */
    private static final class Ledger implements ExportLedger {
        private final ExportLedger real;
        private final boolean after;
        private boolean failed;

        Ledger(ExportLedger real, boolean after) {
            this.real = real;
            this.after = after;
        }

        @Override
        public Set<String> known(Collection<String> keys) {
            return real.known(keys);
        }

        @Override
        public ExportFile open(String slot, String path, Optional<String> columns) {
            return real.open(slot, path, columns);
        }

        @Override
        public void written(long fileId, Collection<String> keys, long bytes, long entries) {
            boolean now = !failed;
            failed = true;
            if (!now || after) {
                real.written(fileId, keys, bytes, entries);
            }
            if (now) {
                throw new StoreException(StoreException.Kind.UNAVAILABLE, "the disk is full");
            }
        }

        @Override
        public void closing(long fileId) {
            real.closing(fileId);
        }

        @Override
        public void closed(long fileId) {
            real.closed(fileId);
        }

        @Override
        public List<ExportFile> unfinished() {
            return real.unfinished();
        }

        @Override
        public List<ExportFile> recent(int limit) {
            return real.recent(limit);
        }
    }

    @Test
    void a_folder_that_could_not_be_written_is_written_when_it_can_be_again() throws IOException {
        Files.createDirectories(exports);
        Files.writeString(exports.resolve("sub"), "a file where a folder must be");
        assertThatThrownBy(() -> write("sub/a.csv", CSV, NEVER, 1)).isInstanceOf(IOException.class);
        Files.delete(exports.resolve("sub"));

        write("sub/a.csv", CSV, NEVER, 1);

        assertThat(text("sub/a.csv.part")).isEqualTo("id,n\r\nr1,1\r\n");
    }

    @Test
    void a_part_file_that_someone_removed_is_told_and_later_rows_go_on() throws IOException {
        write("a.csv", CSV, NEVER, 1);
        Files.delete(exports.resolve("a.csv.part"));
        kill();

        write("a.csv", CSV, NEVER, 2);

        assertThat(ids()).containsExactly("r2");
    }

    @Test
    void a_finished_file_is_never_overwritten() throws IOException {
        Files.createDirectories(exports);
        Files.writeString(exports.resolve("a.csv"), "someone's own");

        write("a.csv", CSV, Roll.parse("1rows"), 1);

        assertThat(text("a.csv")).isEqualTo("someone's own");
        assertThat(text("a-002.csv")).contains("r1");
    }

    @Test
    void a_file_is_finished_when_its_time_has_come_although_no_row_arrives() throws IOException {
        write("a.csv", CSV, Roll.parse("1h"), 1);
        clock.now = clock.now.plus(Duration.ofMinutes(59));
        exporter.sweep();
        assertThat(files()).containsExactly("a.csv.part");

        clock.now = clock.now.plus(Duration.ofMinutes(1));
        exporter.sweep();

        assertThat(files()).containsExactly("a.csv");
    }

    @Test
    void a_file_that_an_earlier_run_left_is_finished_in_its_time_too() throws IOException {
        exporter.expect("a-{date}.csv", Roll.parse("1h"));
        write("a-2026-03-01.csv", CSV, Roll.parse("1h"), 1);
        kill();
        exporter.expect("a-{date}.csv", Roll.parse("1h"));
        exporter.sweep();
        assertThat(files()).containsExactly("a-2026-03-01.csv.part");

        clock.now = clock.now.plus(Duration.ofHours(1));
        exporter.sweep();

        assertThat(files()).containsExactly("a-2026-03-01.csv");
    }

    @Test
    void yesterdays_file_is_finished_whatever_it_waits_for() throws IOException {
        exporter.expect("a-{date}.csv", NEVER);
        write("a-2026-03-01.csv", CSV, NEVER, 1);
        exporter.sweep();
        assertThat(files()).containsExactly("a-2026-03-01.csv.part");

        clock.now = Instant.parse("2026-03-02T00:00:00Z");
        exporter.sweep();

        assertThat(files()).containsExactly("a-2026-03-01.csv");
    }

    @Test
    void a_file_whose_route_is_gone_is_finished() throws IOException {
        write("a.csv", CSV, NEVER, 1);
        kill();
        exporter.expect("b.csv", NEVER);

        exporter.sweep();

        assertThat(files()).containsExactly("a.csv");
    }

    @Test
    void a_file_rolls_by_its_size() throws IOException {
        Map<String, Object> row = Map.of("text", "x".repeat(600));
        exporter.write("a.csv", CSV, Roll.parse("1KB"), List.of(row), List.of("k1"));
        assertThat(files()).containsExactly("a.csv.part");
        exporter.write("a.csv", CSV, Roll.parse("1KB"), List.of(row), List.of("k2"));

        assertThat(files()).containsExactly("a.csv");
    }

    @Test
    void a_new_field_begins_a_new_file_and_nothing_is_lost() throws IOException {
        write("a.csv", CSV, NEVER, 1);
        Map<String, Object> wider = new LinkedHashMap<>(row(2));
        wider.put("new", "field");
        exporter.write("a.csv", CSV, NEVER, List.of(wider), List.of("key2"));
        write("a.csv", CSV, NEVER, 3);

        assertThat(text("a.csv")).isEqualTo("id,n\r\nr1,1\r\n");
        assertThat(text("a-002.csv.part")).isEqualTo("id,n,new\r\nr2,2,field\r\nr3,3,\r\n");
    }

    @Test
    void chosen_columns_stay_in_their_order_and_leave_out_the_rest() throws IOException {
        write("a.csv", new CsvFormat(List.of("n", "missing", "id")), NEVER, 1);

        assertThat(text("a.csv.part")).isEqualTo("n,missing,id\r\n1,,r1\r\n");
    }

    @Test
    void two_routes_can_write_one_file_at_once() throws Exception {
        List<CompletableFuture<Void>> routes = new ArrayList<>();
        for (int route = 0; route < 2; route++) {
            int mine = route;
            routes.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 50; i++) {
                    try {
                        write("a.csv", CSV, Roll.parse("30rows"), mine * 1000 + i);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
            }));
        }
        CompletableFuture.allOf(routes.toArray(CompletableFuture[]::new)).get();

        assertThat(ids()).hasSize(100).doesNotHaveDuplicates();
        assertThat(files()).containsExactly("a-002.csv", "a-003.csv", "a-004.csv.part", "a.csv");
    }

    @Test
    void ndjson_is_one_object_a_line() throws IOException {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("text", "line\nbreak, \"quotes\" and Grüße");
        row.put("nested", Map.of("list", List.of(1, 2)));
        row.put("none", null);
        exporter.write("a.ndjson", new NdjsonFormat(List.of()), NEVER, List.of(row, row(2)), List.of("k1", "k2"));

        List<String> lines = text("a.ndjson.part").lines().toList();
        assertThat(lines).hasSize(2);
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readValue(lines.get(0), Map.class)).isEqualTo(row);
        assertThat(json.readValue(lines.get(1), Map.class)).isEqualTo(row(2));
    }

    @Test
    void a_csv_reads_back_as_it_was_with_a_reader_of_someone_else() throws IOException {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("plain", "a");
        row.put("comma", "a,b;c");
        row.put("quote", "say \"hi\"");
        row.put("lines", "one\r\ntwo\nthree");
        row.put("space", "  kept ");
        row.put("unicode", "Grüße ✓ 😀");
        row.put("empty", "");
        row.put("none", null);
        row.put("number", -5.25);
        row.put("nested", Map.of("a", List.of(1, "x,\"y\"")));
        exporter.write("a.csv", CSV, NEVER, List.of(row), List.of("k1"));

        List<List<String>> read = parse(text("a.csv.part"));

        assertThat(read).hasSize(2);
        assertThat(read.get(0)).isEqualTo(List.copyOf(row.keySet()));
        assertThat(read.get(1))
                .containsExactly(
                        "a",
                        "a,b;c",
                        "say \"hi\"",
                        "one\r\ntwo\nthree",
                        "  kept ",
                        "Grüße ✓ 😀",
                        "",
                        "",
                        "-5.25",
                        "{\"a\":[1,\"x,\\\"y\\\"\"]}");
    }

    /** RFC 4180, read by hand. */
    private static List<List<String>> parse(String text) {
        List<List<String>> lines = new ArrayList<>();
        List<String> line = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    cell.append(c);
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    cell.append(c);
                }
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',' || c == '\n') {
                line.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    lines.add(line);
                    line = new ArrayList<>();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        return lines;
    }

    @Test
    void a_formula_is_text_in_every_cell_and_in_the_header() throws IOException {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("=HYPERLINK(\"http://evil\")", "=1+1");
        row.put("a", "+1");
        row.put("b", "-1");
        row.put("c", "@SUM(A1)");
        row.put("d", "\t=1");
        row.put("e", "\r=1");
        row.put("f", "\n=1");
        row.put("g", "plain");
        row.put("h", -1);
        exporter.write("a.csv", CSV, NEVER, List.of(row), List.of("k1"));

        List<List<String>> read = parse(Files.readString(exports.resolve("a.csv.part"), StandardCharsets.UTF_8));
        assertThat(read.get(0).get(0)).isEqualTo("'=HYPERLINK(\"http://evil\")");
        assertThat(read.get(1))
                .containsExactly("'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'\r=1", "'\n=1", "plain", "-1");
    }

    @Test
    void a_file_goes_on_after_a_restart_with_its_columns() throws IOException {
        write("a.csv", CSV, NEVER, 1);
        exporter.close();
        kill();
        write("a.csv", CSV, NEVER, 2);

        assertThat(text("a.csv.part")).isEqualTo("id,n\r\nr1,1\r\nr2,2\r\n");
    }

    @Test
    void a_name_that_leaves_the_folder_is_refused() {
        assertThatThrownBy(() -> write("../a.csv", CSV, NEVER, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(folder.resolve("a.csv.part")).doesNotExist();
    }
}
