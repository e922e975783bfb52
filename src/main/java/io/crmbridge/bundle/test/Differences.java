package io.crmbridge.bundle.test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** What is expected beside what there is, as lines for people: the path of a field, then - what is expected and + what there is. */
final class Differences {
    /** Fields of mails and files of which a part is a part of the text. */
    private static final Set<String> TEXTS = Set.of("text", "html");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INDENT = "  ";

    private final List<String> lines = new ArrayList<>();

    List<String> lines() {
        return lines;
    }

    /** All of it is as expected. */
    Differences whole(String path, JsonNode expected, JsonNode actual) {
        compare(path, expected, actual, false);
        return this;
    }

    /** All that is expected is there; there may be more. */
    Differences part(String path, JsonNode expected, JsonNode actual) {
        compare(path, expected, actual, true);
        return this;
    }

    private void compare(String path, JsonNode expected, JsonNode actual, boolean part) {
        if (expected.isObject() && actual.isObject()) {
            for (Map.Entry<String, JsonNode> field : expected.properties()) {
                compare(below(path, field.getKey()), field.getValue(), actual.path(field.getKey()), part);
            }
            for (Map.Entry<String, JsonNode> field : actual.properties()) {
                if (!part && !expected.has(field.getKey())) {
                    lines.add(below(path, field.getKey()));
                    lines.addAll(marked("+ ", yaml(field.getValue())));
                }
            }
        } else if (expected.isArray() && actual.isArray()) {
            elements(path, expected, actual, part);
        } else if (expected.isTextual() && actual.isTextual()) {
            texts(path, expected.asText(), actual.asText(), part);
        } else if (!equal(expected, actual)) {
            lines.add(path);
            lines.addAll(marked("- ", yaml(expected)));
            lines.addAll(actual.isMissingNode() ? List.of(INDENT + "+ (nothing)") : marked("+ ", yaml(actual)));
        }
    }

    private void elements(String path, JsonNode expected, JsonNode actual, boolean part) {
        if (part) {
            for (int i = 0; i < expected.size(); i++) {
                JsonNode one = expected.get(i);
                boolean there = false;
                for (JsonNode other : actual) {
                    there |= new Differences().part("", one, other).lines().isEmpty();
                }
                if (!there) {
                    lines.add("%s has no such element".formatted(path));
                    lines.addAll(marked("- ", yaml(one)));
                }
            }
            return;
        }
        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            String at = "%s[%d]".formatted(path, i);
            if (i >= actual.size()) {
                lines.add(at);
                lines.addAll(marked("- ", yaml(expected.get(i))));
            } else if (i >= expected.size()) {
                lines.add(at);
                lines.addAll(marked("+ ", yaml(actual.get(i))));
            } else {
                compare(at, expected.get(i), actual.get(i), false);
            }
        }
    }

    private void texts(String path, String expected, String actual, boolean part) {
        String field = path.substring(path.lastIndexOf('.') + 1);
        String plain = plain(actual);
        if (part && TEXTS.contains(field)) {
            if (!plain.contains(plain(expected))) {
                lines.add("%s does not contain".formatted(path));
                lines.addAll(marked("- ", plain(expected)));
                lines.addAll(marked("+ ", plain));
            }
        } else if (!plain(expected).equals(plain)) {
            lines.add(path);
            lines.addAll(LineDifference.of(plain(expected), plain).stream()
                    .map(line -> INDENT + line)
                    .toList());
        }
    }

    /** How lines end, and blanks after the last one, are nobody's wish. */
    private static String plain(String text) {
        return text.replace("\r\n", "\n").stripTrailing();
    }

    /** Numbers by their value, and what is not there as null. */
    private static boolean equal(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        return expected.isNull() && actual.isMissingNode() || expected.equals(actual);
    }

    private static String below(String path, String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    static List<String> marked(String mark, String text) {
        return text.lines().map(line -> INDENT + mark + line).toList();
    }

    /** As a test would write it. */
    static String yaml(JsonNode tree) {
        if (tree.isValueNode()) {
            return tree.isTextual() ? tree.asText() : tree.toString();
        }
        DumpSettings block = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(Integer.MAX_VALUE)
                .build();
        return new Dump(block)
                .dumpToString(JSON.convertValue(tree, Object.class))
                .stripTrailing();
    }
}
