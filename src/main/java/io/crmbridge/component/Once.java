package io.crmbridge.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.crmbridge.state.SeenKeys;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Each combination of some fields' values once. What is taken counts as seen when it is kept, and can be taken again when
 * it is released; meanwhile nobody else gets it. Thread-safe.
 */
final class Once {
    private final SeenKeys seen;
    private final List<String> fields;
    private final Set<String> underWay = new HashSet<>();

    Once(SeenKeys seen, List<String> fields) {
        this.seen = seen;
        this.fields = fields;
    }

    String key(Map<String, Object> record) throws JsonProcessingException {
        return new String(CrmRecord.toJson(fields.stream().map(record::get).toList()), StandardCharsets.UTF_8);
    }

    /** Those of the keys that nobody has seen or holds. */
    synchronized Set<String> take(String scope, Collection<String> keys) {
        Set<String> known = seen.known(scope, keys);
        Set<String> taken = new LinkedHashSet<>();
        for (String key : keys) {
            if (!known.contains(key) && underWay.add(scope + key)) {
                taken.add(key);
            }
        }
        return taken;
    }

    synchronized void keep(String scope, Collection<String> keys) {
        try {
            seen.add(scope, keys);
        } finally {
            release(scope, keys);
        }
    }

    synchronized void release(String scope, Collection<String> keys) {
        keys.forEach(key -> underWay.remove(scope + key));
    }
}
