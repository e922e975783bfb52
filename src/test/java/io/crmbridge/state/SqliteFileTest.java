package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/** What only a file in a folder can suffer. */
@Timeout(60)
class SqliteFileTest {
    @TempDir
    private Path folder;

    private final Clock clock = Clock.systemUTC();

    private Path file() {
        return folder.resolve(Sqlite.FILE);
    }

    private Connection direct() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    @Test
    void a_newer_schema_is_refused_with_the_way_out() throws SQLException {
        Store.open(folder, clock).close();
        try (Connection c = direct();
                Statement s = c.createStatement()) {
            s.execute("UPDATE flyway_schema_history SET version = '99'");
        }

        assertThatThrownBy(() -> Store.open(folder, clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("newer program", "schema 99", "upgrade");
        assertThatThrownBy(() -> Store.attach(folder, clock)).hasMessageContaining("newer program");
    }

    @ParameterizedTest
    @ValueSource(strings = {Sqlite.MIGRATIONS, Postgres.MIGRATIONS})
    void the_newest_migration_is_the_one_that_the_program_names(String database) throws Exception {
        Path migrations =
                Path.of(Schema.class.getResource(database + "/V1__store.sql").toURI());
        try (Stream<Path> files = Files.list(migrations.getParent())) {
            assertThat(files.map(f -> f.getFileName().toString().replaceAll("^V(\\d+)__.*", "$1"))
                            .mapToInt(Integer::parseInt)
                            .max())
                    .hasValue(Schema.NEWEST);
        }
    }

    @Test
    void a_backup_is_made_before_a_migration_and_it_opens() throws SQLException, IOException {
        try (Store store = Store.open(folder, clock)) {
            store.sources().source("default", "impactiveai");
        }
        SQLiteDataSource data = new SQLiteDataSource();
        data.setUrl("jdbc:sqlite:" + file());

        Sqlite.schema(data, folder, clock).migrate(1000, "classpath:io/crmbridge/state/later");

        List<Path> backups;
        try (Stream<Path> files = Files.list(folder)) {
            backups = files.filter(f -> f.getFileName().toString().startsWith("backup-v" + Schema.NEWEST + "-"))
                    .toList();
        }
        assertThat(backups).hasSize(1);
        try (Connection c = direct();
                Statement s = c.createStatement();
                ResultSet row = s.executeQuery("SELECT count(*) FROM later")) {
            assertThat(row.getInt(1)).isZero();
        }
        Path restored = Files.createDirectory(folder.resolve("restored"));
        Files.copy(backups.get(0), restored.resolve(Sqlite.FILE));
        try (Store store = Store.open(restored, clock)) {
            assertThat(store.sources().sources()).extracting(Source::connection).containsExactly("default");
        }
    }

    @Test
    void no_backup_is_made_where_nothing_is_migrated() throws IOException {
        Store.open(folder, clock).close();
        Store.open(folder, clock).close();

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.startsWith("backup"));
        }
    }

