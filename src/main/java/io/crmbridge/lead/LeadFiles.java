package io.crmbridge.lead;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The YAML files of a bundle's leads folder, each read once. Thread-safe. */
public final class LeadFiles {
    private static final String ENDING = ".yaml";

    private final Path folder;
    private final Map<String, LeadRules> read = new ConcurrentHashMap<>();

    public LeadFiles(Path folder) {
        this.folder = folder;
    }

    /** Names of the files there are, without their ending. */
    public List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("the files in leads/ cannot be listed", e);
        }
    }

    /** @throws IllegalArgumentException when the file is not there; a {@link LeadFileException} when it says what cannot be */
    public LeadRules get(String name) {
        return read.computeIfAbsent(name, this::read);
    }

    private LeadRules read(String name) {
        String file = "leads/" + name + ENDING;
        try {
            return new LeadFile(file).rules(Files.readString(folder.resolve(name + ENDING)));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read", e);
        }
    }
}
