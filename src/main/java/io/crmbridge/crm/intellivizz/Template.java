package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Puts values in the place of {@code {placeholders}}. */
final class Template {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)(?::(\\w+))?}");

    /** @param form empty, or what is made of the value */
    record Placeholder(String name, String form) {
        private static Placeholder of(MatchResult match) {
            return new Placeholder(match.group(1), match.group(2) == null ? "" : match.group(2));
        }
    }

    private Template() {}

    static List<Placeholder> placeholders(String text) {
        return PLACEHOLDER.matcher(text).results().map(Placeholder::of).toList();
    }

    static Stream<String> texts(JsonNode template) {
        return template.isContainerNode()
                ? StreamSupport.stream(template.spliterator(), false).flatMap(Template::texts)
                : template.isTextual() ? Stream.of(template.textValue()) : Stream.empty();
    }

    /** A body: what is left out of the root leaves an empty root. */
    static JsonNode body(JsonNode template, Map<String, JsonNode> values) {
        return node(template, values)
                .orElseGet(() -> template.isArray()
                        ? JsonNodeFactory.instance.arrayNode()
                        : JsonNodeFactory.instance.objectNode());
    }

    /** Empty where there are placeholders and none has a value: a condition without its value is no condition. */
    private static Optional<JsonNode> node(JsonNode template, Map<String, JsonNode> values) {
        if (template.isTextual()) {
            return one(template.textValue(), values);
        }
        if (template.isContainerNode()
                && names(template).findAny().isPresent()
                && names(template).noneMatch(name -> has(name, values))) {
            return Optional.empty();
        }
        if (template instanceof ObjectNode object) {
            ObjectNode made = JsonNodeFactory.instance.objectNode();
            object.properties()
                    .forEach(member ->
                            node(member.getValue(), values).ifPresent(value -> made.set(member.getKey(), value)));
            return Optional.of(made);
        }
        if (template instanceof ArrayNode array) {
            ArrayNode made = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> node(element, values).ifPresent(made::add));
            return Optional.of(made);
        }
        return Optional.of(template);
    }

    private static Stream<String> names(JsonNode template) {
        return texts(template).flatMap(text -> placeholders(text).stream()).map(Placeholder::name);
    }

    /** With the value's own type where the text is one placeholder alone. */
    private static Optional<JsonNode> one(String text, Map<String, JsonNode> values) {
        Matcher alone = PLACEHOLDER.matcher(text);
        return alone.matches()
                ? value(Placeholder.of(alone), values)
                : text(text, values).map(JsonNodeFactory.instance::textNode);
    }

    /** A text; empty where a placeholder has no value. */
    static Optional<String> text(String text, Map<String, JsonNode> values) {
        if (placeholders(text).stream().anyMatch(placeholder -> !has(placeholder.name(), values))) {
            return Optional.empty();
        }
        return Optional.of(PLACEHOLDER
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        words(value(Placeholder.of(match), values).orElseThrow()))));
    }

    /** @throws IllegalArgumentException where a value is missing, or would lead to another place */
    static String path(String path, Map<String, JsonNode> values) {
        return PLACEHOLDER
                .matcher(path)
                .replaceAll(match ->
                        Matcher.quoteReplacement(encode(step(path, match.group(1), values.get(match.group(1))))));
    }

    private static String step(String path, String name, JsonNode value) {
        String text = value == null || !value.isValueNode() ? "" : value.asText();
        if (value == null || value.isNull() || text.isBlank()) {
            throw new IllegalArgumentException("%s needs %s, and it is not given".formatted(path, name));
        }
        if (Arrays.stream(text.split("[/\\\\]", -1)).anyMatch(part -> part.equals(".") || part.equals(".."))
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "%s: what is given as %s would lead elsewhere than its place in the path".formatted(path, name));
        }
        return text;
    }

    static boolean has(String name, Map<String, JsonNode> values) {
        JsonNode value = values.get(name);
        return value != null && !value.isNull() && !value.isMissingNode();
    }

    private static Optional<JsonNode> value(Placeholder placeholder, Map<String, JsonNode> values) {
        if (!has(placeholder.name(), values)) {
            return Optional.empty();
        }
        JsonNode value = values.get(placeholder.name());
        return Optional.of(
                placeholder.form().equals("millis")
                        ? JsonNodeFactory.instance.numberNode(millis(placeholder.name(), value))
                        : value);
    }

    private static long millis(String name, JsonNode value) {
        try {
            return Instant.parse(value.asText()).toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "{%s:millis} needs a time as in 2026-01-31T12:00:00Z".formatted(name), e);
        }
    }

    private static String words(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
