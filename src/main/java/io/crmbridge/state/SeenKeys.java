package io.crmbridge.state;

import java.util.Collection;
import java.util.Set;

/** Keys of what must happen once, each within a scope. Only hashes are kept. Thread-safe. */
public interface SeenKeys {

    Set<String> known(String scope, Collection<String> keys);

    /** Durable when it returns. */
    void add(String scope, Collection<String> keys);

    void remove(String scope, String key);

    /** Forgets a whole scope. */
    void clear(String scope);
}
