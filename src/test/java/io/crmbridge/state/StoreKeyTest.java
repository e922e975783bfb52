package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crmbridge.state.Tokens.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class StoreKeyTest {
    private static final String ONE = Base64.getEncoder().encodeToString(new byte[32]);
    private static final String OTHER = Base64.getEncoder().encodeToString(StoreContract.filled(32, 7));

    @TempDir
    private Path folder;

    private final HandClock clock = new HandClock();
    private final Issued issued =
            new Issued("s3cret", Optional.empty(), clock.instant(), Optional.empty(), Set.of(), "loc1", "");

    private static StoreSettings with(String key) {
        return new StoreSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                StoreSettings.IN_THE_FOLDER.takeover(),
                Optional.of(key),
                Optional.empty());
    }

    private static StoreSettings inFile(Path file) {
        return new StoreSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                StoreSettings.IN_THE_FOLDER.takeover(),
                Optional.empty(),
                Optional.of(file));
    }

    private void save(StoreSettings settings) {
        try (Store store = Store.open(folder, settings, clock)) {
            store.tokens().save("default", "app", issued);
        }
    }

    private String read(StoreSettings settings) {
        try (Store store = Store.open(folder, settings, clock)) {
            return store.tokens().find("default").orElseThrow().issued().access();
        }
    }

    private Path file() {
        return folder.resolve(StoreKey.FILE);
    }

    @Test
    void the_file_is_made_when_it_is_first_needed_for_its_owner_alone_and_told_once() throws IOException {
        Logger log = (Logger) LoggerFactory.getLogger(StoreKey.class);
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        log.addAppender(told);
        try {
            try (Store store = Store.open(folder, clock)) {
                assertThat(store.tokens().all()).isEmpty();
                assertThat(store.tokens().find("default")).isEmpty();
                assertThat(file()).doesNotExist();
            }
            save(StoreSettings.IN_THE_FOLDER);
            save(StoreSettings.IN_THE_FOLDER);
        } finally {
            log.detachAppender(told);
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(told.list)
                .map(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .contains(file().toString())
                        .doesNotContain(Files.readString(file()).strip()));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.endsWith(".part"));
        }
        assertThat(read(StoreSettings.IN_THE_FOLDER)).isEqualTo("s3cret");
    }

    @Test
    void of_many_that_make_the_file_at_once_one_counts() {
        CountDownLatch begin = new CountDownLatch(1);
        StoreKey key = new StoreKey(Optional.empty(), file());
        List<CompletableFuture<byte[]>> made = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        begin.await();
                        return key.aead(false).encrypt(new byte[] {1}, new byte[0]);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        begin.countDown();
        List<byte[]> results = made.stream().map(CompletableFuture::join).toList();

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(key.aead(true).decrypt(result, new byte[0])).containsExactly(1));
    }

    @Test
    void a_key_of_32_bytes_or_a_keyset_is_taken_from_the_environment() throws IOException {
        save(with(ONE));
        assertThat(file()).doesNotExist();
        assertThat(read(with(ONE))).isEqualTo("s3cret");

        StoreSettings ofCommand =
                StoreSettings.ofFolder(folder, Map.of("BRIDGE_STORE_KEY", ONE, "BRIDGE_STORE_URL", ""));
        try (Store store = Store.attach(folder, ofCommand, clock)) {
            assertThat(store.tokens().find("default")).isPresent();
            store.tokens().remove("default");
        }
        Path made = folder.resolve("made.key");
        save(inFile(made));
        assertThat(read(with(Files.readString(made)))).isEqualTo("s3cret");
        assertThat(with(ONE).toString()).doesNotContain(ONE);
        assertThat(with(ONE).key(folder).toString()).doesNotContain(ONE);
    }

    @Test
    void a_command_finds_the_file_that_the_bridge_used() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("keys")).resolve("bridge.key");
        save(inFile(elsewhere));

        try (Store store = Store.attach(folder, StoreSettings.ofFolder(folder, Map.of()), clock)) {
            assertThat(store.tokens().find("default")).isPresent();
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_missing_key_is_told_with_what_to_do_and_no_other_one_is_made() throws IOException {
        save(StoreSettings.IN_THE_FOLDER);
        Files.delete(file());

        assertThatThrownBy(() -> read(StoreSettings.IN_THE_FOLDER))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("the key of the store is missing")
                .hasMessageContaining("put " + file() + " back, or set BRIDGE_STORE_KEY")
                .hasMessageContaining("auth logout");
        assertThatThrownBy(() -> save(StoreSettings.IN_THE_FOLDER)).hasMessageContaining("is missing");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_wrong_key_is_told_before_anything_is_written_with_it() throws IOException {
        save(with(ONE));

        assertThatThrownBy(() -> read(with(OTHER)))
                .isInstanceOf(StoreException.class)
                .hasNoCause()
                .hasMessageContaining("the key in BRIDGE_STORE_KEY")
                .hasMessageContaining("Put that one back")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> save(with(OTHER))).hasMessageContaining("Put that one back");
        assertThat(read(with(ONE))).isEqualTo("s3cret");
    }

    @Test
    void what_is_no_key_is_told_and_not_shown() throws IOException {
        assertThatThrownBy(() -> save(with("n0-key-at-all")))
                .isInstanceOf(StoreException.class)
                .hasNoCause()
                .hasMessageContaining("BRIDGE_STORE_KEY holds no key")
                .hasMessageContaining("openssl rand -base64 32")
                .hasMessageNotContaining("n0-key");

        Files.writeString(file(), "");
        assertThatThrownBy(() -> save(StoreSettings.IN_THE_FOLDER)).hasMessageContaining(file() + " holds no key");

        StoreSettings nowhere = inFile(folder.resolve("none/store.key"));
        assertThatThrownBy(() -> save(nowhere))
                .hasMessageContaining("cannot be made")
                .hasMessageContaining("none");
    }

    @Test
    void who_has_lost_the_key_begins_again_after_a_logout() throws IOException {
        save(StoreSettings.IN_THE_FOLDER);
        Files.delete(file());
        try (Store store = Store.open(folder, clock)) {
            assertThat(store.tokens().all()).hasSize(1);
            store.tokens().remove("default");
            store.tokens().save("default", "app", issued);
        }

        assertThat(read(StoreSettings.IN_THE_FOLDER)).isEqualTo("s3cret");
    }
}
