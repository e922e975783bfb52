package io.crmbridge.bundle.pack;

import io.crmbridge.bundle.BundleException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A packed bundle whose every part was looked at: its names stay in the folder, its files are those of its manifest, and it
 * is no larger than {@link #MOST_BYTES} unpacked. Immutable. Thread-safe.
 */
public final class Archive {
    /** Of the zip. */
    public static final int MOST_ZIPPED = 64 << 20;
    /** Of all files together. */
    static final long MOST_BYTES = 256L << 20;

    static final int MOST_ENTRIES = 10_000;
    private static final int MOST_OF_MANIFEST = 4 << 20;
    /** No text that people write is packed this small. */
    private static final int MOST_RATIO = 200;

    private static final long SMALL = 1 << 20;
    private static final int KIND = 0170000;
    private static final int FILE = 0100000;
    private static final int FOLDER = 0040000;

    private final byte[] zip;
    private final String sha256;
    private final Manifest manifest;

    private Archive(byte[] zip, Manifest manifest) {
        this.zip = zip;
        this.sha256 = Sha256.of(zip);
        this.manifest = manifest;
    }

    /**
     * @param program the version of this program, to compare with what the bundle needs; empty where it is not known
     * @throws BundleException when anything of it is not to be trusted; says what
     */
    public static Archive open(byte[] zip, Optional<SemanticVersion> program) {
        if (zip.length > MOST_ZIPPED) {
            throw new Suspicion("", "it is larger than %d MB".formatted(MOST_ZIPPED >> 20)).refused();
        }
        byte[] own = zip.clone();
        try (ZipFile file = file(own)) {
            return new Archive(own, checked(file, own.length, program));
        } catch (Suspicion e) {
            throw e.refused();
        } catch (IOException | RuntimeException e) {
            throw new Suspicion("", "it cannot be read as a zip: pack the bundle anew with bundle pack").refused();
        }
    }

    /** Whether these bytes have that checksum, so that nothing has damaged them. */
    public static boolean isOf(byte[] zip, String sha256) {
        return Sha256.of(zip).equals(sha256);
    }

    private static ZipFile file(byte[] zip) throws IOException {
        return ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(zip))
                .setUseUnicodeExtraFields(false)
                .get();
    }

    private static Manifest checked(ZipFile file, int zipped, Optional<SemanticVersion> program)
            throws IOException, Suspicion {
        List<ZipArchiveEntry> entries = entries(file);
        ZipArchiveEntry described = entries.stream()
                .filter(entry -> entry.getName().equals(Manifest.FILE))
                .findFirst()
                .orElseThrow(() -> new Suspicion(
                        "",
                        "it has no %s, so bundle pack has not made it: unpack it into a folder, and pack that with bundle pack DIR"
                                .formatted(Manifest.FILE)));
        Manifest manifest = Manifest.read(bytes(file, described));
        if (manifest.needs() != null) {
            SemanticVersion needs = SemanticVersion.of(manifest.needs()).orElseThrow();
            if (program.filter(mine -> mine.isOlderThan(needs)).isPresent()) {
                throw new Suspicion(
                        Manifest.FILE,
                        "the bundle needs version %s, and this program is %s: update the program, or pack the bundle with this one"
                                .formatted(needs, program.get()));
            }
        }
        Map<String, String> named = new TreeMap<>(manifest.files());
        Inflating inflating = new Inflating(MOST_BYTES, Math.max(SMALL, (long) zipped * MOST_RATIO));
        for (ZipArchiveEntry entry : entries) {
            String sum = inflating.sum(file, entry);
            if (entry == described || entry.isDirectory()) {
                continue;
            }
            String expected = named.remove(entry.getName());
            if (expected == null) {
                throw new Suspicion(entry.getName(), "the manifest does not name it: somebody has added it since");
            }
            if (!expected.equals(sum)) {
                throw new Suspicion(entry.getName(), "it is not what the manifest says: somebody has changed it since");
            }
        }
        if (!named.isEmpty()) {
            throw new Suspicion(
                    named.keySet().iterator().next(), "the manifest names it, and it is missing: the zip is not whole");
        }
        return manifest;
    }

    private static List<ZipArchiveEntry> entries(ZipFile file) throws Suspicion {
        List<ZipArchiveEntry> entries = new ArrayList<>();
        EntryNames names = new EntryNames();
        Enumeration<ZipArchiveEntry> all = file.getEntries();
        while (all.hasMoreElements()) {
            ZipArchiveEntry entry = all.nextElement();
            if (entries.size() == MOST_ENTRIES) {
                throw new Suspicion("", "it has more than %d entries".formatted(MOST_ENTRIES));
            }
            String name = EntryNames.decoded(entry.getRawName());
            names.take(name);
            if (!name.equals(entry.getName())) {
                throw new Suspicion(name, "its name can be read in two ways: pack the bundle anew with bundle pack");
            }
            int kind = entry.getUnixMode() & KIND;
            if (entry.isUnixSymlink()) {
                throw new Suspicion(name, "it is a symbolic link, which may lead anywhere: put the file itself there");
            }
            if (kind != 0 && kind != FILE && kind != FOLDER) {
                throw new Suspicion(name, "it is neither a file nor a folder");
            }
            if (!file.canReadEntryData(entry)) {
                throw new Suspicion(name, "it is encrypted, or compressed in a way that this program does not know");
            }
            entries.add(entry);
        }
        return entries;
    }

    private static byte[] bytes(ZipFile file, ZipArchiveEntry entry) throws IOException, Suspicion {
        try (InputStream in = file.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(MOST_OF_MANIFEST + 1);
            if (bytes.length > MOST_OF_MANIFEST) {
                throw new Suspicion(Manifest.FILE, "it is larger than %d MB".formatted(MOST_OF_MANIFEST >> 20));
            }
            return bytes;
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Of the zip, in hexadecimal digits. */
    public String sha256() {
        return sha256;
    }

    /** The zip itself; a copy. */
    public byte[] zip() {
        return zip.clone();
    }

    /** @param folder empty, or not there yet */
    public void unpack(Path folder) throws IOException {
        try (ZipFile file = file(zip)) {
            for (String name : manifest.files().keySet()) {
                Path target = folder.resolve(name);
                Files.createDirectories(target.getParent());
                try (InputStream in = file.getInputStream(file.getEntry(name));
                        OutputStream out = Files.newOutputStream(target)) {
                    in.transferTo(out);
                }
            }
        }
    }

    /** Whether the folder has the manifest's files as they were packed, and no others. */
    public boolean isUnpackedIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            Map<String, String> there = new HashMap<>();
            for (Path path : all.filter(path -> !Files.isDirectory(path)).toList()) {
                String name = folder.relativize(path).toString().replace('\\', '/');
                there.put(name, Files.isRegularFile(path) ? Sha256.of(path) : "");
            }
            return there.equals(manifest.files());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
