package io.crmbridge.bundle.code;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** The class path of this program, with what the manifests of its jars add to it. */
final class ProgramPath {
    private ProgramPath() {}

    static Set<Path> entries() {
        Set<Path> entries = new LinkedHashSet<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            add(Path.of(entry.isEmpty() ? "." : entry), entries);
        }
        if (ProgramPath.class.getClassLoader() instanceof URLClassLoader loader) {
            for (URL url : loader.getURLs()) {
                try {
                    add(url.toURI(), entries);
                } catch (URISyntaxException e) {
                    throw new IllegalStateException("the class path has an entry that is no URI: " + url, e);
                }
            }
        }
        return entries;
    }

    /**
     * Those that are not the program's own: where a bundle is the folder of the distribution, or was packed from it, the
     * program's jars are in lib/ too. A jar's name has its version, so the name tells.
     */
    static List<Path> without(List<Path> jars) {
        if (jars.isEmpty()) {
            return jars;
        }
        Set<Path> own = entries().stream().map(Path::getFileName).collect(Collectors.toSet());
        return jars.stream().filter(jar -> !own.contains(jar.getFileName())).toList();
    }

    private static void add(URI entry, Set<Path> entries) {
        if ("file".equals(entry.getScheme())) {
            add(Path.of(entry), entries);
        }
    }

    private static void add(Path entry, Set<Path> entries) {
        Path path = entry.toAbsolutePath().normalize();
        if (!Files.exists(path) || !entries.add(path) || !path.toString().endsWith(".jar")) {
            return;
        }
        try (JarFile jar = new JarFile(path.toFile())) {
            Manifest manifest = jar.getManifest();
            String more = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            if (more != null) {
                for (String relative : more.strip().split("\\s+")) {
                    add(path.toUri().resolve(relative), entries);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("the program's jar %s cannot be read".formatted(path), e);
        }
    }
}
