package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import io.crmbridge.bundle.place.YamlFile;
import io.crmbridge.bundle.place.YamlScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Turns what Camel tells of a step, a file and a line, into places; of routes in Java it knows the line alone. */
final class Places {
    private final Bundle bundle;
    private final Map<Path, Optional<YamlFile>> files = new HashMap<>();

    Places(Bundle bundle) {
        this.bundle = bundle;
    }

    /** Empty for a route in Java, and for a file that cannot be read as UTF-8 text. */
    Optional<YamlFile> yaml(Path file) {
        return files.computeIfAbsent(file, name -> {
            if (!name.isAbsolute() || !Bundle.isYaml(name)) {
                return Optional.empty();
            }
            try {
                return Optional.of(YamlFile.of(Files.readString(name)));
            } catch (IOException e) {
                // Camel reads it too, and tells.
                return Optional.empty();
            }
        });
    }

    /** @param line as Camel says of a route, a step or a clause */
    Finding finding(Path file, int line, Function<YamlScope, Place> where, String message) {
        return finding(file, line, yaml(file).flatMap(yaml -> yaml.step(line)), where, message);
    }

    /** @param line as Camel says of a {@code from:} */
    Finding source(Path file, int line, Function<YamlScope, Place> where, String message) {
        return finding(file, line, yaml(file).flatMap(yaml -> yaml.source(line)), where, message);
    }

    private Finding finding(
            Path file, int line, Optional<YamlScope> scope, Function<YamlScope, Place> where, String message) {
        Place place = scope.map(where).orElse(new Place(Math.max(line, 0), 0));
        return new Finding(bundle.relative(file), place.line(), place.column(), message);
    }
}
