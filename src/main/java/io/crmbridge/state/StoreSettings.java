package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the store is.
 *
 * @param url of a PostgreSQL database, without a password; empty: a file in the data folder
 * @param takeover how long a bridge may give no sign before another one takes over
 * @param key what encrypts tokens, in base64: 32 bytes, or a Tink keyset; empty: in a file
 * @param keyFile the file; empty: {@code store.key} in the data folder
 */
public record StoreSettings(
        Optional<String> url,
        Optional<String> username,
        Optional<String> password,
        Duration takeover,
        Optional<String> key,
        Optional<Path> keyFile) {
    public static final StoreSettings IN_THE_FOLDER =
            new StoreSettings(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofSeconds(15));

    public StoreSettings(
            Optional<String> url, Optional<String> username, Optional<String> password, Duration takeover) {
        this(url, username, password, takeover, Optional.empty(), Optional.empty());
    }

    private static final String FILE = "store.properties";
    private static final String URL = "url";
    private static final String USERNAME = "username";
    private static final String KEY_FILE = "key-file";

    /**
     * The store that the last bridge on a data folder used, for commands. The variables BRIDGE_STORE_URL and
     * BRIDGE_STORE_USERNAME and BRIDGE_STORE_KEY_FILE win; the
     * password stands in BRIDGE_STORE_PASSWORD alone, a key in BRIDGE_STORE_KEY.
     */
    public static StoreSettings ofFolder(Path folder, Map<String, String> environment) {
        Properties last = new Properties();
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                last.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new StoreException(
                        Kind.UNUSABLE,
                        "%s cannot be read (%s): give this user access, or set BRIDGE_STORE_URL"
                                .formatted(file, e.getClass().getSimpleName()),
                        e);
            }
        }
        return new StoreSettings(
                set(environment.getOrDefault("BRIDGE_STORE_URL", last.getProperty(URL))),
                set(environment.getOrDefault("BRIDGE_STORE_USERNAME", last.getProperty(USERNAME))),
                set(environment.get("BRIDGE_STORE_PASSWORD")),
                IN_THE_FOLDER.takeover(),
                set(environment.get("BRIDGE_STORE_KEY")),
                set(environment.getOrDefault("BRIDGE_STORE_KEY_FILE", last.getProperty(KEY_FILE)))
                        .map(Path::of));
    }

    StoreKey key(Path folder) {
        return new StoreKey(key, keyFile.orElse(folder.resolve(StoreKey.FILE)));
    }

    private static Optional<String> set(String text) {
        return Optional.ofNullable(text).filter(value -> !value.isBlank());
    }

    /** Tells commands on this folder where the store is. */
    void note(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            if (url.isEmpty() && keyFile.isEmpty()) {
                if (Files.exists(file)) {
                    Files.delete(file);
                }
                return;
            }
            StoreSettings last = ofFolder(folder, Map.of());
            if (last.url().equals(url)
                    && last.username().equals(username)
                    && last.keyFile().equals(keyFile)) {
                return;
            }
            Properties now = new Properties();
            url.ifPresent(text -> now.setProperty(URL, text));
            keyFile.ifPresent(path -> now.setProperty(KEY_FILE, path.toString()));
            username.ifPresent(name -> now.setProperty(USERNAME, name));
            Files.createDirectories(folder);
            try (Writer out = Files.newBufferedWriter(file)) {
                now.store(out, "Where the last bridge on this folder keeps its store; written by `run`");
            }
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "%s cannot be written (%s): give this user write access, or choose another data folder with --data"
                            .formatted(file, e.getClass().getSimpleName()),
                    e);
        }
    }

    /** Without the password and the key. */
    @Override
    public String toString() {
        return "StoreSettings[" + url.orElse("in the data folder") + "]";
    }
}
