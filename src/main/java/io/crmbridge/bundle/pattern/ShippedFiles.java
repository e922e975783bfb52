package io.crmbridge.bundle.pattern;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The shipped bundle as it lies beside this class, in the jar or in a folder of classes. */
final class ShippedFiles {
    static final String PROPERTIES = "application.properties";

    private ShippedFiles() {}

    /** @return text of each file by its path with slashes */
    static NavigableMap<String, String> read() {
        return read(ShippedFiles.class.getResource("shipped/" + PROPERTIES));
    }

    /** @param properties its application.properties */
    static NavigableMap<String, String> read(URL properties) {
        try {
            if (properties.openConnection() instanceof JarURLConnection jar) {
                URI archive = jar.getJarFileURL().toURI();
                try (FileSystem files = FileSystems.newFileSystem(Path.of(archive))) {
                    return below(files.getPath(jar.getEntryName()).getParent());
                }
            }
            return below(Path.of(properties.toURI()).getParent());
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("the shipped bundle in the program's own jar cannot be read", e);
        }
    }

    private static NavigableMap<String, String> below(Path folder) throws IOException {
        NavigableMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        }
        return files;
    }
}
