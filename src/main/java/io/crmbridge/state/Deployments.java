package io.crmbridge.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was deployed into a data folder: {@code bundles/deployments.jsonl} has a line for each deployment and is the single
 * truth of what runs, its last whole line; beside it lie the zips, named by their SHA-256, and their unpacked folders.
 * Reading waits for nobody; writing needs a {@link DeploymentTurn}. Thread-safe, over processes too.
 */
public final class Deployments {
    /** How many distinct contents are kept to roll back to. */
    public static final int KEPT = 20;

    static final String HISTORY = "deployments.jsonl";
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final Path folder;
    private final Clock clock;

    /** @param data the data folder; it need not be there yet */
    public Deployments(Path data, Clock clock) {
        this.folder = data.resolve("bundles");
        this.clock = clock;
    }

    /** What the history's file holds, and how many of its bytes are whole lines. */
    record History(List<Deployment> lines, long length) {}

    /** Oldest first. */
    public List<Deployment> history() {
        return read().lines();
    }

    /** What runs, or will at the next start. */
    public Optional<Deployment> current() {
        List<Deployment> all = history();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** A deployed zip; empty when it was never there, or is pruned. */
    public Optional<byte[]> zip(String sha256) {
        Path file = zipFile(sha256);
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException pruned) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(file, "read", e);
        }
    }

    /** Where the zip is unpacked; whether it is must be looked up. */
    public Path folder(String sha256) {
        return folder.resolve(sha256);
    }

    /** Waits for whoever deploys now, in this process or another one, and keeps others out until it is closed. */
    public DeploymentTurn turn() {
        return DeploymentTurn.take(this, folder, clock);
    }

    Path zipFile(String sha256) {
        return folder.resolve(sha256 + ".zip");
    }

    /** What a crash left of a last line does not count. */
    History read() {
        byte[] bytes;
        Path file = folder.resolve(HISTORY);
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException nothingYet) {
            return new History(List.of(), 0);
        } catch (IOException e) {
            throw failed(file, "read", e);
        }
        List<Deployment> lines = new ArrayList<>();
        int begin = 0;
        for (int end = next(bytes, begin); end >= 0; end = next(bytes, begin)) {
            try {
                lines.add(JSON.readValue(
                        new String(bytes, begin, end - begin, StandardCharsets.UTF_8), Deployment.class));
            } catch (JsonProcessingException e) {
                if (next(bytes, end + 1) < 0) {
                    break;
                }
                throw new StoreException(
                        Kind.UNUSABLE,
                        "line %d of %s is no deployment, and others follow it: take that line out, or put the file back from a backup"
                                .formatted(lines.size() + 1, file));
            }
            begin = end + 1;
        }
        return new History(List.copyOf(lines), begin);
    }

    private static int next(byte[] bytes, int from) {
        for (int at = from; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    static byte[] line(Deployment deployment) {
        try {
            return (JSON.writeValueAsString(deployment) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new StoreException(Kind.INTERNAL, "a deployment cannot be written down", e);
        }
    }

    static StoreException failed(Path file, String what, IOException cause) {
        return new StoreException(
                Kind.UNAVAILABLE,
                "%s cannot be %s (%s): give this user access and free space on its disk, or choose another data folder with --data"
                        .formatted(file, what, cause.getClass().getSimpleName()),
                cause);
    }
}
