package io.crmbridge.sandbox;

import java.util.Map;

/** A request that is answered with an error status and a sentence; to a caller in Java, an argument that is refused. */
public final class Problem extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public Problem(int status, String sentence) {
        super(sentence);
        this.status = status;
    }

    public int status() {
        return status;
    }

    byte[] body() {
        return bodyOf(getMessage());
    }

    static byte[] bodyOf(String sentence) {
        return Json.write(Map.of("error", sentence));
    }
}
