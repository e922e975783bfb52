package io.crmbridge.component;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The body of the version before, read from the log when a route first looks at it. */
final class PreviousBody extends AbstractMap<String, Object> {
    private final Supplier<? extends Map<String, Object>> source;
    private volatile Map<String, Object> body;

    PreviousBody(Supplier<? extends Map<String, Object>> source) {
        this.source = source;
    }

    private Map<String, Object> body() {
        if (body == null) {
            body = source.get();
        }
        return body;
    }

    @Override
    public Object get(Object key) {
        return body().get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return body().containsKey(key);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return body().entrySet();
    }
}
