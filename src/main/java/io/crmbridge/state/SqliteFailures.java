package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's error codes as sentences that say what to do. */
final class SqliteFailures {
    private SqliteFailures() {}

    static StoreException explain(Throwable failure) {
        if (failure instanceof StoreException known) {
            return known;
        }
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLiteException sqlite) {
                return explain(sqlite.getResultCode(), failure);
            }
        }
        return new StoreException(Kind.INTERNAL, "the store failed: " + failure.getMessage(), failure);
    }

    static StoreException damaged(Throwable failure) {
        return new StoreException(
                Kind.UNUSABLE, "the data file is damaged: restore a backup, or start with another --data", failure);
    }

    private static StoreException explain(SQLiteErrorCode code, Throwable failure) {
        String name = code.name();
        if (name.startsWith("SQLITE_FULL")) {
            return new StoreException(Kind.UNAVAILABLE, "the disk is full: free space in the data folder", failure);
        }
        if (name.startsWith("SQLITE_READONLY")
                || name.startsWith("SQLITE_CANTOPEN")
                || name.startsWith("SQLITE_PERM")) {
            return new StoreException(
                    Kind.UNUSABLE,
                    "the data folder cannot be written: give this user write access, or choose another with --data",
                    failure);
        }
        if (name.startsWith("SQLITE_CORRUPT") || name.startsWith("SQLITE_NOTADB")) {
            return damaged(failure);
        }
        if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_IOERR") || name.startsWith("SQLITE_LOCKED")) {
            return new StoreException(Kind.UNAVAILABLE, "the data file does not answer (" + name + ")", failure);
        }
        return new StoreException(Kind.INTERNAL, "the store failed: " + name, failure);
    }
}
