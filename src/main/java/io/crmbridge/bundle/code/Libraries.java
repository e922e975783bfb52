package io.crmbridge.bundle.code;

import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies of a bundle's jars, removed when this is closed. The JVM shares an open jar between all who name the same file, so two
 * loaders on one file would close it for each other; and one that is written over while it is open cannot be read any more.
 *
 * @param jars the copies, in the order of the jars
 */
record Libraries(List<Path> jars, List<Path> made) implements AutoCloseable {
    static Libraries copy(List<Path> jars) {
        List<Path> copies = new ArrayList<>();
        List<Path> made = new ArrayList<>();
        if (jars.isEmpty()) {
            return new Libraries(copies, made);
        }
        try {
            Path folder = Files.createTempDirectory("crm-bridge-lib");
            made.add(folder);
            for (Path jar : jars) {
                Path copy = folder.resolve(jar.getFileName().toString());
                made.add(0, copy);
                copies.add(Files.copy(jar, copy));
            }
            return new Libraries(copies, made);
        } catch (IOException e) {
            new Libraries(copies, made).close();
            throw new BundleException(List.of(new Finding("lib", 0, "its jars cannot be copied: " + e)));
        }
    }

    @Override
    public void close() {
        for (Path path : made) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
