package io.crmbridge.bundle.test;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.component.rehearse.Answer;
import io.crmbridge.feed.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a test says that targets answer; of several for one target each is given once, the last one on and on. */
final class Answers {
    private final List<JsonNode> answers;
    private final Map<String, Integer> asked = new HashMap<>();

    Answers(List<JsonNode> answers) {
        this.answers = answers;
    }

    /** @param resolved a target as a test names it, with its placeholders filled in */
    synchronized Optional<Answer> to(String target, String operation, UnaryOperator<String> resolved) {
        List<JsonNode> mine = answers.stream()
                .filter(answer ->
                        Targets.name(resolved.apply(answer.path("to").asText())).equals(target))
                .filter(answer -> !answer.has("operation")
                        || answer.path("operation").asText().equalsIgnoreCase(operation))
                .toList();
        if (mine.isEmpty()) {
            return Optional.empty();
        }
        int nth = asked.merge(target + " " + operation, 1, Integer::sum);
        return Optional.of(answer(mine.get(Math.min(nth, mine.size()) - 1)));
    }

    private static Answer answer(JsonNode told) {
        return new Answer(
                told.has("body") ? Optional.of(told.path("body")) : Optional.empty(),
                told.path("status").asInt(),
                told.has("error") ? Optional.of(failure(told.path("error").asText())) : Optional.empty());
    }

    private static Outcome failure(String kind) {
        String reason = "as the test has it";
        return switch (kind) {
            case "passing" -> new Outcome.Passing(reason, Optional.empty());
            case "refused" -> new Outcome.Refused(reason);
            case "down" -> new Outcome.TargetDown(reason);
            default -> new Outcome.Permanent(reason);
        };
    }
}
