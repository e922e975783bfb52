package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** How long it takes from saving a route's file, or a mapping, until the route runs in its new version, beside 19 others. */
final class BenchSave {
    private static final int ROUTES = 20;
    private static final int SAVES = 40;

    private final Path folder;
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private BenchSave(Path folder) {
        this.folder = folder;
    }

    /** In a process of its own: folder, server. Prints milliseconds: start of the bridge, first save, median, longest. */
    public static void main(String[] arguments) throws Exception {
        new BenchSave(Path.of(arguments[0])).run(arguments[1]);
        System.exit(0);
    }

    /** Measures in a child, and prints. */
    static void measure(Path folder, String server) throws Exception {
        List<Double> result = Bench.child(
                BenchSave.class,
                List.of(Files.createTempDirectory(folder, "save").toString(), server));
        System.out.printf("%n%d saves, one of %d routes changes at each.%n%n", SAVES, ROUTES);
        System.out.printf("%-46s %10s%n", "FROM SAVE TO RUNNING", "MS");
        System.out.printf("%-46s %10.0f%n", "start of the whole bridge", result.get(0));
        System.out.printf("%-46s %10.0f%n", "the first save", result.get(1));
        System.out.printf("%-46s %10.0f%n", "median", result.get(2));
        System.out.printf("%-46s %10.0f%n", "longest", result.get(3));
        System.out.printf("%n%-46s %10s %12s%n", "RATIO", "REACHED", "TO REACH");
        Bench.ratio("longest save to running, seconds", result.get(3) / 1000, "< 1.0");
        Bench.ratio("median save to a start of the whole bridge", result.get(2) / result.get(0), "< 0.5");
    }

    private void run(String server) throws Exception {
        write("application.properties", """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=icrm_00000000000000000000000000000000
                bridge.hook.sink.url=%s/sink
                bridge.hook.sink.allow-private=true
                """.formatted(server, server));
        for (int route = 0; route < ROUTES; route++) {
            write("mappings/m%d.jslt".formatted(route), "{\"name\": .name, \"version\": 0}");
            write("routes/r%d.yaml".formatted(route), route(route, 0));
        }
        long begun = System.nanoTime();
        try (BridgeProcess bridge =
                BridgeProcess.start(Bundle.at(folder, Map.of()), folder.resolve("data"), 0, Map.of(), Activity.NONE)) {
            double start = millis(begun);
            DevWatch watch = new DevWatch(folder, bridge.live(), told::add);
            Thread looks = new Thread(() -> looks(watch));
            looks.setDaemon(true);
            looks.start();
            double[] times = new double[SAVES];
            for (int save = 0; save < SAVES; save++) {
                int route = save % ROUTES;
                long saved = System.nanoTime();
                if (save % 2 == 0) {
                    write("routes/r%d.yaml".formatted(route), route(route, save + 1));
                } else {
                    write(
                            "mappings/m%d.jslt".formatted(route),
                            "{\"name\": .name, \"version\": %d}".formatted(save + 1));
                }
                String line = told.poll(30, TimeUnit.SECONDS);
                times[save] = millis(saved);
                if (!("saved: replaced r" + route).equals(line)) {
                    throw new IllegalStateException("it was told: " + line);
                }
            }
            double first = times[0];
            Arrays.sort(times);
            System.out.printf("RESULT %f %f %f %f%n", start, first, times[SAVES / 2], times[SAVES - 1]);
        }
    }

    private static void looks(DevWatch watch) {
        try {
            while (true) {
                watch.look();
                TimeUnit.NANOSECONDS.sleep(RunCommand.LOOK_AGAIN.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double millis(long since) {
        return (System.nanoTime() - since) / 1e6;
    }

    private static String route(int number, int version) {
        return """
                - route:
                    id: r%d
                    description: version %d
                    from:
                      uri: impactiveai:deals
                      parameters: { delay: 1h }
                      steps:
                        - to: { uri: "map:m%d" }
                        - to: { uri: "hook:sink" }
                """.formatted(number, version, number);
    }

    private void write(String file, String text) throws Exception {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }
}
