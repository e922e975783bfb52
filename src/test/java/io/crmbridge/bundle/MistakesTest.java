package io.crmbridge.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.bundle.place.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus of mistakes: each is found at its place, by its kind, with the right word, and nothing else is. */
class MistakesTest {
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
        List<Problem> problems = problems(mistake.in(folder));

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
    }

    @Test
    void the_correct_bundle_has_no_finding_and_no_warning() {
        Mistake.write(Mistake.base(), folder);

        assertThat(problems(Bundle.at(folder, Map.of()))).isEmpty();
    }

    @Test
    void every_kind_of_finding_is_in_the_corpus_and_the_score_is_whole() {
        List<Mistake> mistakes = mistakes();
        List<String> missed = new ArrayList<>();
        Instant begin = Instant.now();
        for (int at = 0; at < mistakes.size(); at++) {
            Mistake mistake = mistakes.get(at);
            List<String> found = problems(mistake.in(folder.resolve("case-" + at))).stream()
                    .map(MistakesTest::summary)
                    .toList();
            if (mistake.finds().stream().map(MistakesTest::summary).anyMatch(expected -> !found.contains(expected))) {
                missed.add(mistake.name());
            }
        }
        System.out.printf(
                "mistakes found: %d of %d, %d ms each%n",
                mistakes.size() - missed.size(),
                mistakes.size(),
                Duration.between(begin, Instant.now()).toMillis() / mistakes.size());
        Set<String> kinds = mistakes.stream()
                .flatMap(mistake -> mistake.finds().stream())
                .map(Mistake.Expected::code)
                .collect(Collectors.toSet());

        assertThat(missed).isEmpty();
        assertThat(kinds)
                .containsAll(java.util.stream.Stream.of(Code.values())
                        .filter(code -> code != Code.NO_BUNDLE)
                        .map(Code::id)
                        .toList());
        assertThat(mistakes).hasSizeGreaterThanOrEqualTo(100);
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
