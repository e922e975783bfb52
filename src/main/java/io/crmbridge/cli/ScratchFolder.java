package io.crmbridge.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder that is removed with all that is in it when this is closed; closing it again does nothing. */
record ScratchFolder(Path path) implements AutoCloseable {
    static ScratchFolder create(String prefix) {
        try {
            return new ScratchFolder(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "no folder can be made in %s (%s): set java.io.tmpdir to one that can be written to"
                            .formatted(
                                    System.getProperty("java.io.tmpdir"),
                                    e.getClass().getSimpleName()));
        }
    }

    @Override
    public void close() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch folder %s cannot be removed".formatted(path), e);
        }
    }
}
