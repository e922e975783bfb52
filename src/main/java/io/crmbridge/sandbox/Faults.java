package io.crmbridge.sandbox;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Makes the CRM misbehave on command. A request under {@code /api} is matched against the armed rules in the order in
 * which they were armed, before its key is looked at; the first that matches and is not used up applies, and no other.
 * Thread-safe. The control API and the webhook receiver are never affected.
 */
public final class Faults {
    private final List<Fault> armed = new CopyOnWriteArrayList<>();

    Faults() {}

    /**
     * A rule for requests with this method, or any where it is {@code *}, whose path (without the query) starts so.
     * It has no effect before {@link Fault#arm()}.
     */
    public Fault on(String method, String pathPrefix) {
        return new Fault(this, method, pathPrefix);
    }

    /** Disarms every rule; requests under way keep theirs. */
    public void clear() {
        armed.clear();
    }

    void add(Fault fault) {
        armed.add(fault);
    }

    /** The rule for this request, counted as used, or null. */
    Fault take(String method, String path) {
        for (Fault fault : armed) {
            if (fault.take(method, path)) {
                return fault;
            }
        }
        return null;
    }
}
