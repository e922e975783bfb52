package io.crmbridge.bundle.pattern;

import java.util.List;
import java.util.Map;

/**
 * A shipped route, or several that belong together, to begin a bundle with. Immutable.
 *
 * @param name by which it is chosen
 * @param otherName that of its file of routes where the pattern has a shorter one, else the same
 * @param description of its first route
 * @param routes ids of the routes
 * @param files text of each file, by its path in a bundle with slashes; application.properties has no bridge.bundle
 */
public record BundlePattern(
        String name, String otherName, String description, List<String> routes, Map<String, String> files) {
    public BundlePattern {
        routes = List.copyOf(routes);
        files = Map.copyOf(files);
    }

    boolean isCalled(String word) {
        return name.equals(word) || otherName.equals(word);
    }
}
