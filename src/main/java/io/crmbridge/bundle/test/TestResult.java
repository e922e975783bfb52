package io.crmbridge.bundle.test;

import java.time.Duration;
import java.util.List;

/**
 * How one test of a route ended.
 *
 * @param file relative to the bundle
 * @param line where the test begins
 * @param differences lines for people between what is expected and what there is; none where it passed
 */
public record TestResult(String file, int line, String route, String name, List<String> differences, Duration took) {
    public TestResult {
        differences = List.copyOf(differences);
    }

    public boolean passed() {
        return differences.isEmpty();
    }
}
