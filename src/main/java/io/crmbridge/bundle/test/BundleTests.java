package io.crmbridge.bundle.test;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.BundleReader.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs a bundle's tests/*.test.yaml. Nothing is sent, no CRM is asked, and nothing is kept: each test has a scratch store and a
 * Camel context of its own; several run at a time. For one thread.
 */
public final class BundleTests {
    private static final int MOST_THREADS = 4;

    private final Bundle bundle;
    private final Map<String, String> environment;
    private final Map<Map<String, String>, BridgeConfig> configs = new ConcurrentHashMap<>();

    /** @param environment that configuration keys may come from */
    public BundleTests(Bundle bundle, Map<String, String> environment) {
        this.bundle = bundle;
        this.environment = environment;
    }

    /**
     * @param only id of a route, name of a test or of a file (a part of one counts); empty: all
     * @param each hears of each test when it has ended, in their order and on this thread
     * @throws BundleException when the bundle or a test file is not as it should be; says where
     */
    public TestReport run(Optional<String> only, Consumer<TestResult> each) {
        long begun = System.nanoTime();
        Reading reading = BundleReader.read(bundle, environment);
        if (!reading.findings().isEmpty()) {
            throw new BundleException(reading.findings());
        }
        List<TestFile> files = TestFiles.read(bundle, reading.routes());
        List<TestResult> results = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
        try (ScratchStores stores = new ScratchStores()) {
            List<Future<TestResult>> running = new ArrayList<>();
            for (TestFile file : files) {
                file.cases().stream()
                        .filter(test -> isMeant(only, file, test))
                        .forEach(test -> running.add(threads.submit(() -> run(file, test, stores))));
            }
            try {
                for (Future<TestResult> one : running) {
                    results.add(one.get());
                    each.accept(one.get());
                }
            } finally {
                // What runs still has its store open.
                threads.shutdownNow();
                threads.awaitTermination(1, TimeUnit.MINUTES);
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the tests were interrupted");
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
            differences = new CaseRun(with(properties), config(properties), file.route(), test).run(stores);
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

    private BridgeConfig config(Map<String, String> properties) {
        return configs.computeIfAbsent(properties, with -> BundleReader.config(with(with), environment));
    }
}
