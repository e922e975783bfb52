package io.crmbridge.state;

/** The store could not do what it was asked; the message says what, where and what to do next. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a caller can do about it. */
    public enum Kind {
        /** The folder is not usable as it is: read-only, newer than the program, held by another process. */
        UNUSABLE,
        /** The disk is full or failing; the same call may go through later. */
        UNAVAILABLE,
        /** Another bridge is active on this store; this one may wait for its turn. */
        TAKEN,
        /** Another process took over the feed, or the store; this one must stop writing to it. */
        LEASE_LOST,
        /** The connection already belongs to another workspace. */
        OTHER_WORKSPACE,
        /** A fault of ours. */
        INTERNAL
    }

    private final Kind kind;

    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public StoreException(Kind kind, String message) {
        this(kind, message, null);
    }

    public Kind kind() {
        return kind;
    }
}
