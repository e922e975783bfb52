package io.crmbridge.bundle.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.bundle.BundleException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Zips as nobody should send them; each is refused with a sentence of its own. */
@Timeout(60)
class ArchiveTest {
    private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);

    /** A zip, entry by entry. */
    private static final class Crafted {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes);
        private final Map<String, String> sums = new TreeMap<>();

        Crafted file(String name, byte[] content) throws IOException {
            sums.put(name, Sha256.of(content));
            return entry(new ZipArchiveEntry(name), content);
        }

        Crafted unnamed(String name, byte[] content) throws IOException {
            return entry(new ZipArchiveEntry(name), content);
        }

        Crafted mode(String name, int mode) throws IOException {
            ZipArchiveEntry entry = new ZipArchiveEntry(name);
            entry.setUnixMode(mode);
            sums.put(name, Sha256.of(TEXT));
            return entry(entry, TEXT);
        }

        Crafted entry(ZipArchiveEntry entry, byte[] content) throws IOException {
            zip.putArchiveEntry(entry);
            zip.write(content);
            zip.closeArchiveEntry();
            return this;
        }

        byte[] withManifest() throws IOException {
            return with(new String(
                    new Manifest(1, "deals", "1.2.0", null, new TreeMap<>(sums)).json(), StandardCharsets.UTF_8));
        }

        byte[] with(String manifest) throws IOException {
            return unnamed(Manifest.FILE, manifest.getBytes(StandardCharsets.UTF_8))
                    .closed();
        }

        byte[] closed() throws IOException {
            zip.close();
            return bytes.toByteArray();
        }
    }

    private static void isRefused(byte[] zip, String... words) {
        assertThatThrownBy(() -> Archive.open(zip, SemanticVersion.of("0.3.0")))
                .isInstanceOf(BundleException.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void a_zip_that_is_what_its_manifest_says_is_opened_also_compressed() throws IOException {
        byte[] zip = new Crafted()
                .file("routes/a.yaml", TEXT)
                .unnamed("routes/", new byte[0])
                .file("application.properties", "x".repeat(5000).getBytes(StandardCharsets.UTF_8))
                .withManifest();

        assertThat(Archive.open(zip, Optional.empty()).manifest().version()).isEqualTo("1.2.0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "../out;                leads out of the bundle's folder",
                "routes/../../out;      leads out of the bundle's folder",
                "/etc/passwd;           it is an absolute path",
                "routes\\..\\out/a;     it has a backslash",
                "C:/windows/system.ini; it names a drive",
                "c:out;                 it names a drive",
                "routes//a.yaml;        it is no plain path",
                "./routes/a.yaml;       it is no plain path",
            })
    void a_path_that_is_not_plainly_below_the_folder_is_refused(String name, String sentence) throws IOException {
        isRefused(new Crafted().file(name, TEXT).withManifest(), name, sentence);
    }

    @Test
    void a_name_that_cannot_be_seen_is_refused_and_does_not_reach_the_terminal() throws IOException {
        byte[] zip = new Crafted().file("a\u001b[2Jb", TEXT).withManifest();

        isRefused(zip, "a?[2Jb", "all of which can be seen");
        isRefused(new Crafted().file("routes/\u202elmay.a", TEXT).withManifest(), "all of which can be seen");
        isRefused(new Crafted().file("n".repeat(401), TEXT).withManifest(), "1 to 400 characters");
    }

    @Test
    void a_name_that_is_not_utf_8_is_refused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            zip.setEncoding("ISO-8859-1");
            zip.setUseLanguageEncodingFlag(false);
            zip.setCreateUnicodeExtraFields(ZipArchiveOutputStream.UnicodeExtraFieldPolicy.NEVER);
            zip.putArchiveEntry(new ZipArchiveEntry("größe"));
            zip.closeArchiveEntry();
        }
        isRefused(bytes.toByteArray(), "not UTF-8");
    }

    @Test
    void a_symbolic_link_is_refused_and_so_is_a_device() throws IOException {
        isRefused(
                new Crafted().mode("routes/a.yaml", 0120777).withManifest(), "routes/a.yaml", "it is a symbolic link");
        isRefused(new Crafted().mode("routes/a.yaml", 0020666).withManifest(), "it is neither a file nor a folder");
        assertThatCode(() -> Archive.open(
                        new Crafted().mode("routes/a.yaml", 0100644).withManifest(), Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void what_is_there_twice_is_refused() throws IOException {
        isRefused(new Crafted().file("a", TEXT).file("a", TEXT).withManifest(), "a: the zip has it twice");
        isRefused(
                new Crafted()
                        .file("routes/deals.yaml", TEXT)
                        .file("routes/Deals.yaml", TEXT)
                        .withManifest(),
                "routes/Deals.yaml",
                "differs from routes/deals.yaml by case");
        isRefused(
                new Crafted().file("gr\u00fcn", TEXT).file("gru\u0308n", TEXT).withManifest(),
                "by case or accents alone");
        isRefused(
                new Crafted().file("a", TEXT).file("a/b", TEXT).withManifest(), "it is a file, and the zip has others");
        isRefused(
                new Crafted().file("a/b", TEXT).file("a", TEXT).withManifest(), "it is a file, and the zip has others");
        isRefused(new Crafted().unnamed(Manifest.FILE, TEXT).withManifest(), Manifest.FILE + ": the zip has it twice");
    }

    @Test
    void too_many_entries_are_refused() throws IOException {
        Crafted zip = new Crafted();
        for (int number = 0; number < Archive.MOST_ENTRIES; number++) {
            zip.unnamed("routes/" + number, new byte[0]);
        }
        isRefused(zip.withManifest(), "it has more than 10000 entries");
    }

    @Test
    void what_swells_is_refused_though_its_header_says_that_it_is_small() throws IOException {
        byte[] zip = new Crafted().file("bomb", new byte[20 << 20]).withManifest();
        isRefused(zip, "it swells");

        // The uncompressed size of the first entry, in the central directory.
        int at = indexOf(zip, new byte[] {'P', 'K', 1, 2}) + 24;
        Arrays.fill(zip, at, at + 4, (byte) 0);
        zip[at] = 1;
        isRefused(zip, "it swells");
    }

    @Test
    void all_files_together_have_a_limit() throws Exception {
        byte[] random = new byte[3 << 20];
        new Random(1).nextBytes(random);
        byte[] zip = new Crafted().file("a", random).file("b", random).withManifest();
        try (ZipFile file = ZipFile.builder().setByteArray(zip).get()) {
            Inflating inflating = new Inflating(5 << 20, Long.MAX_VALUE);
            assertThat(inflating.sum(file, file.getEntry("a"))).isEqualTo(Sha256.of(random));
            assertThatThrownBy(() -> inflating.sum(file, file.getEntry("b")))
                    .hasMessageContaining("more than 5 MB when it is unpacked");
        }
        isRefused(new byte[Archive.MOST_ZIPPED + 1], "it is larger than 64 MB");
    }

    private static int indexOf(byte[] bytes, byte[] sought) {
        for (int at = 0; at <= bytes.length - sought.length; at++) {
            if (Arrays.equals(bytes, at, at + sought.length, sought, 0, sought.length)) {
                return at;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void a_file_that_is_not_what_the_manifest_says_is_refused() throws IOException {
        Crafted changed = new Crafted().file("routes/a.yaml", TEXT);
        changed.sums.put("routes/a.yaml", Sha256.of(new byte[0]));
        isRefused(changed.withManifest(), "routes/a.yaml", "somebody has changed it since");

        isRefused(
                new Crafted().unnamed("routes/b.yaml", TEXT).withManifest(),
                "routes/b.yaml",
                "the manifest does not name it");

        Crafted missing = new Crafted();
        missing.sums.put("routes/c.yaml", Sha256.of(TEXT));
        isRefused(missing.withManifest(), "routes/c.yaml", "it is missing: the zip is not whole");
    }

    @Test
    void a_zip_that_bundle_pack_has_not_made_is_told_how_to_be_packed() throws IOException {
        isRefused(
                new Crafted().file("application.properties", TEXT).closed(),
                "it has no META-INF/bundle.json",
                "unpack it into a folder, and pack that with bundle pack DIR");
    }

    @Test
    void a_manifest_that_this_program_does_not_know_is_refused() throws IOException {
        isRefused(
                new Crafted().with("{\"format\":2}"), "its format is 2, and this program knows 1: update the program");
        isRefused(new Crafted().with("no JSON"), "it is no manifest");
        isRefused(new Crafted().with("[]"), "its format is");
        isRefused(new Crafted().with("{\"format\":1,\"name\":\"x\",\"name\":\"y\"}"), "it is no manifest");
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("\"version\":\"1.0.0\",\"files\":{}", "no name");
        wrong.put("\"name\":\"a\\u001bb\",\"version\":\"1.0.0\",\"files\":{}", "a name that cannot be seen");
        wrong.put("\"name\":\"x\",\"version\":\"one\",\"files\":{}", "no version");
        wrong.put("\"name\":\"x\",\"version\":\"1.0.0\"", "no files");
        wrong.put("\"name\":\"x\",\"version\":\"1.0.0\",\"files\":{\"a\":\"b\"}", "no checksum");
        wrong.put("\"name\":\"x\",\"version\":\"1.0.0\",\"files\":{\"a\":null}", "null for a checksum");
        for (String fields : wrong.keySet()) {
            isRefused(new Crafted().with("{\"format\":1," + fields + "}"), "is missing or is not what it must be");
        }
    }

    @Test
    void a_bundle_for_a_newer_program_is_refused_and_one_for_an_older_is_not() throws IOException {
        String manifest =
                "{\"format\":1,\"name\":\"x\",\"version\":\"1.0.0\",\"needs\":\"%s\",\"files\":{},\"later\":1}";

        isRefused(
                new Crafted().with(manifest.formatted("0.4.0")),
                "needs version 0.4.0, and this program is 0.3.0: update the program");
        for (String needs : new String[] {"0.3.0", "0.2.9"}) {
            byte[] zip = new Crafted().with(manifest.formatted(needs));
            assertThat(Archive.open(zip, SemanticVersion.of("0.3.0-SNAPSHOT"))
                            .manifest()
                            .needs())
                    .isEqualTo(needs);
        }
        assertThat(Archive.open(new Crafted().with(manifest.formatted("9.0.0")), Optional.empty())
                        .manifest()
                        .needs())
                .as("where the own version is not known")
                .isEqualTo("9.0.0");
    }

    @Test
    void what_is_encrypted_is_refused() throws IOException {
        byte[] zip = new Crafted().file("a", TEXT).withManifest();
        int at = indexOf(zip, new byte[] {'P', 'K', 1, 2}) + 8;
        zip[at] |= 1;

        isRefused(zip, "a: it is encrypted");
    }

    @Test
    void what_is_no_zip_or_is_cut_off_is_refused() throws IOException {
        byte[] whole = new Crafted().file("routes/a.yaml", TEXT).withManifest();
        for (byte[] zip : new byte[][] {{}, TEXT, Arrays.copyOf(whole, whole.length / 2), new byte[100_000]}) {
            isRefused(zip, "it cannot be read as a zip");
        }
        for (int seed = 0; seed < 300; seed++) {
            byte[] damaged = whole.clone();
            Random random = new Random(seed);
            for (int hit = 0; hit < 4; hit++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                Archive.open(damaged, Optional.empty());
            } catch (BundleException refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }

    @Test
    void an_entry_that_is_stored_is_read_as_one_that_is_deflated_is() throws IOException {
        ZipArchiveEntry stored = new ZipArchiveEntry("a");
        stored.setMethod(ZipEntry.STORED);
        stored.setSize(TEXT.length);
        stored.setCrc(crc(TEXT));
        Crafted zip = new Crafted();
        zip.sums.put("a", Sha256.of(TEXT));

        assertThat(Archive.open(zip.entry(stored, TEXT).withManifest(), Optional.empty())
                        .manifest()
                        .files())
                .containsKey("a");
    }

    private static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }
}
