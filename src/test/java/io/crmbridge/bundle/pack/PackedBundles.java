package io.crmbridge.bundle.pack;

import io.crmbridge.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Small bundles for tests. */
public final class PackedBundles {
    private PackedBundles() {}

    /** A folder with a bundle called deals and a route for each id. */
    public static Path folder(Path folder, String version, String... routes) throws IOException {
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.bundle=deals
                bridge.bundle.version=%s
                bridge.connection.default.type=impactiveai
                bridge.connection.default.api-key=icrm_00000000000000000000000000000000
                """.formatted(version));
        for (String route : routes) {
            route(folder, route, "impactiveai:deals");
        }
        return folder;
    }

    public static void route(Path folder, String id, String source) throws IOException {
        Files.writeString(folder.resolve("routes/" + id + ".yaml"), """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - to:
                            uri: export:deals.csv
                """.formatted(id, source));
    }

    public static Archive pack(Path folder) throws IOException {
        return Packer.pack(Bundle.at(folder, Map.of()), Optional.empty(), Optional.empty(), Map.of())
                .archive();
    }
}
