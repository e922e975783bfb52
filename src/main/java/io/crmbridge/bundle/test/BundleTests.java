package io.crmbridge.bundle.test;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.BundleReader.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs a bundle's tests/*.test.yaml. Nothing is sent, no CRM is asked, and nothing is kept: each test has a scratch store and a
 * Camel context of its own. For one thread.
 */
public final class BundleTests {
    private final Bundle bundle;
    private final Map<String, String> environment;
    private final Map<Map<String, String>, Reading> readings = new HashMap<>();

    /** @param environment that configuration keys may come from */
    public BundleTests(Bundle bundle, Map<String, String> environment) {
        this.bundle = bundle;
        this.environment = environment;
    }

    /**
     * @param only id of a route, name of a test or of a file (a part of one counts); empty: all
     * @param each hears of each test as it ends
     * @throws BundleException when the bundle or a test file is not as it should be; says where
     */
    public TestReport run(Optional<String> only, Consumer<TestResult> each) {
        long begun = System.nanoTime();
        Reading reading = reading(Map.of());
        List<TestFile> files = TestFiles.read(bundle, reading.routes());
        List<TestResult> results = new ArrayList<>();
        try (ScratchStores stores = new ScratchStores()) {
            for (TestFile file : files) {
                for (TestFile.Case test : file.cases()) {
                    if (isMeant(only, file, test)) {
                        TestResult result = run(file, test, stores);
                        results.add(result);
                        each.accept(result);
                    }
                }
            }
        }
        Set<String> tested = files.stream().map(TestFile::route).collect(Collectors.toCollection(TreeSet::new));
        List<String> untested = reading.routes().stream()
                .filter(route -> !tested.contains(route))
                .sorted()
                .toList();
        return new TestReport(results, List.copyOf(tested), untested, Duration.ofNanos(System.nanoTime() - begun));
    }

    private static boolean isMeant(Optional<String> only, TestFile file, TestFile.Case test) {
        return only.filter(word -> !file.route().equals(word)
                        && !test.name().contains(word)
                        && !file.file().contains(word))
                .isEmpty();
    }

    private TestResult run(TestFile file, TestFile.Case test, ScratchStores stores) {
        long begun = System.nanoTime();
        List<String> differences;
        try {
            Map<String, String> properties = test.properties();
            differences = new CaseRun(with(properties), reading(properties), file.route(), test).run(stores);
        } catch (BundleException e) {
            differences = e.findings().stream().map(Object::toString).toList();
        }
        return new TestResult(
                file.file(),
                test.line(),
                file.route(),
                test.name(),
                differences,
                Duration.ofNanos(System.nanoTime() - begun));
    }

    private Bundle with(Map<String, String> properties) {
        Map<String, String> all = new TreeMap<>(bundle.overrides());
        all.putAll(properties);
        return new Bundle(bundle.folder(), Map.copyOf(all));
    }

    private Reading reading(Map<String, String> properties) {
        Reading known = readings.get(properties);
        if (known != null) {
            return known;
        }
        Reading reading = BundleReader.read(with(properties), environment);
        if (!reading.findings().isEmpty()) {
            throw new BundleException(reading.findings());
        }
        readings.put(properties, reading);
        return reading;
    }
}
