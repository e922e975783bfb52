package io.crmbridge.sandbox;

/** The sandbox could not start or answer; the message is a sentence that says what to do about it. */
public final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SandboxException(String message, Throwable cause) {
        super(message, cause);
    }
}
