package io.crmbridge.bundle.place;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML text with the places of its words; also one that is wrong, as far as it could be read. Immutable. */
public final class YamlFile {
    private static final int MOST_NODES = 100_000;
    private static final int MOST_LEVELS = 100;

    private final Optional<Node> root;
    private final List<Fault> faults;

    /** @param duplicate a key that its map has already; else the text is no YAML */
    public record Fault(Place place, String problem, boolean duplicate) {}

    /**
     * A text that is no key: a value, or what a list holds.
     *
     * @param path the keys that lead to it
     * @param block whether it stands below a bar or an angle bracket
     */
    public record Scalar(Place place, String text, List<String> path, boolean block) {
        /** Where a part of the text stands; of a text over several lines where it begins. */
        public Place at(int offset) {
            return block || text.contains("\n") ? place : place.right(offset);
        }

        /** The key that it is the value of, or that holds the list it is in; empty in a file that is a list of texts. */
        public String key() {
            return path.isEmpty() ? "" : path.get(path.size() - 1);
        }
    }

    private YamlFile(Optional<Node> root, List<Fault> faults) {
        this.root = root;
        this.faults = List.copyOf(faults);
    }

    public static YamlFile of(String text) {
        List<Fault> faults = new ArrayList<>();
        Optional<Node> root = Optional.empty();
        try {
            root = new Compose(
                            LoadSettings.builder().setAllowDuplicateKeys(true).build())
                    .composeString(text);
            int left = root.map(node -> left(node, MOST_NODES, MOST_LEVELS)).orElse(MOST_NODES);
            if (left <= 0) {
                faults.add(new Fault(
                        new Place(1, 1), "this is too deep or too much: write the aliases in it out, and less", false));
                return new YamlFile(Optional.empty(), faults);
            }
            root.ifPresent(node -> duplicates(node, faults));
        } catch (MarkedYamlEngineException e) {
            faults.add(new Fault(Place.of(e.getProblemMark()), problem(e), false));
        } catch (YamlEngineException e) {
            faults.add(new Fault(Place.NONE, "this is no YAML: " + e.getMessage(), false));
        }
        return new YamlFile(root, faults);
    }

    /** How many more there may be; an alias in itself, or in one that is in another, makes many of few. */
    private static int left(Node node, int most, int levels) {
        int left = levels == 0 ? 0 : most - 1;
        if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                left = left <= 0 ? 0 : left(entry.getValueNode(), left, levels - 1);
            }
        } else if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                left = left <= 0 ? 0 : left(item, left, levels - 1);
            }
        }
        return left;
    }

    private static String problem(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        return problem.contains("TAB")
                ? "a tab stands where YAML wants blanks: indent with blanks alone"
                : "this is no YAML: %s: look at the indentation, the quotes and the colons of this line and of the one above"
                        .formatted(problem);
    }

    private static void duplicates(Node node, List<Fault> faults) {
        if (node instanceof MappingNode map) {
            Set<String> keys = new HashSet<>();
            for (NodeTuple entry : map.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key && !keys.add(key.getValue())) {
                    faults.add(new Fault(
                            Place.of(key.getStartMark()),
                            "the key %s stands here twice, and only the last one counts: leave one of them out"
                                    .formatted(key.getValue()),
                            true));
                }
                duplicates(entry.getValueNode(), faults);
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> duplicates(item, faults));
        }
    }

    public List<Fault> faults() {
        return faults;
    }

    /** Empty for a text without any content, and for one that is no YAML. */
    public Optional<YamlTree> tree() {
        return root.map(YamlTree::of);
    }

    /** The map of a {@code from:}, by the line that Camel says of it: the one it begins in, from 1. */
    public Optional<YamlScope> source(int line) {
        return root.flatMap(node -> beginning(node, line - 1));
    }

    /**
     * A step, a route or a clause, by the line that Camel says of it: counted from 0 where what stands behind its word begins,
     * and from 1 where that is a text alone.
     */
    public Optional<YamlScope> step(int line) {
        return root.flatMap(node -> holding(node, line, "")).or(() -> source(line));
    }

    private static Optional<YamlScope> beginning(Node node, int line) {
        if (node instanceof MappingNode map) {
            if (isIn(map, line)) {
                return Optional.of(new YamlScope(Place.of(map.getStartMark()), map));
            }
            return map.getValue().stream()
                    .flatMap(entry -> beginning(entry.getValueNode(), line).stream())
                    .findFirst();
        }
        return node instanceof SequenceNode list
                ? list.getValue().stream()
                        .flatMap(item -> beginning(item, line).stream())
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<YamlScope> holding(Node node, int line, String within) {
        if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (entry.getValueNode() instanceof MappingNode value && isIn(value, line)) {
                    return Optional.of(new YamlScope(Place.of(entry.getKeyNode().getStartMark()), value));
                }
            }
            return map.getValue().stream()
                    .flatMap(entry -> holding(entry.getValueNode(), line, YamlScope.text(entry.getKeyNode())).stream())
                    .findFirst();
        }
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                if (!within.equals("steps") && item instanceof MappingNode clause && isIn(clause, line)) {
                    return Optional.of(new YamlScope(Place.of(clause.getStartMark()), clause));
                }
            }
            return list.getValue().stream()
                    .flatMap(item -> holding(item, line, within).stream())
                    .findFirst();
        }
        return Optional.empty();
    }

    /** @param line from 0 */
    private static boolean isIn(MappingNode map, int line) {
        return map.getStartMark().filter(mark -> mark.getLine() == line).isPresent();
    }

    /** Every text that is no key, in the order of the file. */
    public List<Scalar> scalars() {
        List<Scalar> scalars = new ArrayList<>();
        root.ifPresent(node -> scalars(node, List.of(), scalars));
        return scalars;
    }

    private static void scalars(Node node, List<String> path, List<Scalar> scalars) {
        if (node instanceof ScalarNode scalar) {
            scalars.add(new Scalar(YamlScope.begin(scalar), scalar.getValue(), path, YamlScope.isBlock(scalar)));
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> scalars(item, path, scalars));
        } else if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                List<String> deeper = new ArrayList<>(path);
                deeper.add(YamlScope.text(entry.getKeyNode()));
                scalars(entry.getValueNode(), List.copyOf(deeper), scalars);
            }
        }
    }
}
