package io.crmbridge.state;

import java.nio.file.Path;
import java.time.Clock;

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
        return Sqlite.open(folder, clock);
    }

    /**
     * Opens an existing store to look at it while a bridge may be running on it. Only reads and
     * {@link Commands#ask} are meant for such a store.
     *
     * @throws StoreException when there is none, or it is newer than this program
     */
    static Store attach(Path folder, Clock clock) {
        return Sqlite.attach(folder, clock);
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

    /** Waits for what was handed over, then closes. */
    @Override
    void close();
}
