package io.crmbridge.bundle.place;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A step of a route, or its source, with all that it says itself; not the steps in it. Immutable. */
public final class YamlScope {
    private final Place begin;
    private final MappingNode map;

    YamlScope(Place begin, MappingNode map) {
        this.begin = begin;
        this.map = map;
    }

    /** The step's own word. */
    public Place begin() {
        return begin;
    }

    /** Where its address stands, or else its word. */
    public Place uri() {
        return entry(map, "uri"::equals)
                .map(entry -> begin(entry.getValueNode()))
                .or(() -> shorthand().map(YamlScope::begin))
                .orElseGet(this::begin);
    }

    /** Where an option's name stands, in the parameters or in the address; else where the address does. */
    public Place option(String name) {
        return named(name)
                .map(entry -> Place.of(entry.getKeyNode().getStartMark()))
                .or(() -> inAddress(name, 0))
                .orElseGet(this::uri);
    }

    /** Where an option's value stands, in the parameters or in the address; else where the address does. */
    public Place value(String name) {
        return named(name)
                .map(entry -> begin(entry.getValueNode()))
                .or(() -> inAddress(name, name.length() + 1))
                .orElseGet(this::uri);
    }

    /** Where a word stands in an option's value, or else the value. */
    public Place word(String option, String word) {
        Pattern whole = Pattern.compile("(?<!\\w)" + Pattern.quote(word) + "(?!\\w)");
        return named(option)
                .map(NodeTuple::getValueNode)
                .filter(ScalarNode.class::isInstance)
                .map(ScalarNode.class::cast)
                .filter(scalar -> !isBlock(scalar))
                .flatMap(scalar -> whole.matcher(scalar.getValue())
                        .results()
                        .findFirst()
                        .map(found -> begin(scalar).right(found.start())))
                .orElseGet(() -> value(option));
    }

    /** Where a text stands as a value; else where the step does. */
    public Place text(String text) {
        return scalar(map, text.strip()).map(YamlScope::begin).orElseGet(this::begin);
    }

    /** Where the address is all there is, the only key is the step's own word, which may be an option's name too. */
    private Optional<NodeTuple> named(String option) {
        boolean addressAlone = map.getValue().size() == 1 && shorthand().isPresent();
        return addressAlone ? Optional.empty() : entry(map, option::equals);
    }

    private Optional<ScalarNode> shorthand() {
        return map.getValue().stream()
                .map(NodeTuple::getValueNode)
                .filter(ScalarNode.class::isInstance)
                .map(ScalarNode.class::cast)
                .findFirst();
    }

    private Optional<Place> inAddress(String option, int beyond) {
        return entry(map, "uri"::equals)
                .map(NodeTuple::getValueNode)
                .filter(ScalarNode.class::isInstance)
                .map(ScalarNode.class::cast)
                .or(this::shorthand)
                .flatMap(uri -> {
                    int at = Math.max(
                            uri.getValue().indexOf("?" + option + "="),
                            uri.getValue().indexOf("&" + option + "="));
                    return at < 0 ? Optional.empty() : Optional.of(begin(uri).right(at + 1 + beyond));
                });
    }

    private static Optional<NodeTuple> entry(Node node, Predicate<String> name) {
        if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (name.test(text(entry.getKeyNode()))) {
                    return Optional.of(entry);
                }
            }
            for (NodeTuple entry : map.getValue()) {
                if (!isSteps(entry)) {
                    Optional<NodeTuple> deeper = entry(entry.getValueNode(), name);
                    if (deeper.isPresent()) {
                        return deeper;
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ScalarNode> scalar(Node node, String text) {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar).filter(it -> it.getValue().strip().equals(text));
        }
        if (node instanceof SequenceNode list) {
            return list.getValue().stream()
                    .flatMap(item -> scalar(item, text).stream())
                    .findFirst();
        }
        return node instanceof MappingNode map
                ? map.getValue().stream()
                        .filter(entry -> !isSteps(entry))
                        .flatMap(entry -> scalar(entry.getValueNode(), text).stream())
                        .findFirst()
                : Optional.empty();
    }

    private static boolean isSteps(NodeTuple entry) {
        return text(entry.getKeyNode()).equals("steps");
    }

    /** The first character of a text, behind its quote. */
    static Place begin(Node node) {
        Place mark = Place.of(node.getStartMark());
        ScalarStyle style = node instanceof ScalarNode scalar ? scalar.getScalarStyle() : ScalarStyle.PLAIN;
        return style == ScalarStyle.DOUBLE_QUOTED || style == ScalarStyle.SINGLE_QUOTED ? mark.right(1) : mark;
    }

    static boolean isBlock(ScalarNode scalar) {
        return scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED;
    }

    static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
