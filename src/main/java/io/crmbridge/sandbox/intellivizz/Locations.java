package io.crmbridge.sandbox.intellivizz;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The locations of the agency; the first is the default one. Thread-safe. */
final class Locations {
    private final List<Location> all = new CopyOnWriteArrayList<>();

    void add(Location location) {
        all.add(location);
    }

    void requireNew(String id) {
        if (find(id).isPresent()) {
            throw new IllegalArgumentException("There is a location '%s' already.".formatted(id));
        }
    }

    List<Location> all() {
        return all;
    }

    Location first() {
        return all.get(0);
    }

    Optional<Location> find(String id) {
        return all.stream().filter(location -> location.id().equals(id)).findFirst();
    }
}
