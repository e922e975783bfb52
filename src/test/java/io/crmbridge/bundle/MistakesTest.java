package io.crmbridge.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.bundle.place.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus of mistakes: each is found at its place, by its kind, with the right word, and nothing else is. */
class MistakesTest {
    private static final String BEGIN = "<!-- made by MistakesTest: begin -->\n";
    private static final String END = "<!-- made by MistakesTest: end -->\n";
    private static final AtomicInteger TRIED = new AtomicInteger();
    private static final AtomicInteger FOUND = new AtomicInteger();
    private static final AtomicLong TIME = new AtomicLong();

    @TempDir
    private Path folder;

    static List<Mistake> mistakes() {
        return Mistake.all();
    }

    private static List<Problem> problems(Bundle bundle) {
        return Validation.of(bundle, Map.of(), Optional.empty()).problems();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void a_mistake_is_found_with_its_place_its_kind_and_the_right_word(Mistake mistake) {
        TRIED.incrementAndGet();
        Bundle bundle = mistake.in(folder);
        long begin = System.nanoTime();
        List<Problem> problems = problems(bundle);
        TIME.addAndGet(System.nanoTime() - begin);

        assertThat(problems)
                .extracting(MistakesTest::summary)
                .containsExactlyInAnyOrderElementsOf(
                        mistake.finds().stream().map(MistakesTest::summary).toList());
        for (Mistake.Expected expected : mistake.finds()) {
            assertThat(problems)
                    .filteredOn(problem -> summary(problem).equals(summary(expected)))
                    .first()
                    .extracting(problem -> problem.finding().message())
                    .asString()
                    .contains(expected.says());
        }
        assertThat(problems.toString()).doesNotContain(folder.toString());
        mistake.hides().forEach(secret -> assertThat(problems.toString()).doesNotContain(secret));
        FOUND.incrementAndGet();
    }

    @Test
    void the_correct_bundle_has_no_finding_and_no_warning() {
        Mistake.write(Mistake.base(), folder);

        assertThat(problems(Bundle.at(folder, Map.of()))).isEmpty();
    }

    @Test
    void the_shipped_bundle_has_no_finding_and_no_warning() {
        assertThat(problems(Bundle.at(Path.of("."), Map.of()))).isEmpty();
    }

    @Test
    void the_shipped_bundle_as_the_demo_runs_it_has_none_either() throws IOException {
        Map<String, String> overrides = new TreeMap<>();
        try (Stream<String> lines = Files.lines(Path.of("application.properties"))) {
            lines.map(line -> line.split("=")[0])
                    .filter(key -> key.matches("bridge\\.route\\..*\\.enabled"))
                    .forEach(key -> overrides.put(key, "true"));
        }
        overrides.put("bridge.connection.default.base-url", "http://127.0.0.1:8099");
        overrides.put("bridge.connection.default.api-key", "icrm_" + "0".repeat(32));
        overrides.put("bridge.connection.intellivizz.base-url", "http://127.0.0.1:8098");
        overrides.put("bridge.connection.intellivizz.api-key", "key");
        overrides.put("bridge.connection.intellivizz.location-id", "loc");
        overrides.put("intellivizz.poll.delay", "3s");
        overrides.put("poll.delay", "1s");
        overrides.put("bridge.allow-fast-poll", "true");
        overrides.put("bridge.mail.office.host", "127.0.0.1");
        overrides.put("bridge.mail.office.from", "bridge@example.com");
        overrides.put("bridge.mail.office.to", "sales@example.com");
        overrides.put("leads.mail.url", "imap:127.0.0.1:8143");
        for (String hook : List.of("companies", "projects", "replies", "opportunities", "erp")) {
            overrides.put("bridge.hook." + hook + ".url", "http://127.0.0.1:8097/" + hook);
            overrides.put("bridge.hook." + hook + ".secret", "whsec_" + "0".repeat(32));
            overrides.put("bridge.hook." + hook + ".allow-private", "true");
        }

        assertThat(problems(Bundle.at(Path.of("."), overrides))).isEmpty();
    }

    @Test
    void the_page_of_findings_is_that_of_the_program() throws IOException {
        StringBuilder table = new StringBuilder("\n| Code | For example | What to do |\n|---|---|---|\n");
        for (Code code : Code.values()) {
            table.append("| `%s` | %s | %s |%n".formatted(code.id(), sample(code), code.advice()));
        }
        Path page = Path.of("docs/validate.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(end).isGreaterThanOrEqualTo(begin);
        String made = table.append('\n').toString();
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(page, text.substring(0, begin) + made + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end))
                .as("docs/validate.md is stale: run mvn -Dtest=MistakesTest -Dupdate.docs=true test, and commit it")
                .isEqualTo(made);
    }

    /** What is told of the first mistake of the kind. */
    private String sample(Code code) {
        return mistakes().stream()
                .filter(mistake -> mistake.finds().stream()
                        .anyMatch(expected -> expected.code().equals(code.id())))
                .findFirst()
                .map(mistake -> problems(mistake.in(folder.resolve(code.id()))).stream()
                        .filter(problem -> problem.code() == code)
                        .findFirst()
                        .orElseThrow()
                        .toString())
                .map(line -> "`" + line.replace("|", "\\|") + "`")
                .orElse("");
    }

    @Test
    void every_kind_of_finding_is_in_the_corpus() {
        Set<String> kinds = mistakes().stream()
                .flatMap(mistake -> mistake.finds().stream())
                .map(Mistake.Expected::code)
                .collect(Collectors.toSet());

        assertThat(kinds)
                .containsAll(Stream.of(Code.values())
                        .filter(code -> code != Code.NO_BUNDLE)
                        .map(Code::id)
                        .toList());
        assertThat(mistakes()).hasSizeGreaterThanOrEqualTo(130);
    }

    @AfterAll
    static void tell_the_score() {
        System.out.printf(
                "mistakes found, each with its place and nothing else: %d of %d, %d ms each%n",
                FOUND.get(), TRIED.get(), TIME.get() / 1_000_000 / Math.max(TRIED.get(), 1));
    }

    private static String summary(Problem problem) {
        Finding finding = problem.finding();
        return summary(
                problem.severity(), problem.code().id(), finding.file(), new Place(finding.line(), finding.column()));
    }

    private static String summary(Mistake.Expected expected) {
        return summary(expected.warning() ? "warning" : "error", expected.code(), expected.file(), expected.place());
    }

    private static String summary(String severity, String code, String file, Place place) {
        return "%s:%d:%d: %s %s".formatted(file, place.line(), place.column(), severity, code);
    }
}
