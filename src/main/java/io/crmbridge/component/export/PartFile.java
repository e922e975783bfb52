package io.crmbridge.component.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that grows beside its final name with {@code .part} appended, and takes that name when it is whole. */
final class PartFile {
    private final Path target;
    private final Path part;
    private FileChannel channel;

    PartFile(Path target) {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
    }

    /** The name, or with a number before its ending the first that is not taken. */
    static Path free(Path folder, String name) {
        Path wanted = folder.resolve(name).normalize();
        if (!wanted.startsWith(folder)) {
            throw new IllegalArgumentException("an export stays below its folder");
        }
        String file = wanted.getFileName().toString();
        int dot = file.lastIndexOf('.');
        Path path = wanted;
        for (int number = 2;
                Files.exists(path) || Files.exists(path.resolveSibling(path.getFileName() + ".part"));
                number++) {
            path = wanted.resolveSibling("%s-%03d%s".formatted(file.substring(0, dot), number, file.substring(dot)));
        }
        return path;
    }

    void create() throws IOException {
        Files.createDirectories(target.getParent());
        channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        syncFolder();
    }

    /** Cuts off what was written but not recorded. False if the file is missing or too short. */
    boolean cutTo(long length) throws IOException {
        if (length == 0) {
            // Not a row was recorded, perhaps not even the file was made.
            Files.deleteIfExists(part);
            return false;
        }
        if (!Files.exists(part) || Files.size(part) < length) {
            return false;
        }
        try (FileChannel cut = FileChannel.open(part, StandardOpenOption.WRITE)) {
            cut.truncate(length);
            cut.force(true);
        }
        return true;
    }

    /** Writes at a place and fsyncs; returns the new length. What a failed try left behind is overwritten. */
    long append(byte[] bytes, long at) throws IOException {
        if (channel == null) {
            channel = FileChannel.open(part, StandardOpenOption.WRITE);
        }
        channel.truncate(at);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long place = at;
        while (buffer.hasRemaining()) {
            place += channel.write(buffer, place);
        }
        channel.force(false);
        return place;
    }

    /** Takes the final name; does nothing if a crash came right after that. */
    void finish() throws IOException {
        close();
        if (Files.exists(part)) {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            syncFolder();
        }
    }

    private void syncFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
