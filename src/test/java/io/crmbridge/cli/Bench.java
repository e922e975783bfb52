package io.crmbridge.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Throughput, CPU and memory of the bridge beside a plain Camel route in the same run, each in a process of its own with
 * the same bounds. Ratios count; single figures depend on the machine.
 */
final class Bench {
    private static final int WARM_UP = 60_000;
    private static final int COUNTED = 120_000;
    private static final List<String> BOUNDS =
            List.of("-Xms24m", "-Xmx192m", "-Xss512k", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=64m");

    private record Result(double perSecond, double cpu, double megabytes) {
        private static Result of(List<Double> parts) {
            return new Result(parts.get(0), parts.get(1), parts.get(2));
        }
    }

    private final Path folder;
    private String server;

    private Bench(Path folder) {
        this.folder = folder;
    }

    /** Arguments: folder of the build; what to measure (feeds, leads, save or all). */
    public static void main(String[] arguments) throws Exception {
        new Bench(Path.of(arguments[0]).resolve("bench")).run(arguments.length < 2 ? "all" : arguments[1]);
    }

    private void run(String what) throws Exception {
        wipe();
        Files.createDirectories(folder);
        Process ends = java(List.of("-Xmx256m", "-XX:+UseSerialGC"), BenchServer.class, List.of())
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(ends.getInputStream(), StandardCharsets.UTF_8))) {
            server = "http://127.0.0.1:" + out.readLine();
            System.out.printf(
                    "Java %s, %d processors.%n",
                    Runtime.version().feature(), Runtime.getRuntime().availableProcessors());
            if (List.of("all", "feeds").contains(what)) {
                measure();
            }
            if (List.of("all", "leads").contains(what)) {
                new BenchLeads(folder, server).measure();
            }
            if (List.of("all", "save").contains(what)) {
                BenchSave.measure(folder, server);
            }
        } finally {
            ends.destroy();
        }
    }

    private void measure() throws Exception {
        System.out.printf("%nEach path: %,d records to warm up, %,d counted.%n%n", WARM_UP, COUNTED);
        System.out.printf("%-46s %10s %12s %9s%n", "PATH", "RECORDS/S", "CPU-S/1,000", "PEAK MB");
        Result camel = plain("/sink", WARM_UP, COUNTED);
        print("plain Camel: timer, http, split, http", camel);
        Result one = hook("/sink", 1, WARM_UP, COUNTED);
        print("bridge: poll, log, map, hook, parallel=1", one);
        Result eight = hook("/sink", 8, WARM_UP, COUNTED);
        print("bridge: the same, parallel=8", eight);
        Result slowOne = hook("/sink-slow", 1, 100, 300);
        print("bridge: target takes 20 ms, parallel=1", slowOne);
        Result slow = hook("/sink-slow", 16, 1_000, 6_000);
        print("bridge: target takes 20 ms, parallel=16", slow);
        Result export = bridge("export", "/sink", 1, WARM_UP, COUNTED);
        print("bridge: log, export to CSV, batchSize=500", export);
        System.out.printf("%n%-46s %10s %12s%n", "RATIO", "REACHED", "TO REACH");
        ratio("parallel=1 to plain Camel, records/s", one.perSecond() / camel.perSecond(), ">= 1.0");
        ratio("parallel=1 to plain Camel, CPU", one.cpu() / camel.cpu(), "<= 1.0");
        ratio("parallel=8 to parallel=1, records/s", eight.perSecond() / one.perSecond(), ">= 2.0");
        ratio("20 ms: parallel=16 to parallel=1, records/s", slow.perSecond() / slowOne.perSecond(), ">= 12.0");
        ratio("export, thousand records/s", export.perSecond() / 1000, ">= 20.0");
        ratio("largest peak, MB", Math.max(Math.max(one.megabytes(), eight.megabytes()), export.megabytes()), "< 300");
    }

    private static void print(String path, Result result) {
        System.out.printf("%-46s %,10.0f %12.3f %9.0f%n", path, result.perSecond(), result.cpu(), result.megabytes());
    }

    static void ratio(String name, double reached, String wanted) {
        System.out.printf("%-46s %10.2f %12s%n", name, reached, wanted);
    }

    private Result plain(String sink, long warmUp, long counted) throws Exception {
        return Result.of(
                child(BenchPlainCamel.class, List.of(server, sink, Long.toString(warmUp), Long.toString(counted))));
    }

    private Result hook(String sink, int parallel, long warmUp, long counted) throws Exception {
        return bridge("hook", sink, parallel, warmUp, counted);
    }

    private Result bridge(String kind, String sink, int parallel, long warmUp, long counted) throws Exception {
        Path bundle = Files.createTempDirectory(folder, kind);
        return Result.of(child(
                BenchBridge.class,
                List.of(
                        bundle.toString(),
                        server,
                        kind,
                        sink,
                        Integer.toString(parallel),
                        Long.toString(warmUp),
                        Long.toString(counted))));
    }

    /** @return the numbers that it printed */
    static List<Double> child(Class<?> main, List<String> arguments) throws Exception {
        Process process = java(BOUNDS, main, arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Double> result = null;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("RESULT ")) {
                    result = Arrays.stream(line.substring(7).split(" "))
                            .map(Double::parseDouble)
                            .toList();
                }
            }
        }
        if (process.waitFor() != 0 || result == null) {
            throw new IllegalStateException(main.getSimpleName() + " ended without a result");
        }
        return result;
    }

    private static ProcessBuilder java(List<String> options, Class<?> main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add(main.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("CLASSPATH", System.getProperty("java.class.path")));
        return builder;
    }

    private void wipe() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
