package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmbridge.state.StoreException.Kind;
import io.crmbridge.state.Subscription.StartFrom;
import io.crmbridge.state.Subscriptions.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only a server can do to a store. */
@Timeout(120)
class PostgresTest {
    private static final PostgresServer SERVER = PostgresServer.shared();

    @TempDir
    private Path folder;

    private final Clock clock = Clock.systemUTC();

    @Test
    void goes_on_by_itself_and_has_lost_nothing_when_the_server_was_stopped_and_started() throws Exception {
        try (PostgresServer server = PostgresServer.in(folder.resolve("server"));
                Store store = Store.open(folder.resolve("data"), server.empty(), clock)) {
            FeedState feed = store.sources()
                    .lease(store.sources().source("default", "impactiveai").id(), "deals");
            Subscription place = store.subscriptions().open("b", "s", "s", feed.id(), StartFrom.BEGINNING, null);
            AtomicBoolean enough = new AtomicBoolean();
            AtomicInteger refused = new AtomicInteger();
            List<Long> heads = new ArrayList<>();
            CompletableFuture<Void> polls = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    try {
                        long head = StoreContract.append(
                                store, feed, StoreContract.change("r" + heads.size(), 1), StoreContract.change("s", 1));
                        heads.add(head);
                        moveTo(store, place, head);
                    } catch (StoreException | CompletionException e) {
                        StoreException known = (StoreException) (e instanceof StoreException ? e : e.getCause());
                        assertThat(known.kind()).isEqualTo(Kind.UNAVAILABLE);
                        assertThat(known).hasMessageContaining("does not answer");
                        refused.incrementAndGet();
                    }
                }
            });
            await().until(() -> heads.size() > 20);
            server.stop();
            await().until(() -> refused.get() > 2);
            server.startAgain();
            int before = heads.size();
            await().atMost(Duration.ofSeconds(40)).until(() -> heads.size() > before + 20);
            enough.set(true);
            polls.get();

            long last = heads.get(heads.size() - 1);
            // A read may still get a connection that the stop has ended.
            await().ignoreException(StoreException.class).untilAsserted(() -> {
                assertThat(store.log().head()).isEqualTo(last);
                for (int i = 0; i < heads.size(); i++) {
                    assertThat(store.log().get(heads.get(i) - 1).orElseThrow().recordId())
                            .isEqualTo("r" + i);
                }
                assertThat(store.subscriptions().all().get(0).position()).isEqualTo(last);
            });
            assertThat(store.lost()).as("nobody has taken over").isNotDone();
        }
    }

    private static void moveTo(Store store, Subscription place, long position) {
        store.subscriptions()
                .save(new Progress(
                        place.id(), position, "", List.of(), List.of(), List.of(), List.of(), 1, 0, Optional.empty()))
                .toCompletableFuture()
                .join();
    }

    @Test
    void a_connection_that_was_ended_while_nothing_was_written_is_replaced_unnoticed() {
        try (Store store = Store.open(folder, SERVER.empty(), clock)) {
            store.sources().source("default", "impactiveai");
            SERVER.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'crm-bridge'");

            assertThat(store.sources().source("other", "impactiveai").id()).isPositive();
        }
    }

    @Test
    void a_move_does_not_wait_for_the_disk_and_a_poll_does() {
        try (Store store = Store.open(folder, SERVER.empty(), clock)) {
            Writer writer = ((JdbcStore) store).writer();

            assertThat(Writer.await(writer.quick(PostgresTest::durability))).isEqualTo("off");
            assertThat(writer.full(PostgresTest::durability)).isEqualTo("on");
            assertThat(Writer.await(writer.quick(PostgresTest::durability))).isEqualTo("off");
        }
    }

    private static String durability(org.jdbi.v3.core.Handle h) {
        return h.select("SHOW synchronous_commit").mapTo(String.class).one();
    }

    @Test
    void a_server_that_is_not_there_is_told_and_may_be_tried_again() {
        StoreSettings nowhere = at("jdbc:postgresql://127.0.0.1:1/crm", "postgres", null);

        assertThatThrownBy(() -> Store.open(folder, nowhere, clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContainingAll("database crm on 127.0.0.1", "does not answer", "bridge.store.url");
    }

    @Test
    void a_database_or_a_schema_that_does_not_exist_is_told() {
        assertThatThrownBy(() -> Store.open(
                        folder, at(SERVER.url("").replace("/postgres?", "/nothing?"), "postgres", null), clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("database nothing", "does not exist", "create it");
        assertThatThrownBy(() -> Store.open(folder, at(SERVER.url("currentSchema=nothing"), "postgres", null), clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("schema", "does not exist");
    }

    @Test
    void a_user_who_is_refused_is_told_without_the_password() {
        assertThatThrownBy(() -> Store.open(folder, at(SERVER.url(""), "nobody", "s3cret"), clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("refuses the user or the password", "BRIDGE_STORE_PASSWORD")
                .satisfies(e -> assertThat(trace(e)).doesNotContain("s3cret"));
    }

    @Test
    void a_password_is_taken_from_the_settings_or_from_the_file_that_postgresql_has_for_them() throws Exception {
        SERVER.execute("CREATE ROLE careful LOGIN PASSWORD 's3cret'");
        SERVER.execute("GRANT CREATE ON DATABASE postgres TO careful");
        SERVER.asksForThePasswordOf("careful");
        String schema = SERVER.empty().url().orElseThrow().replaceAll(".*currentSchema=", "");
        SERVER.execute("GRANT ALL ON SCHEMA %s TO careful".formatted(schema));
        String url = SERVER.url("currentSchema=" + schema);

        assertThatThrownBy(() -> Store.open(folder, at(url, "careful", "wrong"), clock))
                .hasMessageContaining("refuses the user or the password")
                .satisfies(e -> assertThat(trace(e)).doesNotContain("wrong"));
        Store.open(folder, at(url, "careful", "s3cret"), clock).close();

        Path file = Files.writeString(folder.resolve("pgpass"), "127.0.0.1:*:*:careful:s3cret");
        System.setProperty("org.postgresql.pgpassfile", file.toString());
        try {
            Store.attach(folder, at(url, "careful", null), clock).close();
        } finally {
            System.clearProperty("org.postgresql.pgpassfile");
        }
        assertThatThrownBy(() -> Store.attach(folder, at(url, "careful", null), clock))
                .hasMessageContaining("refuses the user or the password");
    }

    @Test
    void a_user_who_may_not_make_tables_is_told() {
        SERVER.execute("CREATE ROLE reader LOGIN");

        assertThatThrownBy(() -> Store.open(folder, at(SERVER.url(""), "reader", null), clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContaining("grant CREATE");
    }

    @Test
    void what_the_server_refuses_is_told_without_the_record() {
        try (Store store = Store.open(folder, SERVER.empty(), clock)) {
            FeedState feed = store.sources()
                    .lease(store.sources().source("default", "impactiveai").id(), "deals");

            assertThatThrownBy(() -> StoreContract.append(
                            store, feed, StoreContract.change("a", 1), StoreContract.change("ada\0@example.com", 1)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INTERNAL))
                    .satisfies(e -> assertThat(trace(e)).doesNotContain("ada").doesNotContain("example.com"));
            assertThat(store.log().head()).as("no hole").isZero();
        }
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void a_newer_schema_is_refused() {
        StoreSettings settings = SERVER.empty();
        Store.open(folder, settings, clock).close();
        String schema = settings.url().orElseThrow().replaceAll(".*currentSchema=", "");
        SERVER.execute("UPDATE %s.flyway_schema_history SET version = '99'".formatted(schema));

        assertThatThrownBy(() -> Store.open(folder, settings, clock))
                .hasMessageContainingAll("newer program", "schema 99", "upgrade");
        assertThatThrownBy(() -> Store.attach(folder, settings, clock)).hasMessageContaining("newer program");
    }

    @Test
    void a_database_where_nothing_ran_is_told_to_who_looks_at_it() {
        assertThatThrownBy(() -> Store.attach(folder, SERVER.empty(), clock))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE))
                .hasMessageContainingAll("no bridge has run on", "`run`");
    }

    @Test
    void commands_find_the_store_by_the_data_folder_which_does_not_know_the_password() throws Exception {
        StoreSettings settings = SERVER.empty();
        StoreSettings withPassword =
                new StoreSettings(settings.url(), settings.username(), Optional.of("s3cret"), settings.takeover());
        Store.open(folder, withPassword, clock).close();

        assertThat(Files.readString(folder.resolve("store.properties"))).doesNotContain("s3cret");
        StoreSettings found =
                StoreSettings.ofFolder(folder, java.util.Map.of("BRIDGE_STORE_PASSWORD", "from the environment"));
        assertThat(found.url()).isEqualTo(settings.url());
        assertThat(found.username()).contains("postgres");
        assertThat(found.password()).contains("from the environment");
        Store.attach(folder, found, clock).close();

        Store.open(folder, clock).close();
        assertThat(StoreSettings.ofFolder(folder, java.util.Map.of()).url())
                .as("back in the folder")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.example.com/crm, true",
        "jdbc:postgresql://db.example.com/crm?sslmode=prefer, true",
        "'jdbc:postgresql://localhost,db.example.com/crm', true",
        "jdbc:postgresql://db.example.com/crm?sslmode=verify-full&sslrootcert=ca.pem, false",
        "jdbc:postgresql://db.example.com/crm?sslmode=require, false",
        "jdbc:postgresql://db.example.com/crm?ssl=true, false",
        "jdbc:postgresql://127.0.0.1/crm, false",
        "jdbc:postgresql://localhost:6432/crm, false",
        "jdbc:postgresql://[::1]/crm, false",
        "jdbc:postgresql:crm, false"
    })
    void a_password_that_may_go_over_the_network_in_the_open_is_noticed(String url, boolean shown) {
        assertThat(Postgres.showsPassword(at(url, "bridge", "s3cret"))).isEqualTo(shown);
        assertThat(Postgres.showsPassword(at(url, "bridge", null))).isFalse();
    }

    private static StoreSettings at(String url, String user, String password) {
        return new StoreSettings(
                Optional.of(url), Optional.of(user), Optional.ofNullable(password), Duration.ofSeconds(15));
    }
}
