package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import io.crmbridge.bundle.Swap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Looks at a bundle's folder, and has the running bridge take up each version that is saved there. What is wrong is told, and
 * what ran runs on. One thread at a time.
 */
final class DevWatch {
    private static final List<String> FOLDERS = List.of("routes", "mappings", "templates", "schemas", "leads", "lib");

    private final Path folder;
    private final Swap.Host host;
    private final Consumer<String> tell;
    private Map<Path, Stamp> taken;
    private Map<Path, Stamp> lastSeen;
    private String trouble = "";

    private record Stamp(FileTime written, long size) {}

    /** @param tell gets each line for the person who edits */
    DevWatch(Path folder, Swap.Host host, Consumer<String> tell) throws IOException {
        this.folder = folder;
        this.host = host;
        this.tell = tell;
        this.taken = files();
        this.lastSeen = taken;
    }

    private DevWatch(DevWatch before, Swap.Host host, Consumer<String> tell) {
        this.folder = before.folder;
        this.host = host;
        this.tell = tell;
        this.taken = before.taken;
        this.lastSeen = before.lastSeen;
    }

    /** Goes on from what this has seen, so that what was saved since is taken up. */
    DevWatch with(Swap.Host other, Consumer<String> teller) {
        return new DevWatch(this, other, teller);
    }

    /** To be called a few times a second: takes up what was saved, once the folder has been still from one look to the next. */
    void look() {
        Map<Path, Stamp> seen;
        try {
            seen = files();
        } catch (IOException | UncheckedIOException e) {
            trouble("the folder cannot be read (%s); what runs runs on".formatted(e.getMessage()));
            return;
        }
        boolean still = seen.equals(lastSeen);
        lastSeen = seen;
        if (!still || seen.equals(taken)) {
            return;
        }
        taken = seen;
        if (seen.keySet().stream().noneMatch(file -> file.startsWith(folder.resolve("routes")))) {
            trouble(
                    "there is no file in routes/ any more, as when a drive is gone; what runs runs on. To stop all routes, stop the bridge");
            return;
        }
        trouble = "";
        takeUp();
    }

    private void takeUp() {
        try {
            told(host.swap(Bundle.at(folder, Map.of())));
        } catch (BundleException e) {
            e.findings().forEach(finding -> tell.accept(finding.toString()));
            tell.accept("not taken up: what ran runs on");
        } catch (RuntimeException e) {
            // A file that went away while it was read: the next look sees the folder as it is then.
            tell.accept("not taken up (%s): what ran runs on".formatted(e.getMessage()));
        }
    }

    private void told(Swap swap) {
        swap.failures().stream().map(Finding::toString).forEach(tell);
        swap.notes().forEach(tell);
        if (!swap.failures().isEmpty()) {
            tell.accept("not taken up: what ran runs on");
            return;
        }
        List<String> done = new ArrayList<>();
        add(done, "started", swap.started());
        add(done, "replaced", swap.replaced());
        add(done, "stopped, its place kept:", swap.stopped());
        tell.accept(done.isEmpty() ? "saved: no route changed" : "saved: " + String.join("; ", done));
    }

    private static void add(List<String> done, String what, List<String> routes) {
        if (!routes.isEmpty()) {
            done.add(what + " " + String.join(", ", routes));
        }
    }

    private void trouble(String now) {
        if (!now.equals(trouble)) {
            trouble = now;
            tell.accept(now);
        }
    }

    private Map<Path, Stamp> files() throws IOException {
        Map<Path, Stamp> files = new HashMap<>();
        add(files, folder, 1);
        for (String name : FOLDERS) {
            if (Files.isDirectory(folder.resolve(name))) {
                add(files, folder.resolve(name), Integer.MAX_VALUE);
            }
        }
        return files;
    }

    /** Without what editors leave beside a file. */
    private static void add(Map<Path, Stamp> files, Path in, int depth) throws IOException {
        try (Stream<Path> all = Files.walk(in, depth)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && !name.endsWith("~")) {
                    stamp(files, file);
                }
            }
        }
    }

    private static void stamp(Map<Path, Stamp> files, Path file) {
        try {
            BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
            if (of.isRegularFile()) {
                files.put(file, new Stamp(of.lastModifiedTime(), of.size()));
            }
        } catch (IOException goneMeanwhile) {
            // As if it had not been there.
        }
    }
}
