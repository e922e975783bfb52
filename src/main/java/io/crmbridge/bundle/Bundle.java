package io.crmbridge.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder with application.properties and routes/, and optionally mappings/, templates/, schemas/, leads/, tests/ and lib/.
 *
 * @param overrides properties that win over the file's
 */
public record Bundle(Path folder, Map<String, String> overrides) {

    /** @throws BundleException when the folder is no bundle */
    public static Bundle at(Path path, Map<String, String> overrides) {
        Path folder = path.toAbsolutePath().normalize();
        if (!Files.isRegularFile(folder.resolve("application.properties"))) {
            throw new BundleException(List.of(new Finding(
                    "application.properties",
                    0,
                    "%s is no bundle, because %s: start in a bundle's folder, or name one, as in `bundle validate DIR` and `run --bundle DIR`"
                            .formatted(
                                    folder,
                                    Files.isDirectory(folder) ? "this file is missing" : "there is no such folder"))));
        }
        return new Bundle(folder, Map.copyOf(overrides));
    }

    Path properties() {
        return folder.resolve("application.properties");
    }

    public Path mappings() {
        return folder.resolve("mappings");
    }

    public Path templates() {
        return folder.resolve("templates");
    }

    public Path schemas() {
        return folder.resolve("schemas");
    }

    public Path leads() {
        return folder.resolve("leads");
    }

    public Path tests() {
        return folder.resolve("tests");
    }

    /** The jars of lib/, in order of their names. */
    public List<Path> jars() {
        return files("lib", 1, ".jar");
    }

    /** The YAML files of routes/, in order of their names. */
    List<Path> routeFiles() {
        return files("routes", Integer.MAX_VALUE, ".yaml", ".yml");
    }

    /** The Java sources of routes/, in order of their names. */
    public List<Path> javaFiles() {
        return files("routes", Integer.MAX_VALUE, ".java");
    }

    private List<Path> files(String where, int depth, String... endings) {
        Path in = folder.resolve(where);
        if (!Files.isDirectory(in)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(in, depth)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new BundleException(List.of(new Finding(where, 0, "the folder cannot be read: " + e.getMessage())));
        }
    }

    static boolean isYaml(Path file) {
        return file.toString().endsWith(".yaml") || file.toString().endsWith(".yml");
    }

    /** A file's name for people: below the bundle's folder, where it is in there. */
    public String relative(Path file) {
        return file.isAbsolute() ? folder.relativize(file).toString() : file.toString();
    }
}
