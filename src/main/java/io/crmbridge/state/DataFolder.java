package io.crmbridge.state;

import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Holds a data folder for one process: a second one is refused and told who has it. */
public final class DataFolder implements AutoCloseable {
    private static final String LOCK = "bridge.lock";

    private final FileChannel channel;

    private DataFolder(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws StoreException when another process holds the folder, or it cannot be written */
    public static DataFolder hold(Path folder, Clock clock) {
        Path file = folder.resolve(LOCK);
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw new StoreException(
                        Kind.UNUSABLE,
                        "the data folder %s is in use by another bridge (%s): stop that one, or choose another folder with --data"
                                .formatted(folder, holder(file)));
            }
            String who = "process %d, since %s"
                    .formatted(ProcessHandle.current().pid(), clock.instant().truncatedTo(ChronoUnit.SECONDS));
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(who.getBytes(StandardCharsets.UTF_8)), 0);
            return new DataFolder(channel);
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "the data folder %s cannot be written (%s): give this user write access, free space on its disk, or choose another with --data"
                            .formatted(folder, e.getClass().getSimpleName()),
                    e);
        }
    }

    /** Whether a bridge runs on this folder now. */
    public static boolean isHeld(Path folder) {
        Path file = folder.resolve(LOCK);
        if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return !lock(channel);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String holder(Path file) throws IOException {
        String who = Files.readString(file).strip();
        return who.isEmpty() ? "it does not say which" : who;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException(Kind.INTERNAL, "the data folder's lock could not be given back", e);
        }
    }
}
