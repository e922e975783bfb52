package io.crmbridge.sandbox;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by method and path. Thread-safe. */
public final class Requests {
    private final Map<String, Map<String, LongAdder>> byMethod = new ConcurrentHashMap<>();

    public void add(String method, String path) {
        byMethod.computeIfAbsent(method, none -> new ConcurrentHashMap<>())
                .computeIfAbsent(path, none -> new LongAdder())
                .increment();
    }

    public long count(String pathPrefix) {
        return byMethod.keySet().stream()
                .mapToLong(method -> count(method, pathPrefix))
                .sum();
    }

    public long count(String method, String pathPrefix) {
        return byMethod.getOrDefault(method, Map.of()).entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(pathPrefix))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }
}
