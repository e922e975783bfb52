package io.crmbridge.lead;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the YAML of leads/name.yaml; what cannot be is told with its place. */
final class LeadFile {
    private static final Set<String> KEYS = Set.of("region", "source", "consent", "fields", "sequences");

    private final String file;

    /** @param file its name, relative to the bundle */
    LeadFile(String file) {
        this.file = file;
    }

    LeadRules rules(String yaml) {
        try {
            Optional<Node> root =
                    new Compose(LoadSettings.builder().setLabel(file).build()).composeString(yaml);
            return root.isEmpty() ? LeadRules.NONE : rules(root.get());
        } catch (MarkedYamlEngineException e) {
            throw new LeadFileException(file, e.getProblemMark(), "this is no YAML: " + e.getProblem(), "", Set.of());
        }
    }

    private LeadRules rules(Node root) {
        Map<String, NodeTuple> given = map(root, "the file");
        require("key", given, KEYS);
        Node consent = value(given, "consent");
        if (consent != null) {
            require("consent", consent, Set.of("optional", "required"));
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        if (given.containsKey("fields")) {
            Map<String, NodeTuple> named = map(value(given, "fields"), "fields");
            require("field", named, LeadReader.fields());
            named.forEach((field, entry) -> fields.put(field, texts(entry.getValueNode())));
        }
        return new LeadRules(
                Optional.ofNullable(value(given, "region")).map(this::region),
                given.containsKey("source") ? text(value(given, "source")).strip() : "",
                consent != null && text(consent).equals("required"),
                fields,
                given.containsKey("sequences") ? sequences(value(given, "sequences")) : List.of());
    }

    private String region(Node node) {
        return Countries.code(text(node))
                .filter(Phones.regions()::contains)
                .orElseThrow(() -> wrong(node, "region: %s is no country: write for example US".formatted(text(node))));
    }

    private List<LeadRules.Rule> sequences(Node given) {
        if (!(given instanceof SequenceNode list)) {
            throw wrong(given, "sequences is a list of rules, each with sequence and mostly with when");
        }
        List<LeadRules.Rule> read = new ArrayList<>();
        for (Node each : list.getValue()) {
            Map<String, NodeTuple> rule = map(each, "a rule of sequences");
            require("key of a rule", rule, Set.of("when", "sequence"));
            Node sequence = value(rule, "sequence");
            if (sequence == null || text(sequence).isEmpty()) {
                throw wrong(each, "a rule has no sequence: write its name or id, or none");
            }
            Map<String, Set<String>> when = new LinkedHashMap<>();
            if (rule.containsKey("when")) {
                map(value(rule, "when"), "when").forEach((name, entry) -> {
                    String field = LeadReader.canonical(name);
                    when.put(field, values(field, entry.getValueNode()));
                });
            }
            if (!read.isEmpty() && read.get(read.size() - 1).when().isEmpty()) {
                throw wrong(each, "no lead comes to the rules behind one without when");
            }
            String name = text(sequence).strip();
            read.add(new LeadRules.Rule(when, name.equals("none") ? "" : name));
        }
        return read;
    }

    private static Set<String> values(String field, Node given) {
        return texts(given).stream()
                .map(text -> LeadReader.canonical(field, text).toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static List<String> texts(Node given) {
        return given instanceof SequenceNode several
                ? several.getValue().stream().map(LeadFile::text).toList()
                : List.of(text(given));
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static Node value(Map<String, NodeTuple> map, String key) {
        return map.containsKey(key) ? map.get(key).getValueNode() : null;
    }

    private Map<String, NodeTuple> map(Node given, String what) {
        if (!(given instanceof MappingNode map)) {
            throw wrong(given, what + " is no map of names and values");
        }
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        for (NodeTuple entry : map.getValue()) {
            if (entries.putIfAbsent(text(entry.getKeyNode()), entry) != null) {
                throw wrong(entry.getKeyNode(), "the key %s stands here twice".formatted(text(entry.getKeyNode())));
            }
        }
        return entries;
    }

    private void require(String what, Map<String, NodeTuple> given, Set<String> known) {
        given.values().forEach(entry -> require(what, entry.getKeyNode(), known));
    }

    private void require(String what, Node word, Set<String> known) {
        if (!known.contains(text(word))) {
            throw new LeadFileException(
                    file,
                    word.getStartMark(),
                    "no %s \"%s\"; there are %s".formatted(what, text(word), String.join(", ", new TreeSet<>(known))),
                    text(word),
                    known);
        }
    }

    private LeadFileException wrong(Node at, String problem) {
        return new LeadFileException(file, at.getStartMark(), problem, "", Set.of());
    }
}
