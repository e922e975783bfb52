package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** A token that is not given, in the words of RFC 6749. */
final class OAuthProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    OAuthProblem(int status, String error, String description) {
        super(description);
        this.status = status;
        this.error = error;
    }

    int status() {
        return status;
    }

    byte[] body() {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("error", error);
        answer.put("error_description", getMessage());
        return Json.write(answer);
    }
}
