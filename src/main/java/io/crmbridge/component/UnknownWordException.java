package io.crmbridge.component;

/** A word that is none of those that can stand there; the message says the nearest that is. */
public final class UnknownWordException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnknownWordException(String message) {
        super(message);
    }
}
