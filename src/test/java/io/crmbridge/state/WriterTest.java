package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@Timeout(30)
class WriterTest {
    @TempDir
    private Path folder;

    private Writer writer;

    @BeforeEach
    void open() throws SQLException {
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + folder.resolve("w.db"));
        writer = new Writer(file, new Sqlite());
        writer.full(h -> h.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)"));
    }

    @AfterEach
    void close() {
        writer.close();
    }

    /** Keeps the writer busy until the latch opens, so that what is handed over meanwhile becomes one group. */
    private CountDownLatch hold() {
        CountDownLatch gate = new CountDownLatch(1);
        writer.quick(h -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        });
        return gate;
    }

    private CompletableFuture<Integer> insert(int n) {
        return writer.quick(h -> h.execute("INSERT INTO t VALUES (?)", n));
    }

    private List<Integer> numbers() {
        return writer.full(
                h -> h.select("SELECT n FROM t ORDER BY n").mapTo(Integer.class).list());
    }

    @Test
    void a_piece_that_fails_does_not_harm_the_others_of_its_group() {
        CountDownLatch gate = hold();
        CompletableFuture<Integer> first = insert(1);
        CompletableFuture<Integer> half = writer.quick(h -> {
            h.execute("INSERT INTO t VALUES (2)");
            return h.execute("INSERT INTO t VALUES (1)");
        });
        CompletableFuture<Integer> last = insert(3);
        gate.countDown();

        first.join();
        last.join();
        assertThatThrownBy(half::join).hasCauseInstanceOf(StoreException.class);
        assertThat(numbers()).containsExactly(1, 3);
    }

    @Test
    void a_piece_that_fails_alone_leaves_nothing() {
        assertThatThrownBy(() -> writer.full(h -> {
                    h.execute("INSERT INTO t VALUES (1)");
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(StoreException.class);

        assertThat(numbers()).isEmpty();
    }

    @Test
    void an_answer_is_given_after_the_commit() throws SQLException {
        insert(1).join();

        try (var other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("w.db"));
                var rows = other.createStatement().executeQuery("SELECT n FROM t")) {
            assertThat(rows.next()).isTrue();
        }
    }

    @Test
    void an_error_of_one_piece_does_not_end_the_writer() {
        assertThatThrownBy(() -> writer.quick(h -> {
                            throw new StackOverflowError("deep");
                        })
                        .get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);

        insert(1).join();
        assertThat(numbers()).containsExactly(1);
    }

    @Test
    void closing_waits_for_what_was_handed_over_and_not_longer() {
        CountDownLatch gate = hold();
        List<CompletableFuture<Integer>> pieces = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            pieces.add(insert(i));
        }
        CompletableFuture<Void> closing = CompletableFuture.runAsync(writer::close);
        long begun = System.nanoTime();
        gate.countDown();
        closing.join();

        assertThat(pieces).allMatch(piece -> piece.isDone() && !piece.isCompletedExceptionally());
        assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
    }
}
