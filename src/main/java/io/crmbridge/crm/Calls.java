package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Supplier;

/** Calls of routes to one connection, each under the standing of its key. Thread-safe. */
public final class Calls {
    private final Crm crm;
    private final Standing standing;

    public Calls(Crm crm, Standing standing) {
        this.crm = crm;
        this.standing = standing;
    }

    public Crm crm() {
        return crm;
    }

    /** @throws CrmException when it failed; nothing is retried */
    public Reply call(Call call) {
        if (call.operation().kind() == Operation.Kind.READ) {
            return under(() -> crm.call(call));
        }
        int records = call.body().filter(JsonNode::isArray).map(JsonNode::size).orElse(1);
        Runnable written = standing.aboutToWrite(call.operation().resource(), records);
        try {
            return under(() -> crm.call(call));
        } finally {
            written.run();
        }
    }

    /** Which workspace the key answers for. */
    public Workspace identify() {
        return under(crm::identify);
    }

    <T> T under(Supplier<T> work) {
        standing.admit();
        try {
            return work.get();
        } catch (CrmException e) {
            if (e.verdict() == Verdict.REFUSED && e.status() == 401) {
                standing.refused(e.getMessage());
            }
            if (e.verdict() == Verdict.WAIT) {
                standing.leaveAlone(e);
            }
            throw e;
        }
    }
}
