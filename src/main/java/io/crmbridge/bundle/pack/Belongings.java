package io.crmbridge.bundle.pack;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.code.BundleCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what of a folder belongs to its bundle, and what does not. */
final class Belongings {
    private static final Set<String> FOLDERS =
            Set.of("routes", "mappings", "templates", "schemas", "leads", "tests", "lib");
    private static final Pattern LEFTOVER =
            Pattern.compile("\\..*|.*~|#.*#|.*\\.(swp|swo|tmp|bak|orig|rej)|thumbs\\.db|desktop\\.ini");

    private final Path folder;
    private final Set<String> catalogues;
    private final Set<Path> programs;
    private final SortedMap<String, Path> files = new TreeMap<>();
    private final Set<String> leftOut = new TreeSet<>();

    /** @param programs jars of the program */
    private Belongings(Path folder, Set<String> catalogues, Set<Path> programs) {
        this.folder = folder;
        this.catalogues = catalogues;
        this.programs = programs;
    }

    /**
     * @param catalogues paths below the folder that keys name
     * @throws Suspicion when a symbolic link leads out of the folder
     */
    static Belongings of(Bundle bundle, Set<String> catalogues) throws IOException, Suspicion {
        Set<Path> programs = new HashSet<>(bundle.jars());
        BundleCode.jars(bundle).forEach(programs::remove);
        Belongings found = new Belongings(bundle.folder(), catalogues, programs);
        for (Path path : list(bundle.folder())) {
            found.top(path);
        }
        return found;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.sorted().toList();
        }
    }

    private void top(Path path) throws IOException, Suspicion {
        String name = path.getFileName().toString();
        if (isLeftover(path)) {
            leaveOut(path);
        } else if (Files.isDirectory(path)) {
            if (FOLDERS.contains(name)) {
                below(path, true);
            } else if (catalogues.stream().anyMatch(file -> file.startsWith(name + "/"))) {
                below(path, false);
            } else {
                leaveOut(path);
            }
        } else if (name.equals("application.properties") || name.startsWith("README") || catalogues.contains(name)) {
            take(path);
        } else {
            leaveOut(path);
        }
    }

    /** @param all false where only what keys name belongs */
    private void below(Path directory, boolean all) throws IOException, Suspicion {
        for (Path path : list(directory)) {
            if (isLeftover(path) || programs.contains(path)) {
                leaveOut(path);
            } else if (Files.isDirectory(path)) {
                if (Files.isSymbolicLink(path)) {
                    throw link(path);
                }
                below(path, all);
            } else if (all || catalogues.contains(name(path))) {
                take(path);
            } else {
                leaveOut(path);
            }
        }
    }

    private static boolean isLeftover(Path path) {
        return LEFTOVER.matcher(path.getFileName().toString().toLowerCase(Locale.ROOT))
                .matches();
    }

    private void take(Path path) throws IOException, Suspicion {
        if (!Files.isRegularFile(path)) {
            throw new Suspicion(name(path), "it is no file that can be read: take it away, or put a file there");
        }
        if (!path.toRealPath().startsWith(folder.toRealPath())) {
            throw link(path);
        }
        files.put(name(path), path);
    }

    private Suspicion link(Path path) {
        return new Suspicion(
                name(path),
                "it is a symbolic link that leads out of the bundle, or to a folder: put the files themselves there");
    }

    private void leaveOut(Path path) {
        leftOut.add(name(path) + (Files.isDirectory(path) ? "/" : ""));
    }

    private String name(Path path) {
        List<String> parts = new ArrayList<>();
        folder.relativize(path).forEach(part -> parts.add(part.toString()));
        return String.join("/", parts);
    }

    /** By path, which is separated by slashes. */
    SortedMap<String, Path> files() {
        return files;
    }

    /** Sorted paths; those of folders end in a slash and stand for all below. */
    List<String> leftOut() {
        return List.copyOf(leftOut);
    }
}
