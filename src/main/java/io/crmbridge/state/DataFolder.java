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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds a data folder for one process: a second one is refused and told who has it. */
public final class DataFolder implements AutoCloseable {
    private static final String LOCK = "bridge.lock";
    private static final String UNKNOWN = "it does not say which";

    /** POSIX gives a file's lock back when the process closes any channel to it, so what this one holds it does not open. */
    private static final Map<Path, String> MINE = new ConcurrentHashMap<>();

    private final FileChannel channel;
    private final Path mine;

    private DataFolder(FileChannel channel, Path mine) {
        this.channel = channel;
        this.mine = mine;
    }

    /** @throws StoreException when another process holds the folder, or it cannot be written */
    public static DataFolder hold(Path folder, Clock clock) {
        Path file = folder.resolve(LOCK);
        try {
            Files.createDirectories(folder);
            Path mine = folder.toRealPath();
            String who = "process %d, since %s"
                    .formatted(ProcessHandle.current().pid(), clock.instant().truncatedTo(ChronoUnit.SECONDS));
            if (MINE.putIfAbsent(mine, who) != null) {
                throw inUse(folder, "this very process");
            }
            FileChannel channel = open(file, mine);
            if (channel == null) {
                throw inUse(folder, holder(folder));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(who.getBytes(StandardCharsets.UTF_8)), 0);
            return new DataFolder(channel, mine);
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "the data folder %s cannot be written (%s): give this user write access, free space on its disk, or choose another with --data"
                            .formatted(folder, e.getClass().getSimpleName()),
                    e);
        }
    }

    /** Null when another process has the lock. */
    private static FileChannel open(Path file, Path mine) throws IOException {
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            locked = lock(channel);
            return locked ? channel : null;
        } finally {
            if (!locked) {
                MINE.remove(mine);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static StoreException inUse(Path folder, String who) {
        return new StoreException(
                Kind.UNUSABLE,
                "the data folder %s is in use by another bridge (%s): stop that one, or choose another folder with --data"
                        .formatted(folder, who));
    }

    /** Whether a bridge runs on this folder now. */
    public static boolean isHeld(Path folder) {
        Path file = folder.resolve(LOCK);
        if (!Files.isRegularFile(file) || !Files.isWritable(file)) {
            return false;
        }
        try {
            if (MINE.containsKey(folder.toRealPath())) {
                return true;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return !lock(channel);
            }
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

    /** Who holds this folder, or held it last: a process and when it began. */
    public static String holder(Path folder) {
        try {
            String mine = MINE.get(folder.toRealPath());
            String who =
                    mine != null ? mine : Files.readString(folder.resolve(LOCK)).strip();
            return who.isEmpty() ? UNKNOWN : who;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    @Override
    public void close() {
        MINE.remove(mine);
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException(Kind.INTERNAL, "the data folder's lock could not be given back", e);
        }
    }
}
