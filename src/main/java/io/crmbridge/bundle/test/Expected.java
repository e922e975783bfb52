package io.crmbridge.bundle.test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.component.rehearse.Sent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a test expects to be sent, compared with what was. */
final class Expected {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Fields of a mail, a file or a query, which stand beside {@code to} in a test; by their names in what is sent. */
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("from", "from"),
            Map.entry("recipients", "to"),
            Map.entry("cc", "cc"),
            Map.entry("bcc", "bcc"),
            Map.entry("subject", "subject"),
            Map.entry("text", "text"),
            Map.entry("html", "html"),
            Map.entry("attachments", "attachments"),
            Map.entry("file", "file"),
            Map.entry("rows", "rows"),
            Map.entry("query", "query"),
            Map.entry("parameters", "parameters"));

    private final UnaryOperator<String> resolved;

    /** @param resolved a text with its placeholders filled in */
    Expected(UnaryOperator<String> resolved) {
        this.resolved = resolved;
    }

    /** @return lines for people; none where all is as expected */
    List<String> compare(List<JsonNode> expected, List<Sent> sent, boolean unordered) {
        List<Sent> left = new ArrayList<>(sent);
        List<String> lines = new ArrayList<>();
        for (JsonNode one : expected) {
            int found = find(one, left, unordered);
            if (found < 0) {
                lines.add("not sent: " + title(one));
                continue;
            }
            Sent match = left.remove(found);
            lines.addAll(differences(one, match));
        }
        for (Sent more : left) {
            lines.add("sent besides: " + title(more));
            lines.addAll(Differences.marked("+ ", Differences.yaml(more.body())));
        }
        if (lines.isEmpty() && !unordered) {
            lines.addAll(order(expected, sent));
        }
        return lines;
    }

    /** The first to the same target, the one that is just as expected before others. */
    private int find(JsonNode one, List<Sent> left, boolean unordered) {
        int first = -1;
        for (int i = 0; i < left.size(); i++) {
            if (isTo(one, left.get(i))) {
                if (!unordered || differences(one, left.get(i)).isEmpty()) {
                    return i;
                }
                first = first < 0 ? i : first;
            }
        }
        return first;
    }

    private List<String> order(List<JsonNode> expected, List<Sent> sent) {
        for (int i = 0; i < expected.size(); i++) {
            if (!isTo(expected.get(i), sent.get(i))) {
                return List.of(
                        "sent in another order (unordered: true allows it)",
                        "  - " + expected.stream().map(this::title).toList(),
                        "  + " + sent.stream().map(Expected::title).toList());
            }
        }
        return List.of();
    }

    private boolean isTo(JsonNode expected, Sent sent) {
        return Targets.name(resolved.apply(expected.path("to").asText())).equals(sent.to())
                && (!expected.has("operation")
                        || expected.path("operation").asText().equalsIgnoreCase(sent.operation()));
    }

    private List<String> differences(JsonNode expected, Sent sent) {
        String to = sent.to();
        Differences differences = new Differences();
        if (expected.has("body")) {
            differences.whole(to + ", body", expected.path("body"), sent.body());
        }
        if (expected.has("contains")) {
            differences.part(to + ", body", expected.path("contains"), sent.body());
        }
        SHORT.forEach((word, field) -> {
            if (expected.has(word)) {
                differences.whole(
                        to + ", " + word, expected.path(word), sent.body().path(field));
            }
        });
        if (expected.has("headers")) {
            differences.part(to + ", headers", expected.path("headers"), JSON.valueToTree(sent.headers()));
        }
        if (expected.has("about")) {
            differences.whole(to + ", about", expected.path("about"), JSON.valueToTree(sent.about()));
        }
        return differences.lines();
    }

    private String title(JsonNode expected) {
        String operation = expected.path("operation").asText("");
        return Targets.name(resolved.apply(expected.path("to").asText()))
                + (operation.isEmpty() ? "" : " " + operation);
    }

    static String title(Sent sent) {
        return sent.operation().isEmpty() || sent.kind() == Sent.Kind.HOOK
                ? sent.to()
                : sent.to() + " " + sent.operation();
    }
}
