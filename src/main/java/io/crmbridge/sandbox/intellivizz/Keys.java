package io.crmbridge.sandbox.intellivizz;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The static keys, one of each location and one of the agency. Thread-safe. */
final class Keys {
    private final Map<String, Access> valid = new ConcurrentHashMap<>();
    private final RateLimits limits;
    private int given;

    Keys(RateLimits limits) {
        this.limits = limits;
    }

    /** Obviously fake, and never the same. @param locationId null: the agency's */
    synchronized String give(String locationId) {
        String key = "ivz_%032x".formatted(given++);
        valid.put(key, new Access(locationId, null));
        limits.count(key, new Arrivals());
        return key;
    }

    void revoke(String key) {
        valid.remove(key);
    }

    void restrict(String key, Set<String> scopes) {
        valid.computeIfPresent(key, (same, access) -> new Access(access.locationId(), Set.copyOf(scopes)));
    }

    Optional<Access> find(String key) {
        return Optional.ofNullable(valid.get(key));
    }
}
