package io.crmbridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/compatibility.md promises. Each released version's surface lies in released/VERSION/surface.txt; that of the coming
 * one is written by {@code mvn -Dtest=SurfaceTest -Dupdate.surface=true test}.
 */
class SurfaceTest {
    private static final Path RELEASED = Path.of("src/test/resources/released");

    /** @param snapshot whether it is still being worked on */
    private record Version(int major, int minor, int patch, boolean snapshot) implements Comparable<Version> {
        static Version of(String text) {
            String[] parts = text.replace("-SNAPSHOT", "").split("\\.");
            return new Version(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    text.endsWith("-SNAPSHOT"));
        }

        static Version ofTheProgram() throws IOException {
            return of(new ObjectMapper()
                    .readTree(Path.of("target/classes/META-INF/io/crmbridge/component/hook/hook.json")
                            .toFile())
                    .at("/component/version")
                    .asText());
        }

        /** Within a series nothing is taken away: a major version, or a minor one while the major is 0. */
        boolean isOfTheSeriesOf(Version other) {
            return major == other.major && (major > 0 || minor == other.minor);
        }

        Path surface() {
            return RELEASED.resolve("%d.%d.%d/surface.txt".formatted(major, minor, patch));
        }

        @Override
        public int compareTo(Version other) {
            return Comparator.comparingInt(Version::major)
                    .thenComparingInt(Version::minor)
                    .thenComparingInt(Version::patch)
                    .compare(this, other);
        }
    }

    private static List<Version> versions() throws IOException {
        try (Stream<Path> folders = Files.list(RELEASED)) {
            return folders.map(folder -> Version.of(folder.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void what_a_released_version_has_is_still_there() throws IOException {
        Version now = Version.ofTheProgram();
        Surface today = Surface.today();
        if (Boolean.getBoolean("update.surface")) {
            Files.createDirectories(now.surface().getParent());
            Files.writeString(now.surface(), today.text());
        }
        List<Version> series = versions().stream().filter(now::isOfTheSeriesOf).toList();
        assertThat(series)
                .as("the surface of %s, which -Dupdate.surface=true writes", now)
                .isNotEmpty();
        for (Version version : series) {
            assertThat(Surface.read(version.surface()).notKeptBy(today, false))
                    .as(
                            "%s breaks what %s promises. Bring it back and deprecate it, or make this the first version of a new"
                                    + " series (docs/compatibility.md). Only what was never released may change: -Dupdate.surface=true",
                            now, version)
                    .isEmpty();
        }
        versions().stream()
                .filter(version -> version.compareTo(now) < 0 && !now.isOfTheSeriesOf(version))
                .max(Comparator.naturalOrder())
                .ifPresent(last -> assertThat(keptOfTheSeriesBefore(last, today))
                        .as("%s takes away what %s had not deprecated (docs/compatibility.md)", now, last)
                        .isEmpty());
        if (!now.snapshot()) {
            assertThat(Files.readString(now.surface()))
                    .as("what is released is written down: -Dupdate.surface=true")
                    .isEqualTo(today.text());
        }
    }

    private static List<String> keptOfTheSeriesBefore(Version last, Surface today) {
        try {
            return Surface.read(last.surface()).notKeptBy(today, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Surface changed(Surface surface, String name, Map<String, String> attributes) {
        Map<String, Map<String, String>> lines = new TreeMap<>(surface.lines());
        assertThat(lines).as("what is changed is there").containsKey(name);
        if (attributes.isEmpty()) {
            lines.remove(name);
        } else {
            lines.put(name, attributes);
        }
        return new Surface(lines);
    }

    @Test
    void what_is_taken_away_or_changed_is_told() throws IOException {
        Surface today = Surface.today();

        for (String name : List.of(
                "uri hook",
                "option impactiveai startFrom",
                "option impactiveai retry.*",
                "operation impactiveai:contacts update",
                "key bridge.hook.<name>.url",
                "header CamelCrmChange",
                "property crmPrevious",
                "command bundle new",
                "command-option bundle new --from",
                "exit-code 3",
                "json status --json routes delivered",
                "http GET /api/status",
                "lead-file sequences when")) {
            assertThat(today.notKeptBy(changed(today, name, Map.of()), false)).containsExactly(name + " is gone");
        }
        assertThat(today.notKeptBy(
                        changed(today, "option impactiveai delay", Map.of("type", "duration", "default", "1m")), false))
                .containsExactly("option impactiveai delay had the default 5m, and now 1m");
        assertThat(today.notKeptBy(
                        changed(
                                today,
                                "option impactiveai startFrom",
                                Map.of("type", "enum", "words", "now,beginning,yesterday")),
                        false))
                .containsExactly("option impactiveai startFrom does not take mirror any more");
        assertThat(today.notKeptBy(changed(today, "command bundle new", Map.of("needs", "PATTERN")), false))
                .containsExactly("command bundle new needs PATTERN, and did not");
    }

    @Test
    void what_is_new_is_fine_and_what_was_deprecated_may_go_with_the_next_series() throws IOException {
        Surface today = Surface.today();
        String option = "option impactiveai limit";
        Surface without = changed(today, option, Map.of());
        Surface deprecated = changed(today, option, Map.of("type", "integer", "deprecated", "true"));

        assertThat(without.notKeptBy(today, false)).isEmpty();
        assertThat(deprecated.notKeptBy(without, true)).isEmpty();
        assertThat(deprecated.notKeptBy(without, false)).containsExactly(option + " is gone");
        assertThat(today.notKeptBy(without, true)).containsExactly(option + " is gone");
    }

    @Test
    void a_surface_is_read_as_it_was_written(@TempDir Path folder) throws IOException {
        Surface today = Surface.today();

        assertThat(Surface.read(Files.writeString(folder.resolve("surface.txt"), today.text())))
                .isEqualTo(today);
        assertThat(today.lines()).hasSizeGreaterThan(300);
    }
}
