package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads YAML so that every mistake is found with its file and line. Not thread-safe. */
final class YamlNodes {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> findings = new ArrayList<>();

    /** The file's own map; empty for an empty file, and where it is no YAML. */
    Map<String, Node> file(String label, String text) {
        try {
            return new Compose(settings(label))
                    .composeString(text)
                    .map(node -> map(node, "the file"))
                    .orElseGet(LinkedHashMap::new);
        } catch (MarkedYamlEngineException e) {
            findings.add(label
                    + e.getProblemMark()
                            .map(mark -> ", line " + (mark.getLine() + 1))
                            .orElse("") + ": " + e.getProblem());
        } catch (YamlEngineException e) {
            findings.add(label + ": " + e.getMessage());
        }
        return new LinkedHashMap<>();
    }

    /** Aliases would let a small file become a large one. */
    private static LoadSettings settings(String label) {
        return LoadSettings.builder()
                .setLabel(label)
                .setMaxAliasesForCollections(0)
                .build();
    }

    void found(Node at, String finding) {
        findings.add(at.getStartMark()
                .map(mark -> "%s, line %d: %s".formatted(mark.getName(), mark.getLine() + 1, finding))
                .orElse(finding));
    }

    /** @throws IllegalArgumentException that says all that was found, one a line */
    void check() {
        if (!findings.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), findings));
        }
    }

    Map<String, Node> map(Node node, String what) {
        Map<String, Node> members = new LinkedHashMap<>();
        if (!(node instanceof MappingNode mapping)) {
            found(node, what + " is no map of names and values");
            return members;
        }
        for (NodeTuple member : mapping.getValue()) {
            if (!(member.getKeyNode() instanceof ScalarNode name)) {
                found(member.getKeyNode(), "a name in %s is no text".formatted(what));
            } else if (members.put(name.getValue(), member.getValueNode()) != null) {
                found(name, "%s has \"%s\" twice".formatted(what, name.getValue()));
            }
        }
        return members;
    }

    /** The same, with known names alone. */
    Map<String, Node> map(Node node, String what, Collection<String> known) {
        Map<String, Node> members = map(node, what);
        require(members, "%s has no".formatted(what), known);
        return members;
    }

    void require(Map<String, Node> members, String what, Collection<String> known) {
        List.copyOf(members.keySet()).stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> {
                    found(members.remove(name), "%s \"%s\"; there are %s".formatted(what, name, words(known)));
                });
    }

    static String words(Collection<String> words) {
        return String.join(", ", new TreeSet<>(words));
    }

    static boolean empty(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    /** As it is written; empty where it is no text. */
    static String raw(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    Optional<String> text(Node node, String what) {
        if (node instanceof ScalarNode scalar && !empty(node)) {
            return Optional.of(scalar.getValue());
        }
        found(
                node,
                unquoted(node)
                        ? "%s: write the placeholder in quotes, \"{name}\"".formatted(what)
                        : "%s is no text".formatted(what));
        return Optional.empty();
    }

    boolean flag(Node node, String what) {
        if (!node.getTag().equals(Tag.BOOL)) {
            found(node, "%s is true or false".formatted(what));
            return false;
        }
        return Boolean.parseBoolean(((ScalarNode) node).getValue());
    }

    /** @return zero where it is no number above zero */
    int count(Node node, String what) {
        if (node instanceof ScalarNode scalar && scalar.getValue().matches("[1-9]\\d{0,8}")) {
            return Integer.parseInt(scalar.getValue());
        }
        found(node, "%s is a number above zero".formatted(what));
        return 0;
    }

    List<String> texts(Node node, String what) {
        if (!(node instanceof SequenceNode list)) {
            found(node, "%s is a list of names".formatted(what));
            return List.of();
        }
        return list.getValue().stream()
                .map(element -> text(element, "an element of " + what))
                .flatMap(Optional::stream)
                .toList();
    }

    Optional<JsonNode> json(Node node, String what) {
        if (!quoted(node, what)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.valueToTree(
                    new StandardConstructor(settings(what)).constructSingleDocument(Optional.of(node))));
        } catch (MarkedYamlEngineException e) {
            found(node, "%s: %s".formatted(what, e.getProblem()));
        } catch (YamlEngineException e) {
            found(node, "%s: %s".formatted(what, e.getMessage()));
        }
        return Optional.empty();
    }

    private boolean quoted(Node node, String what) {
        if (unquoted(node)) {
            found(node, "%s: write the placeholder in quotes, \"{name}\"".formatted(what));
            return false;
        }
        if (node instanceof MappingNode mapping) {
            return mapping.getValue().stream().allMatch(member -> quoted(member.getValueNode(), what));
        }
        return !(node instanceof SequenceNode list)
                || list.getValue().stream().allMatch(element -> quoted(element, what));
    }

    /** {@code {name}} without quotes is a map to YAML. */
    private static boolean unquoted(Node node) {
        return node instanceof MappingNode mapping
                && mapping.getFlowStyle() == FlowStyle.FLOW
                && mapping.getValue().size() == 1
                && mapping.getValue().get(0).getValueNode() instanceof ScalarNode value
                && value.getValue().isEmpty()
                && value.isPlain();
    }
}