    @Test
    void a_file_that_is_no_database_is_told() throws IOException {
        Files.writeString(
                file(), "this is not a database, but long enough to look like a file of some kind ".repeat(20));

        assertThatThrownBy(() -> Store.open(folder, clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("damaged", "restore a backup");
    }

    @Test
    void a_file_that_is_damaged_in_its_middle_is_told_at_the_start() throws Exception {
        try (Store store = Store.open(folder, clock)) {
            fill(store, 2000);
        }
        try (Connection c = direct();
                Statement s = c.createStatement()) {
            s.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            byte[] trash = "trash".repeat(2000).getBytes(StandardCharsets.US_ASCII);
            raw.seek(raw.length() / 2);
            raw.write(trash);
        }

        assertThatThrownBy(() -> Store.open(folder, clock).close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("damaged", "restore a backup");
    }

    private static void fill(Store store, int records) {
        long source = store.sources().source("default", "impactiveai").id();
        FeedState feed = store.sources().lease(source, "deals");
        for (int i = 0; i < records; i += 100) {
            NewChange[] page = new NewChange[100];
            for (int j = 0; j < 100; j++) {
                page[j] = StoreContract.change("record-" + (i + j), 1);
            }
            store.log()
                    .commit(new PollCommit(
                            feed,
                            List.of(page),
                            Stream.of(page).map(c -> new byte[MirrorRow.MARK]).toList(),
                            Optional.empty(),
                            List.of()));
        }
    }

    @Test
    void a_folder_that_cannot_be_made_is_told() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "").resolve("data");

        assertThatThrownBy(() -> Store.open(blocked, clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("cannot be created", "--data");
        assertThatThrownBy(() -> DataFolder.hold(blocked, clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("cannot be written", "--data");
    }

    @Test
    void a_folder_where_nothing_ran_is_told_to_who_looks_at_it() {
        assertThatThrownBy(() -> Store.attach(folder, clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("no bridge has run in", "`run`");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_second_process_is_refused_and_told_who_has_the_folder() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");

            assertThat(DataFolder.isHeld(folder)).isTrue();
            assertThatThrownBy(() -> DataFolder.hold(folder, clock))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                    .hasMessageContainingAll("in use by another bridge", "process " + other.pid(), "--data");
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(DataFolder.isHeld(folder)).as("after its death").isFalse();
        DataFolder.hold(folder, clock).close();
    }

    /** Holds a folder until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            DataFolder held = DataFolder.hold(Path.of(arguments[0]), Clock.systemUTC());
            System.out.println("held");
            new java.util.concurrent.CountDownLatch(1).await();
            held.close();
        }
    }

    @Test
    void a_look_or_a_refusal_in_the_same_process_does_not_give_the_folder_away() throws Exception {
        try (DataFolder held = DataFolder.hold(folder, clock)) {
            assertThat(held).isNotNull();
            assertThat(DataFolder.isHeld(folder)).isTrue();
            assertThatThrownBy(() -> DataFolder.hold(folder, clock)).isInstanceOf(StoreException.class);

            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Holder.class.getName(),
                            folder.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = other.inputReader().readLine();
            other.destroyForcibly();
            assertThat(said).isNotEqualTo("held").contains("in use by another bridge");
        }
        assertThat(DataFolder.isHeld(folder)).isFalse();
    }

    @Test
    void a_disk_that_is_full_is_told_harms_nothing_and_goes_on_when_there_is_room() throws Exception {
        try (Store store = Store.open(folder, clock)) {
            fill(store, 100);
            long head = store.log().head();
            limitPages(store, true);

            assertThatThrownBy(() -> fill(store, 20_000))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                    .hasMessageContainingAll("disk is full", "free space");
            assertThat(store.log().head()).isGreaterThanOrEqualTo(head);

            limitPages(store, false);
            long before = store.log().head();
            fill(store, 100);
            assertThat(store.log().head()).isEqualTo(before + 100);
        }
    }

    @Test
    void an_inbox_on_a_full_disk_takes_all_of_a_request_or_nothing() {
        try (Store store = Store.open(folder, clock)) {
            FeedState inbox = store.sources()
                    .lease(store.sources().source("(bridge)", "(bridge)").id(), "inbox/leads");
            List<Inboxes.NewEntry> entries = Stream.iterate(0, i -> i + 1)
                    .limit(2_000)
                    .map(i -> new Inboxes.NewEntry(
                            "r" + i, Optional.of("k" + i), Optional.empty(), new byte[32], new byte[200]))
                    .toList();
            limitPages(store, true);

            assertThatThrownBy(() -> store.inboxes().accept(inbox, Duration.ofHours(24), entries))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
            limitPages(store, false);

            assertThat(store.log().read(inbox.id(), 0, 0, 10)).isEmpty();
            assertThat(store.inboxes().accept(inbox, Duration.ofHours(24), entries))
                    .allMatch(Inboxes.Receipt::isNew);
        }
    }

    /** As a full disk does it: the writing connection gets SQLITE_FULL. */
    private static void limitPages(Store store, boolean full) {
        ((JdbcStore) store).writer().full(h -> {
            try (Statement s = h.getConnection().createStatement()) {
                return s.execute("PRAGMA max_page_count = " + (full ? 60 : 1_000_000));
            }
        });
    }

    @Test
    void in_a_group_a_full_disk_is_told_to_each_piece_by_its_name() throws Exception {
        try (Store store = Store.open(folder, clock)) {
            limitPages(store, true);
            Writer writer = ((JdbcStore) store).writer();
            List<java.util.concurrent.CompletableFuture<Object>> pieces = Stream.generate(() -> writer.quick(h -> {
                        try (Statement s = h.getConnection().createStatement()) {
                            s.execute("INSERT INTO command (name, argument, asked_at) VALUES ('x', '"
                                    + "y".repeat(100_000) + "', 1)");
                        }
                        return null;
                    }))
                    .limit(50)
                    .toList();

            for (var piece : pieces) {
                Throwable failure = piece.handle((done, e) -> e).join();
                if (failure != null) {
                    assertThat(failure).hasMessageContaining("disk is full");
                }
            }
            assertThat(pieces).anyMatch(java.util.concurrent.CompletableFuture::isCompletedExceptionally);
        }
    }

    @Test
    void a_file_of_the_lock_that_is_left_over_holds_nobody_back() throws IOException {
        Files.writeString(folder.resolve("bridge.lock"), "process 1, since long ago");

        assertThat(DataFolder.isHeld(folder)).isFalse();
        try (DataFolder held = DataFolder.hold(folder, clock);
                FileChannel channel = FileChannel.open(folder.resolve("bridge.lock"), StandardOpenOption.READ)) {
            assertThat(held).isNotNull();
            assertThat(channel.size()).isPositive();
        }
    }
}
