package io.crmbridge.bundle.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PatternsTest {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w[\\w.-]+)}}");

    private static final List<BundlePattern> SHIPPED = Patterns.shipped();

    @TempDir
    Path folder;

    static List<BundlePattern> shipped() {
        return SHIPPED;
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void every_pattern_makes_a_bundle_without_findings_and_warnings_and_tells_all_that_is_to_be_set(
            BundlePattern pattern) throws IOException {
        NewBundle made = NewBundle.make(pattern, "my-" + pattern.name(), folder.resolve("made"));

        BundleReader.Reading reading = BundleReader.read(Bundle.at(made.folder(), Map.of()), Map.of());
        assertThat(reading.findings()).isEmpty();
        assertThat(reading.warnings()).isEmpty();
        assertThat(reading.routes()).containsExactlyInAnyOrderElementsOf(pattern.routes());
        assertThat(reading.config().bundle()).isEqualTo("my-" + pattern.name());
        assertThat(pattern.description()).isNotBlank();
        isSwitchedOnByWhatIsTold(made);
    }

    /** With what is told to be set, all that is off is on: nothing to set is left out. */
    private static void isSwitchedOnByWhatIsTold(NewBundle made) throws IOException {
        Map<String, String> overrides = new TreeMap<>();
        Files.readString(made.folder().resolve("application.properties"))
                .lines()
                .forEach(line -> made.toSet().forEach((variable, value) -> {
                    if (line.contains("{{env:" + variable + ":")) {
                        overrides.put(line.split("=")[0], value.equals("true") ? value : fit(line));
                    }
                }));

        BundleReader.Reading reading = BundleReader.read(Bundle.at(made.folder(), overrides), Map.of());

        assertThat(reading.findings()).isEmpty();
        assertThat(reading.off()).isEmpty();
    }

    private static String fit(String line) {
        String key = line.split("=")[0];
        if (key.equals("leads.mail.url")) {
            return "imaps:imap.example.com";
        }
        if (key.startsWith("bridge.datasource.")) {
            return "jdbc:sqlite::memory:";
        }
        return key.endsWith(".url") || key.endsWith("webhook") ? "https://example.com/" : "somebody@example.com";
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void a_pattern_has_no_key_that_its_routes_do_not_use(BundlePattern pattern) throws IOException {
        String routes = pattern.files().entrySet().stream()
                .filter(file -> file.getKey().startsWith("routes/"))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining());
        Set<String> used = PLACEHOLDER
                .matcher(routes)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        Properties properties = new Properties();
        properties.load(new StringReader(pattern.files().get("application.properties")));

        assertThat(properties.stringPropertyNames()).allSatisfy(key -> {
            String[] words = key.split("\\.");
            if (!key.startsWith("bridge.")) {
                assertThat(used).contains(key);
            } else if (words[1].equals("connection")) {
                assertThat(words[2].equals("default") || routes.contains("connection: " + words[2]))
                        .as(key)
                        .isTrue();
            } else if (words[1].equals("route")) {
                assertThat(pattern.routes()).contains(words[2]);
            } else {
                assertThat(routes).contains(words[2]);
            }
        });
    }

    @Test
    void every_shipped_route_belongs_to_a_pattern_with_all_files_that_it_names() throws IOException {
        Set<String> belong = new TreeSet<>();
        Set<String> files = new TreeSet<>();
        shipped().forEach(pattern -> {
            belong.addAll(pattern.routes());
            files.addAll(pattern.files().keySet());
        });

        assertThat(belong)
                .containsExactlyInAnyOrderElementsOf(BundleReader.read(Bundle.at(Path.of("."), Map.of()), Map.of())
                        .routes());
        for (String part : List.of("routes", "mappings", "templates", "schemas", "leads", "tests")) {
            if (Files.isDirectory(Path.of(part))) {
                try (Stream<Path> all = Files.walk(Path.of(part))) {
                    assertThat(files)
                            .containsAll(all.filter(Files::isRegularFile)
                                    .map(Path::toString)
                                    .toList());
                }
            }
        }
    }

    @Test
    void the_shipped_files_are_the_same_in_a_jar(@TempDir Path other) throws IOException {
        Path jar = other.resolve("a b.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, String> file : ShippedFiles.read().entrySet()) {
                out.putNextEntry(new JarEntry("some/shipped/" + file.getKey()));
                out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }

        assertThat(ShippedFiles.read(new URL("jar:" + jar.toUri() + "!/some/shipped/application.properties")))
                .isEqualTo(ShippedFiles.read());
    }

    @Test
    void names_are_short_where_the_file_of_the_route_has_another_and_both_are_understood() {
        assertThat(shipped().stream().map(BundlePattern::name))
                .isSorted()
                .contains("deals-nightly-csv", "deal-won", "web-form", "replies", "form-to-lead", "overdue", "alerts");
        assertThat(Patterns.named("deals-report")).isEqualTo(Patterns.named("deals-nightly-csv"));
    }

    @Test
    void a_pattern_that_does_not_exist_is_told_with_the_nearest() {
        assertThatThrownBy(() -> Patterns.named("deal-wun"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no pattern \"deal-wun\": did you mean \"deal-won\"?; there are alerts, ");
    }

    @Test
    void a_route_that_fills_an_inbox_comes_with_the_one_that_reads_it() {
        assertThat(Patterns.named("leads-csv").routes()).containsExactly("leads-csv", "leads");
    }

    @Test
    void comments_stay_with_their_keys() {
        assertThat(Patterns.named("deal-won").files().get("application.properties"))
                .isEqualTo("""
                # The workspace. Create a key in ImpactiveAI under Workspace Settings, Integrations, API Keys, and
                #   export IMPACTIVEAI_API_KEY=icrm_...
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url={{env:IMPACTIVEAI_BASE_URL:https://app.impactiveai.com}}
                bridge.connection.default.api-key={{env:IMPACTIVEAI_API_KEY:}}

                # Where won deals go (routes/deal-won.yaml). Without a url that route stays off.
                bridge.hook.erp.url={{env:ERP_WEBHOOK_URL:}}
                bridge.hook.erp.secret={{env:ERP_WEBHOOK_SECRET:}}

                # How often the CRM is asked for what has changed.
                poll.delay=5m
                """);
    }

    @Test
    void nothing_is_written_into_a_folder_with_something_in_it() throws IOException {
        Path taken = Files.createDirectories(folder.resolve("taken"));
        Files.writeString(taken.resolve("mine.txt"), "mine");

        for (Path full : List.of(taken, taken.resolve("mine.txt"))) {
            assertThatThrownBy(() -> NewBundle.make(Patterns.named("alerts"), "taken", full))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not empty, and nothing is written over");
        }
        try (Stream<Path> files = Files.list(taken)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void a_name_that_is_a_path_or_has_blanks_is_refused() {
        for (String name : List.of("../x", "a b", "", ".", "-x", "a.b")) {
            assertThatThrownBy(() -> NewBundle.make(Patterns.named("alerts"), name, folder.resolve("new")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is no name of a bundle");
        }
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void an_editor_finds_the_schema_from_every_file_that_has_one() throws IOException {
        Path made = NewBundle.make(Patterns.named("web-form"), "mine", folder.resolve("made"))
                .folder();

        for (String file : List.of("routes/leads.yaml", "leads/web.yaml")) {
            MatchResult schema = Pattern.compile("^# yaml-language-server: \\$schema=(.*)\n")
                    .matcher(Files.readString(made.resolve(file)))
                    .results()
                    .findFirst()
                    .orElseThrow();
            assertThat(made.resolve(file).resolveSibling(schema.group(1)).normalize())
                    .isRegularFile();
        }
        assertThat(made.resolve("application.properties")).content().startsWith("# A lead becomes a contact");
    }
}
