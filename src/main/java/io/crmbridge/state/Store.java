package io.crmbridge.state;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All durable state of one bridge. Thread-safe; one instance a process.
 *
 * <p>Methods of the parts block until their transaction is committed unless they say otherwise, and throw
 * {@link StoreException} when the disk is full, read-only or broken.
 */
public interface Store extends AutoCloseable {

    /**
     * Opens the store in a data folder, creating or migrating it as needed.
     *
     * @throws StoreException when the folder cannot be written, or is newer than this program; the message says what
     *     to do
     */
    static Store open(Path folder, Clock clock) {
        return open(folder, StoreSettings.IN_THE_FOLDER, clock);
    }

    /**
     * Opens the store where the settings say, and notes in the data folder where that is.
     *
     * @throws StoreException of kind TAKEN while another bridge is active on it: try again to get its turn
     */
    static Store open(Path folder, StoreSettings settings, Clock clock) {
        settings.note(folder);
        return settings.url().isPresent()
                ? Postgres.open(folder, settings, clock)
                : Sqlite.open(folder, settings, clock);
    }

    /**
     * Opens an existing store to look at it while a bridge may be running on it. Only reads and
     * {@link Commands#ask} are meant for such a store.
     *
     * @throws StoreException when there is none, or it is newer than this program
     */
    static Store attach(Path folder, Clock clock) {
        return attach(folder, StoreSettings.IN_THE_FOLDER, clock);
    }

    /** Opens an existing store where the settings say. */
    static Store attach(Path folder, StoreSettings settings, Clock clock) {
        return settings.url().isPresent()
                ? Postgres.attach(folder, settings, clock)
                : Sqlite.attach(folder, settings, clock);
    }

    /** Loads what opening a store will need; worth doing on another thread while a program starts. */
    static void preload() {
        Sqlite.preload();
        Schema.preload(Sqlite.MIGRATIONS);
    }

    Sources sources();

    ChangeLog log();

    Subscriptions subscriptions();

    DeadLetters deadLetters();

    ExportLedger exports();

    Commands commands();

    Schedules schedules();

    SeenKeys seen();

    Intents intents();

    Suppressions suppressions();

    Inboxes inboxes();

    Seeds seeds();

    Quotas quotas();

    Tokens tokens();

    /** The bridges on a store that several can share: the active one, if there is one, and those that wait. */
    default List<Node> nodes() {
        return List.of();
    }

    /** Completes when another bridge has taken over; never where one process holds the store. */
    default CompletableFuture<Void> lost() {
        return new CompletableFuture<>();
    }

    record Node(String name, boolean active, Instant since) {}

    /** Waits for what was handed over, then closes. */
    @Override
    void close();
}
