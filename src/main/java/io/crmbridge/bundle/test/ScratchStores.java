package io.crmbridge.bundle.test;

import io.crmbridge.state.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Empty stores, each a copy of one that was made once. Thread-safe. */
final class ScratchStores implements AutoCloseable {
    private final Path folder;
    private final Path empty;
    private final AtomicInteger count = new AtomicInteger();

    ScratchStores() {
        try {
            folder = Files.createTempDirectory("crm-bridge-test");
            empty = Files.createDirectory(folder.resolve("empty"));
        } catch (IOException e) {
            throw new UncheckedIOException("there is no folder for scratch stores", e);
        }
        Store.open(empty, Clock.systemUTC()).close();
    }

    Store open(Clock clock) {
        Path copy = folder.resolve("store-" + count.incrementAndGet());
        try (Stream<Path> files = Files.list(empty)) {
            Files.createDirectory(copy);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch store cannot be copied", e);
        }
        return Store.open(copy, clock);
    }

    @Override
    public void close() {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path path : all) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the scratch stores in %s cannot be removed".formatted(folder), e);
        }
    }
}
