package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import io.crmbridge.state.Subscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The bridge's part of the benchmark, in a process of its own: poll, log, map, hook; or log, export. */
final class BenchBridge {
    private static final int BACKLOG = 3_000;
    /** Looking costs more than a delivery: it must not be what is measured. */
    private static final long LOOK_EVERY = 10_000_000;

    private BenchBridge() {}

    /** Arguments: folder, server, kind (hook or export), path of the sink, parallel, warm-up, counted. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String server = arguments[1];
        boolean export = arguments[2].equals("export");
        int parallel = Integer.parseInt(arguments[4]);
        long warmUp = Long.parseLong(arguments[5]);
        long counted = Long.parseLong(arguments[6]);
        bundle(folder, server, export, arguments[3], parallel);
        Map<String, String> switches = Map.of("bridge.route.bench.enabled", export ? "false" : "true");
        if (export) {
            fill(folder, warmUp + counted);
            switches = Map.of("bridge.route.fill.enabled", "false");
        }
        try (BridgeProcess bridge =
                BridgeProcess.start(Bundle.at(folder, switches), folder.resolve("data"), 0, Map.of(), Activity.NONE)) {
            BenchClock clock = new BenchClock();
            boolean warm = false;
            long delivered = 0;
            long looked = 0;
            while (delivered < warmUp + counted) {
                if (System.nanoTime() - looked > LOOK_EVERY) {
                    looked = System.nanoTime();
                    delivered = delivered(bridge, "bench");
                    if (!warm && delivered >= warmUp) {
                        warm = true;
                        clock.begin(delivered);
                    }
                }
                if (!export && bridge.store().log().head() - delivered < BACKLOG) {
                    bridge.feeds().poll("default", "deals");
                } else {
                    LockSupport.parkNanos(LOOK_EVERY);
                }
            }
            clock.end(delivered);
        }
    }

    private static long delivered(BridgeProcess bridge, String route) {
        return bridge.store().subscriptions().all().stream()
                .filter(s -> s.name().equals(route))
                .mapToLong(Subscription::delivered)
                .sum();
    }

    /** Fills the log by polling, with a route on the feed that keeps nothing back. */
    private static void fill(Path folder, long changes) throws Exception {
        try (BridgeProcess bridge = BridgeProcess.start(
                Bundle.at(folder, Map.of("bridge.route.bench.enabled", "false")),
                folder.resolve("data"),
                0,
                Map.of(),
                Activity.NONE)) {
            while (bridge.store().log().head() < changes + 200) {
                bridge.feeds().poll("default", "deals");
            }
        }
    }

    private static void bundle(Path folder, String server, boolean export, String sink, int parallel) throws Exception {
        Files.createDirectories(folder.resolve("routes"));
        Files.createDirectories(folder.resolve("mappings"));
        Files.writeString(
                folder.resolve("application.properties"),
                String.join(
                        "\n",
                        List.of(
                                "bridge.connection.default.type=impactiveai",
                                "bridge.connection.default.base-url=" + server,
                                "bridge.connection.default.api-key=icrm_00000000000000000000000000000000",
                                "bridge.hook.sink.url=" + server + sink,
                                "bridge.hook.sink.secret=whsec_YmVuY2htYXJrLW9ubHktbm90LWEtc2VjcmV0",
                                "bridge.hook.sink.allow-private=true")));
        Files.copy(Path.of("mappings/deal-to-erp.jslt"), folder.resolve("mappings/deal-to-erp.jslt"));
        String steps = export
                ? "        - to: { uri: \"export:deals.csv\", parameters: { roll: 1GB } }\n"
                : "        - to: { uri: \"map:deal-to-erp\" }\n        - to: { uri: \"hook:sink\" }\n";
        String options = export
                ? "startFrom: beginning, delay: 1h, batchSize: 500"
                : "startFrom: mirror, delay: 1h, parallel: " + parallel;
        Files.writeString(folder.resolve("routes/bench.yaml"), """
                - route:
                    id: bench
                    from:
                      uri: impactiveai:deals
                      parameters: { %s }
                      steps:
                %s""".formatted(options, steps));
        if (export) {
            Files.writeString(folder.resolve("routes/fill.yaml"), """
                    - route:
                        id: fill
                        from:
                          uri: impactiveai:deals
                          parameters: { cron: "0 0 0 1 1 ? 2099", delay: 1h }
                          steps:
                            - to: { uri: "map:deal-to-erp" }
                    """);
        }
    }
}
