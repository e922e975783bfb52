package io.crmbridge.bundle.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.pack.Packer.Packed;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PackerTest {
    @TempDir
    private Path temp;

    private Path folder;

    @BeforeEach
    void write() throws IOException {
        folder = PackedBundles.folder(temp.resolve("deals"), "1.2.0", "deals-to-csv", "more");
        Files.createDirectories(folder.resolve("mappings"));
        Files.writeString(folder.resolve("mappings/größe.jslt"), "{\"a\": .b}");
    }

    private static Packed pack(Path folder, String version) throws IOException {
        return Packer.pack(
                Bundle.at(folder, Map.of()),
                Optional.ofNullable(version).flatMap(SemanticVersion::of),
                SemanticVersion.of("0.3.1-SNAPSHOT"),
                Map.of());
    }

    private void write(String... files) throws IOException {
        for (String file : files) {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "# " + file);
        }
    }

    @Test
    void two_copies_make_the_same_bytes_whatever_their_times_and_the_time_zone() throws IOException {
        Path copy = temp.resolve("copy");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(folder.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                    Files.setLastModifiedTime(target, FileTime.fromMillis(1_000_000_000_000L));
                }
            }
        }

        byte[] first = pack(folder, null).archive().zip();
        TimeZone usual = TimeZone.getDefault();
        byte[] second;
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Auckland"));
            second = pack(copy, null).archive().zip();
        } finally {
            TimeZone.setDefault(usual);
        }

        assertThat(second).isEqualTo(first);
    }

    @Test
    void what_is_packed_unpacks_to_what_was_there() throws IOException {
        Archive archive = pack(folder, null).archive();
        Path unpacked = temp.resolve("unpacked");
        archive.unpack(unpacked);

        assertThat(archive.isUnpackedIn(unpacked)).isTrue();
        assertThat(unpacked.resolve("mappings/größe.jslt"))
                .hasSameBinaryContentAs(folder.resolve("mappings/größe.jslt"));
        assertThat(Archive.open(archive.zip(), Optional.empty()).sha256()).isEqualTo(archive.sha256());

        Files.writeString(unpacked.resolve("routes/another.yaml"), "[]");
        assertThat(archive.isUnpackedIn(unpacked)).as("a file more").isFalse();
        Files.delete(unpacked.resolve("routes/another.yaml"));
        Files.writeString(unpacked.resolve("routes/more.yaml"), "[]");
        assertThat(archive.isUnpackedIn(unpacked)).as("another text").isFalse();
        Files.delete(unpacked.resolve("routes/more.yaml"));
        assertThat(archive.isUnpackedIn(unpacked)).as("a file less").isFalse();
    }

    @Test
    void the_manifest_says_name_version_what_it_needs_and_every_checksum() throws IOException {
        Manifest manifest = pack(folder, null).archive().manifest();

        assertThat(manifest.name()).isEqualTo("deals");
        assertThat(manifest.version()).isEqualTo("1.2.0");
        assertThat(manifest.needs()).isEqualTo("0.3.0");
        assertThat(manifest.files().keySet())
                .containsExactly(
                        "application.properties",
                        "mappings/größe.jslt",
                        "routes/deals-to-csv.yaml",
                        "routes/more.yaml");
        assertThat(manifest.files().get("routes/more.yaml"))
                .isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("routes/more.yaml"))));
    }

    @Test
    void of_the_folder_of_the_distribution_the_program_s_own_jars_are_left_out() throws IOException {
        Path program = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
        String jar = program.getFileName().toString();
        Files.createDirectories(folder.resolve("lib"));
        Files.copy(program, folder.resolve("lib/a.jar"));
        Files.copy(program, folder.resolve("lib/" + jar));

        Packed packed = pack(folder, null);

        assertThat(packed.archive().manifest().files()).containsKey("lib/a.jar").doesNotContainKey("lib/" + jar);
        assertThat(packed.leftOut()).containsExactly("lib/" + jar);
    }

    @Test
    void what_does_not_belong_stays_outside_and_is_told() throws IOException {
        write("README.md", "tests/a.test.yaml", "schemas/x.txt", "leads/x.txt", "templates/a.txt");
        Files.createDirectories(folder.resolve("lib"));
        new JarOutputStream(Files.newOutputStream(folder.resolve("lib/a.jar")), new java.util.jar.Manifest()).close();
        write("data/crm-bridge.db", "target/x", ".git/config", "pom.xml", "notes.txt", "routes/.deals.yaml.swp");
        write("routes/deals.yaml~", "mappings/.DS_Store", "templates/#a.txt#", "mappings/sub/.hidden/x.jslt");

        Packed packed = pack(folder, null);

        assertThat(packed.archive().manifest().files().keySet())
                .containsExactly(
                        "README.md",
                        "application.properties",
                        "leads/x.txt",
                        "lib/a.jar",
                        "mappings/größe.jslt",
                        "routes/deals-to-csv.yaml",
                        "routes/more.yaml",
                        "schemas/x.txt",
                        "templates/a.txt",
                        "tests/a.test.yaml");
        assertThat(packed.leftOut())
                .containsExactly(
                        ".git/",
                        "data/",
                        "mappings/.DS_Store",
                        "mappings/sub/.hidden/",
                        "notes.txt",
                        "pom.xml",
                        "routes/.deals.yaml.swp",
                        "routes/deals.yaml~",
                        "target/",
                        "templates/#a.txt#");
    }

    @Test
    void a_catalogue_that_a_key_names_belongs_and_its_neighbours_do_not() throws IOException {
        Files.writeString(folder.resolve("application.properties"), """
                bridge.bundle.version=1.0.0
                bridge.connection.default.type=intellivizz
                bridge.connection.default.api-key=k
                bridge.connection.default.location-id=l
                bridge.connection.default.catalogue=./catalogues/mine.yaml
                """);
        for (String route : new String[] {"deals-to-csv", "more"}) {
            PackedBundles.route(folder, route, "intellivizz:contacts");
        }
        write("catalogues/other.yaml");
        Files.writeString(
                folder.resolve("catalogues/mine.yaml"),
                "resources: { contacts: { operations: { get: { call: \"GET /people/{id}\" } } } }\n");

        Packed packed = pack(folder, null);

        assertThat(packed.archive().manifest().name()).isEqualTo("default");
        assertThat(packed.archive().manifest().files()).containsKey("catalogues/mine.yaml");
        assertThat(packed.leftOut()).containsExactly("catalogues/other.yaml");
    }

    @Test
    void a_version_that_is_given_wins_and_one_is_needed() throws IOException {
        assertThat(pack(folder, "2.0.0-rc.1").archive().manifest().version()).isEqualTo("2.0.0-rc.1");

        PackedBundles.folder(folder, "one");
        assertThatThrownBy(() -> pack(folder, null))
                .hasMessageContaining("bridge.bundle.version=one is no semantic version: write for example 1.2.0");
        PackedBundles.folder(folder, "");
        assertThatThrownBy(() -> pack(folder, null))
                .hasMessageContaining("bridge.bundle.version is not set")
                .hasMessageContaining("--version 1.2.0");
    }

    @Test
    void a_bundle_with_findings_is_not_packed() throws IOException {
        PackedBundles.route(folder, "more", "impactiveai:dealz");

        assertThatThrownBy(() -> pack(folder, null))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("routes/more.yaml:4")
                .hasMessageContaining("did you mean \"deals\"?");
    }

    @Test
    void a_bundle_that_needs_what_is_left_out_is_not_packed() throws IOException {
        Files.writeString(folder.resolve("routes/more.yaml"), """
                - route:
                    id: more
                    from:
                      uri: impactiveai:deals
                      steps:
                        - to:
                            uri: map:.secret
                """);
        write("mappings/.secret.jslt");
        Files.writeString(folder.resolve("mappings/.secret.jslt"), "{\"a\": .b}");

        assertThatThrownBy(() -> pack(folder, null))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("routes/more.yaml:7")
                .hasMessageContaining("was left out: mappings/.secret.jslt");
    }

    @Test
    void a_link_is_followed_inside_of_the_bundle_and_refused_where_it_leads_out() throws IOException {
        Path outside = Files.writeString(temp.resolve("outside.jslt"), "{\"a\": .b}");
        Files.createSymbolicLink(folder.resolve("mappings/same.jslt"), Path.of("größe.jslt"));
        assertThat(pack(folder, null).archive().manifest().files()).containsKey("mappings/same.jslt");

        Files.createSymbolicLink(folder.resolve("mappings/out.jslt"), outside);
        assertThatThrownBy(() -> pack(folder, null))
                .isInstanceOf(BundleException.class)
                .hasMessageContaining("mappings/out.jslt")
                .hasMessageContaining("leads out of the bundle");
        Files.delete(folder.resolve("mappings/out.jslt"));

        Files.createSymbolicLink(folder.resolve("templates"), temp);
        assertThatThrownBy(() -> pack(folder, null))
                .hasMessageContaining("templates")
                .hasMessageContaining("link");
    }
}
