package io.crmbridge.bundle.test;

import java.time.Duration;
import java.util.List;

/**
 * How a bundle's tests ended.
 *
 * @param results of the tests that ran, in their order
 * @param tested ids of routes with a test, sorted
 * @param untested ids of routes without one, sorted
 */
public record TestReport(List<TestResult> results, List<String> tested, List<String> untested, Duration took) {
    public TestReport {
        results = List.copyOf(results);
        tested = List.copyOf(tested);
        untested = List.copyOf(untested);
    }

    public long passed() {
        return results.stream().filter(TestResult::passed).count();
    }

    public long failed() {
        return results.size() - passed();
    }
}
