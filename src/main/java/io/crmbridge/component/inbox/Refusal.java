package io.crmbridge.component.inbox;

import java.util.List;
import java.util.Map;

/** Why a request is turned away, for its sender. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;
    private final transient List<Fault> faults;

    Refusal(int status, String what) {
        this(status, what, Map.of(), List.of());
    }

    Refusal(int status, String what, Map<String, String> headers) {
        this(status, what, headers, List.of());
    }

    Refusal(String what, List<Fault> faults) {
        this(400, what, Map.of(), faults);
    }

    private Refusal(int status, String what, Map<String, String> headers, List<Fault> faults) {
        super(what);
        this.status = status;
        this.headers = headers;
        this.faults = faults;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    List<Fault> faults() {
        return faults;
    }
}
