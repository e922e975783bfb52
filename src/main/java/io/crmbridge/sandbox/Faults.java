package io.crmbridge.sandbox;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the CRM misbehave on command. A request of its API is matched against the armed rules in the order in
 * which they were armed, before its key is looked at; the first that matches, is not used up and draws it applies, and no other.
 * Thread-safe. The control API and the webhook receiver are never affected.
 */
public final class Faults {
    private final List<Fault> armed = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();

    public Faults() {}

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

    /** How many requests wait for their late commit: none of them is answered, and each may still create something. */
    public int waiting() {
        return waiting.get();
    }

    void lateCommitBegins() {
        waiting.incrementAndGet();
    }

    void lateCommitIsDone() {
        waiting.decrementAndGet();
    }

    /** A rule that strikes a request. */
    record Strike(Fault fault, Lot.Draw draw) {}

    /** The rule for this request, counted as used, or null. */
    Strike take(Lot.Request request) {
        for (Fault fault : armed) {
            Lot.Draw draw = fault.take(request);
            if (draw != null) {
                return new Strike(fault, draw);
            }
        }
        return null;
    }
}
