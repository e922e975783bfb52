package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request of a collection, without what is a secret in it.
 *
 * @param place names of its folders and its own, joined by slashes
 * @param base scheme and host, and the path that a variable brings along; empty where the collection does not say it
 * @param segments of the path; one that is to be given is {@code {name}}
 * @param bodyMode as the collection names it; empty where it has no body
 * @param answer the first example of an answer in JSON
 * @param disabled what is switched off in it and so not taken
 */
record Sample(
        String place,
        List<String> folders,
        String name,
        String verb,
        String base,
        List<String> segments,
        Map<String, String> query,
        Map<String, String> headers,
        Optional<JsonNode> body,
        String bodyMode,
        Optional<JsonNode> answer,
        List<String> disabled) {
    private static final Pattern GIVEN = Pattern.compile("\\{\\w+}");

    static boolean given(String segment) {
        return GIVEN.matcher(segment).find();
    }

    List<String> literals() {
        return segments.stream().filter(segment -> !given(segment)).toList();
    }

    /** Names of what the path needs, in its order. */
    List<String> needs() {
        return Template.placeholders(String.join("/", segments)).stream()
                .map(Template.Placeholder::name)
                .toList();
    }

    String call() {
        return verb + " /" + String.join("/", segments);
    }
}
