package io.crmbridge.component;

/** A file of the bundle that is named and not there; the message says the nearest that is. */
public final class MissingFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public MissingFileException(String message) {
        super(message);
    }
}
