package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.component.Activity;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The bridge's part of the benchmark of leads, in a process of its own: intake alone, or to contacts and enrolments. */
final class BenchBridgeLeads {
    private BenchBridgeLeads() {}

    /** Arguments: folder, server, options of the inbox, kind (intake or whole), warm-up, counted. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String server = arguments[1];
        boolean whole = arguments[3].equals("whole");
        int warmUp = Integer.parseInt(arguments[4]);
        int counted = Integer.parseInt(arguments[5]);
        bundle(folder, server, arguments[2], whole);
        try (BridgeProcess bridge =
                BridgeProcess.start(Bundle.at(folder, Map.of()), folder.resolve("data"), 0, Map.of(), Activity.NONE)) {
            int port = URI.create(bridge.address()).getPort();
            BenchClock.leads(server, port, warmUp, counted, whole);
        }
    }

    private static void bundle(Path folder, String server, String options, boolean whole) throws Exception {
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(
                folder.resolve("application.properties"),
                String.join(
                        "\n",
                        List.of(
                                "bridge.connection.default.type=impactiveai",
                                "bridge.connection.default.base-url=" + server,
                                "bridge.connection.default.api-key=icrm_00000000000000000000000000000000",
                                "bridge.inbox.leads.rate=1000000",
                                "bridge.leads.flood-gate=100000000/1h")));
        String steps = whole ? """
                        - to: { uri: "impactiveai:contacts",
                                parameters: { operation: upsert, onMatch: keep } }
                        - to: { uri: "impactiveai:enrollments", parameters: { operation: enroll, sequence: Welcome } }
                """ : """
                        - filter:
                            expression: { simple: { expression: "${header.CamelCrmFeed} == 'none'" } }
                            steps:
                              - to: { uri: "export:none.csv" }
                """;
        Files.writeString(folder.resolve("routes/leads.yaml"), """
                - route:
                    id: leads
                    from:
                      uri: inbox:leads
                      parameters: { %s }
                      steps:
                %s""".formatted(options, steps));
    }
}
