package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmbridge.state.StoreException.Kind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two bridges on one database. */
@Timeout(60)
class LeaseTest {
    private static final PostgresServer SERVER = PostgresServer.shared();

    @TempDir
    private Path folder;

    private final Clock clock = Clock.systemUTC();
    private StoreSettings settings = SERVER.empty();

    private Store open(String node) {
        return Store.open(folder.resolve(node), settings, clock);
    }

    private String schema() {
        return settings.url().orElseThrow().replaceAll(".*currentSchema=", "");
    }

    private Optional<Store> tryToOpen(String node) {
        try {
            return Optional.of(open(node));
        } catch (StoreException e) {
            assertThat(e.kind()).isEqualTo(Kind.TAKEN);
            return Optional.empty();
        }
    }

    @Test
    void the_second_bridge_waits_for_the_first_which_sees_it_and_follows_its_clean_end_at_once() {
        try (Store first = open("first")) {
            assertThatThrownBy(() -> open("second"))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TAKEN))
                    .hasMessageContainingAll("is active on", "stands by");
            assertThat(first.nodes()).extracting(Store.Node::active).containsExactly(true, false);
        }
        try (Store second = open("second")) {
            assertThat(second.nodes()).extracting(Store.Node::active).containsExactly(true);
        }
    }

    @Test
    void a_bridge_that_was_taken_for_dead_can_neither_write_nor_read_and_is_told() {
        try (Store stale = open("first")) {
            FeedState feed = stale.sources()
                    .lease(stale.sources().source("default", "impactiveai").id(), "deals");
            noSignFrom(schema());
            try (Store active = open("second")) {
                assertThatThrownBy(() -> StoreContract.append(stale, feed, StoreContract.change("late", 1)))
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LEASE_LOST))
                        .hasMessageContaining("another bridge has taken over");
                assertThat(stale.lost()).isCompleted();
                assertThatThrownBy(() -> stale.log().head()).hasMessageContaining("another bridge has taken over");
                assertThat(active.log().head()).isZero();
                assertThat(active.lost()).isNotDone();
            }
        }
    }

    @Test
    void a_bridge_that_writes_nothing_learns_that_it_was_replaced() {
        settings = SERVER.empty(Duration.ofSeconds(2));
        try (Store stale = open("first")) {
            noSignFrom(schema());
            try (Store active = open("second")) {
                assertThat(active.lost()).isNotDone();
                await().until(() -> stale.lost().isDone());
            }
        }
    }

    private static void noSignFrom(String schema) {
        SERVER.execute("UPDATE %s.holder SET until = 0".formatted(schema));
    }

    @Test
    void a_bridge_that_lives_keeps_its_store_for_longer_than_the_takeover() {
        settings = SERVER.empty(Duration.ofMillis(500));
        try (Store store = open("first")) {
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> tryToOpen("second").isEmpty());
            assertThat(store.lost()).isNotDone();
            assertThat(store.log().head()).isZero();
        }
    }

    @Test
    void a_bridge_that_cannot_give_a_sign_reads_nothing_until_it_can() throws Exception {
        settings = SERVER.empty(Duration.ofMillis(500));
        try (Store store = open("first")) {
            try (Connection other = SERVER.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("SELECT * FROM %s.holder FOR UPDATE".formatted(schema()));
                await().untilAsserted(() -> assertThatThrownBy(() -> store.log().head())
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                        .hasMessageContaining("no sign of life"));
                other.rollback();
            }
            await().ignoreExceptions().until(() -> store.log().head() == 0);
            assertThat(store.lost()).isNotDone();
        }
    }

    @Test
    void a_bridge_that_froze_in_a_transaction_does_not_keep_the_others_out() {
        settings = SERVER.empty(Duration.ofSeconds(1));
        CountDownLatch gate = new CountDownLatch(1);
        try (Store frozen = open("first")) {
            CompletableFuture<Object> write = ((JdbcStore) frozen).writer().quick(h -> {
                h.execute("INSERT INTO command (name, argument, asked_at) VALUES ('late', '', 1)");
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return null;
            });
            try (Store active = await().atMost(Duration.ofSeconds(20))
                    .until(() -> tryToOpen("second"), Optional::isPresent)
                    .orElseThrow()) {
                gate.countDown();
                assertThatThrownBy(write::join).hasCauseInstanceOf(StoreException.class);
                assertThat(active.commands().open()).isEmpty();
                await().until(() -> frozen.lost().isDone());
            } finally {
                gate.countDown();
            }
        }
    }
}
