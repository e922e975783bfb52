package io.crmbridge.state;

import io.crmbridge.state.Deployment.Action;
import io.crmbridge.state.Deployment.Difference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one who may write deployments now. A deployment counts from {@link #record} on, and what is kept before that changes
 * nothing of what runs, so that a kill at any moment leaves the old one or the new one. For one thread.
 */
public final class DeploymentTurn implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeploymentTurn.class);
    private static final String LOCK = "deploy.lock";
    private static final String PART = ".part";
    private static final Pattern CONTENT = Pattern.compile("[0-9a-f]{64}(\\.zip|\\.part|\\.zip\\.part)?");
    /** What was kept and never recorded, because it was refused then, goes after this. */
    private static final Duration UNRECORDED = Duration.ofHours(1);

    /** A file's lock keeps other processes out, and not other threads. */
    private static final Map<Path, ReentrantLock> MINE = new ConcurrentHashMap<>();

    private final Deployments deployments;
    private final Path folder;
    private final Clock clock;
    private final ReentrantLock mine;
    private final FileChannel lock;

    private DeploymentTurn(Deployments deployments, Path folder, Clock clock, ReentrantLock mine, FileChannel lock) {
        this.deployments = deployments;
        this.folder = folder;
        this.clock = clock;
        this.mine = mine;
        this.lock = lock;
    }

    /** Puts files into an empty folder. */
    public interface Unpacking {
        void into(Path folder) throws IOException;
    }

    static DeploymentTurn take(Deployments deployments, Path folder, Clock clock) {
        Path file = folder.resolve(LOCK);
        ReentrantLock mine = null;
        FileChannel lock = null;
        boolean taken = false;
        try {
            Files.createDirectories(folder);
            mine = MINE.computeIfAbsent(folder.toRealPath(), path -> new ReentrantLock());
            mine.lock();
            lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock.lock();
            taken = true;
            return new DeploymentTurn(deployments, folder, clock, mine, lock);
        } catch (IOException e) {
            throw Deployments.failed(file, "locked", e);
        } finally {
            if (!taken && mine != null) {
                close(mine, lock);
            }
        }
    }

    /** Keeps a zip, on disk when this returns. */
    public void keep(String sha256, byte[] zip) {
        Path file = deployments.zipFile(sha256);
        Path part = folder.resolve(sha256 + ".zip" + PART);
        try {
            try (FileChannel out = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                write(out, zip, 0);
                out.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            force(folder);
        } catch (IOException e) {
            throw Deployments.failed(file, "written", e);
        }
    }

    /** Unpacks anew, so that the folder has all of it or is not there. It need not outlive a power cut: the zip does. */
    public void unpack(String sha256, Unpacking unpacking) {
        Path whole = deployments.folder(sha256);
        Path part = folder.resolve(sha256 + PART);
        try {
            delete(part);
            Files.createDirectories(part);
            unpacking.into(part);
            delete(whole);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Deployments.failed(whole, "written", e);
        }
    }

    /** Makes it the current one: on disk when this returns, and not at all when it throws. */
    public Deployment record(
            String who,
            Action action,
            String name,
            String version,
            String sha256,
            Difference files,
            Difference routes) {
        Path file = folder.resolve(Deployments.HISTORY);
        Deployments.History history = deployments.read();
        Deployment deployment = new Deployment(
                history.lines().size() + 1L,
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                who,
                action,
                name,
                version,
                sha256,
                files,
                routes);
        try (FileChannel out =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // What a crash left of a line would swallow this one.
            out.truncate(history.length());
            try {
                write(out, Deployments.line(deployment), history.length());
                out.force(true);
                force(folder);
            } catch (IOException e) {
                out.truncate(history.length());
                throw e;
            }
        } catch (IOException e) {
            throw Deployments.failed(file, "written", e);
        }
        return deployment;
    }

    /** Deletes contents that the last {@value Deployments#KEPT} distinct ones do not have, but never the one that runs. */
    public void prune(Set<String> running) {
        List<Deployment> history = deployments.history();
        Set<String> kept = Stream.concat(
                        running.stream(),
                        Stream.iterate(history.size() - 1, at -> at >= 0, at -> at - 1)
                                .map(at -> history.get(at).sha256())
                                .distinct()
                                .limit(Deployments.KEPT))
                .collect(Collectors.toSet());
        Set<String> recorded = history.stream().map(Deployment::sha256).collect(Collectors.toSet());
        Instant old = clock.instant().minus(UNRECORDED);
        try (Stream<Path> contents = Files.list(folder)) {
            for (Path content : contents.toList()) {
                String name = content.getFileName().toString();
                if (!CONTENT.matcher(name).matches()) {
                    continue;
                }
                String sha256 = name.substring(0, 64);
                boolean is = recorded.contains(sha256)
                        || Files.getLastModifiedTime(content).toInstant().isBefore(old);
                if (is && !kept.contains(sha256)) {
                    delete(content);
                }
            }
        } catch (IOException e) {
            // What was to be done is done; the next one tries again.
            LOG.warn("old bundles below {} could not be deleted: {}", folder, e.toString());
        }
    }

    private static void write(FileChannel out, byte[] bytes, long from) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long at = from;
        while (buffer.hasRemaining()) {
            at += out.write(buffer, at);
        }
    }

    /** Without this, a power cut may take a new name away again. */
    private static void force(Path directory) throws IOException {
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static void delete(Path content) throws IOException {
        if (!Files.exists(content)) {
            return;
        }
        Files.walkFileTree(content, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void close() {
        close(mine, lock);
    }

    private static void close(ReentrantLock mine, FileChannel lock) {
        try {
            if (lock != null) {
                lock.close();
            }
        } catch (IOException e) {
            LOG.warn("the lock of deployments could not be given back: {}", e.toString());
        } finally {
            mine.unlock();
        }
    }
}
