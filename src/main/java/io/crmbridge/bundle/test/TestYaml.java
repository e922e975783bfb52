package io.crmbridge.bundle.test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.crmbridge.bundle.Finding;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A YAML file as JSON, with the place of each part. */
final class TestYaml {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String file;
    private final JsonNode tree;
    private final Map<String, Mark> places = new HashMap<>();

    private TestYaml(String file, JsonNode tree) {
        this.file = file;
        this.tree = tree;
    }

    /** @param findings gets why it is no YAML; then the tree is missing */
    static TestYaml read(String file, String text, Consumer<Finding> findings) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            Object value = new StandardConstructor(settings).constructSingleDocument(root);
            TestYaml yaml = new TestYaml(file, JSON.valueToTree(value));
            root.ifPresent(node -> yaml.place("", node));
            return yaml;
        } catch (MarkedYamlEngineException e) {
            findings.accept(new Finding(
                    file,
                    e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0),
                    e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(0),
                    e.getProblem()));
        } catch (YamlEngineException e) {
            findings.accept(new Finding(file, 0, String.valueOf(e.getMessage())));
        }
        return new TestYaml(file, MissingNode.getInstance());
    }

    private void place(String pointer, Node node) {
        node.getStartMark().ifPresent(mark -> places.putIfAbsent(pointer, mark));
        if (node instanceof MappingNode mapping) {
            for (NodeTuple member : mapping.getValue()) {
                if (member.getKeyNode() instanceof ScalarNode name) {
                    String below =
                            pointer + "/" + name.getValue().replace("~", "~0").replace("/", "~1");
                    name.getStartMark().ifPresent(mark -> places.put(below, mark));
                    place(below, member.getValueNode());
                }
            }
        } else if (node instanceof SequenceNode list) {
            for (int i = 0; i < list.getValue().size(); i++) {
                place(pointer + "/" + i, list.getValue().get(i));
            }
        }
    }

    String file() {
        return file;
    }

    JsonNode tree() {
        return tree;
    }

    /** Where a part begins, or else what it is part of. */
    Finding finding(String pointer, String message) {
        String at = pointer;
        while (!places.containsKey(at) && !at.isEmpty()) {
            at = at.substring(0, at.lastIndexOf('/'));
        }
        Mark mark = places.get(at);
        return mark == null
                ? new Finding(file, 0, message)
                : new Finding(file, mark.getLine() + 1, mark.getColumn() + 1, message);
    }

    /** 0 where it is not known. */
    int line(String pointer) {
        return Optional.ofNullable(places.get(pointer))
                .map(mark -> mark.getLine() + 1)
                .orElse(0);
    }
}
