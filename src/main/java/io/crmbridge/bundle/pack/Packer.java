package io.crmbridge.bundle.pack;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.Finding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs a bundle's folder: the same files make the same bytes, on every machine and at every time. */
public final class Packer {
    /** Not before February, which the zip would have to say in a field that knows the machine's time zone. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private Packer() {}

    /** @param leftOut what of the folder does not belong to the bundle, sorted; a folder ends in a slash and stands for all below */
    public record Packed(Archive archive, List<String> leftOut) {}

    /**
     * Packs what runs: a bundle with findings is refused.
     *
     * @param version wins over what bridge.bundle.version says
     * @param program the version of this program, which the bundle will need; empty where it is not known
     * @param environment its BRIDGE_ variables win over the properties
     * @throws BundleException with every finding
     */
    public static Packed pack(
            Bundle bundle,
            Optional<SemanticVersion> version,
            Optional<SemanticVersion> program,
            Map<String, String> environment)
            throws IOException {
        BundleReader.Reading reading = withoutFindings(bundle, environment);
        SemanticVersion own = version.or(() -> reading.config().version().flatMap(SemanticVersion::of))
                .orElseThrow(
                        () -> new BundleException(
                                List.of(
                                        new Finding(
                                                "application.properties",
                                                0,
                                                reading.config()
                                                        .version()
                                                        .map(
                                                                "bridge.bundle.version=%s is no semantic version: write for example 1.2.0"
                                                                        ::formatted)
                                                        .orElse(
                                                                "bridge.bundle.version is not set: set it, for example to 1.2.0, or give --version 1.2.0")))));
        try {
            Set<String> catalogues = new TreeSet<>();
            reading.config()
                    .catalogueFiles()
                    .forEach(file ->
                            catalogues.add(Path.of(file).normalize().toString().replace('\\', '/')));
            Belongings belongings = Belongings.of(bundle, catalogues);
            SortedMap<String, byte[]> files = read(belongings.files());
            SortedMap<String, String> sums = new TreeMap<>();
            files.forEach((name, bytes) -> sums.put(name, Sha256.of(bytes)));
            Manifest manifest = new Manifest(
                    Manifest.FORMAT,
                    reading.config().bundle(),
                    own.toString(),
                    program.map(SemanticVersion::withoutPatch)
                            .map(SemanticVersion::toString)
                            .orElse(null),
                    sums);
            Archive archive = Archive.open(zip(manifest, files), program);
            tryOut(archive, environment, belongings.leftOut());
            return new Packed(archive, belongings.leftOut());
        } catch (Suspicion e) {
            throw e.refused();
        }
    }

    private static BundleReader.Reading withoutFindings(Bundle bundle, Map<String, String> environment) {
        BundleReader.Reading reading = BundleReader.read(bundle, environment);
        if (!reading.findings().isEmpty()) {
            throw new BundleException(reading.findings());
        }
        return reading;
    }

    private static SortedMap<String, byte[]> read(Map<String, Path> files) throws IOException, Suspicion {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        long size = 0;
        for (Map.Entry<String, Path> file : files.entrySet()) {
            size += Files.size(file.getValue());
            if (size > Archive.MOST_ZIPPED) {
                throw new Suspicion(
                        file.getKey(),
                        "with it the bundle is larger than %d MB: take out what no route needs, above all from lib/"
                                .formatted(Archive.MOST_ZIPPED >> 20));
            }
            contents.put(file.getKey(), Files.readAllBytes(file.getValue()));
        }
        return contents;
    }

    /** Stored and not compressed, because how small a file becomes differs between versions of zlib. */
    private static byte[] zip(Manifest manifest, SortedMap<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            add(zip, Manifest.FILE, manifest.json());
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                add(zip, file.getKey(), file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(TIME);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** A route may need a file that was left out. */
    private static void tryOut(Archive archive, Map<String, String> environment, List<String> leftOut)
            throws IOException {
        Path folder = Files.createTempDirectory("crm-bridge-pack");
        try {
            archive.unpack(folder);
            withoutFindings(Bundle.at(folder, Map.of()), environment);
        } catch (BundleException e) {
            throw new BundleException(Stream.concat(
                            e.findings().stream(),
                            Stream.of(new Finding(
                                    "what is packed",
                                    0,
                                    "the folder has no findings, but this does not belong to a bundle and was left out: "
                                            + String.join(", ", leftOut))))
                    .toList());
        } finally {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
