package io.crmbridge.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Leads a second, and how long who posts one waits: the bridge beside what makes two calls and forgets. */
final class BenchLeads {
    private static final int WARM_UP = 20_000;
    private static final int COUNTED = 20_000;

    private final Path folder;
    private final String server;

    BenchLeads(Path folder, String server) {
        this.folder = folder;
        this.server = server;
    }

    /** @param p99 in ms, of the time to a 202 */
    record Result(double perSecond, double cpu, double megabytes, double accepted, double p50, double p99) {
        static Result of(List<Double> parts) {
            return new Result(parts.get(0), parts.get(1), parts.get(2), parts.get(3), parts.get(4), parts.get(5));
        }
    }

    void measure() throws Exception {
        System.out.printf(
                "%nLeads of %d clients; each: up to %,d to warm up, then up to %,d counted.%n%n",
                BenchLoad.CLIENTS, WARM_UP, COUNTED);
        System.out.printf(
                "%-46s %10s %10s %8s %8s %12s %9s%n",
                "PATH", "LEADS/S", "202/S", "P50 MS", "P99 MS", "CPU-S/1,000", "PEAK MB");
        Result bare = child(
                "not durable: Java's web server, two calls",
                BenchBareLeads.class,
                List.of(server, text(WARM_UP), text(COUNTED)));
        child(
                "not durable: the same with Camel's http",
                BenchCamelLeads.class,
                List.of(server, text(WARM_UP), text(COUNTED)));
        Result intake =
                bridge("bridge: intake alone, durable before 202", "batchSize: 500", "intake", WARM_UP, COUNTED);
        Result fifty = bridge("bridge: to contacts, enrolled, batchSize=40", "batchSize: 40", "whole", 4_000, 8_000);
        Result two = bridge(
                "bridge: the same, batchSize=20, parallel=2", "batchSize: 20, parallel: 2", "whole", 4_000, 8_000);
        Result one = bridge("bridge: the same, batchSize=1", "batchSize: 1", "whole", 300, 1_000);
        System.out.printf("%n%-46s %10s %12s%n", "RATIO", "REACHED", "TO REACH");
        Bench.ratio("intake, thousand 202/s", intake.accepted() / 1000, ">= 3.0");
        Bench.ratio("intake, p99 of a 202, ms", intake.p99(), "< 50");
        double best = Math.max(fifty.perSecond(), two.perSecond());
        Bench.ratio("enrolled by the bridge, thousand/s", best / 1000, ">= 1.27");
        Bench.ratio("enrolled: bridge to not durable", best / bare.perSecond(), "");
        double peak = Stream.of(intake, fifty, two, one)
                .mapToDouble(Result::megabytes)
                .max()
                .orElseThrow();
        Bench.ratio("largest peak of the bridge, MB", peak, "< 300");
    }

    private Result bridge(String path, String options, String kind, int warmUp, int counted) throws Exception {
        Path bundle = Files.createTempDirectory(folder, "leads");
        return child(
                path,
                BenchBridgeLeads.class,
                List.of(bundle.toString(), server, options, kind, text(warmUp), text(counted)));
    }

    private Result child(String path, Class<?> main, List<String> arguments) throws Exception {
        BenchLoad.call(server, "/reset");
        Result result = Result.of(Bench.child(main, arguments));
        System.out.printf(
                "%-46s %,10.0f %,10.0f %8.1f %8.1f %12.3f %9.0f%n",
                path,
                result.perSecond(),
                result.accepted(),
                result.p50(),
                result.p99(),
                result.cpu(),
                result.megabytes());
        return result;
    }

    private static String text(int number) {
        return Integer.toString(number);
    }
}
