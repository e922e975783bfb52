package io.crmbridge.bundle.place;

import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What a YAML text holds, each part with its place. Immutable. */
public sealed interface YamlTree {
    Place place();

    record Entries(Place place, List<Entry> entries) implements YamlTree {}

    record Entry(Place place, String key, YamlTree value) {}

    record Items(Place place, List<YamlTree> items) implements YamlTree {}

    /** Empty where nothing stands. */
    record Text(Place place, String value) implements YamlTree {}

    static YamlTree of(Node node) {
        Place place = Place.of(node.getStartMark());
        if (node instanceof MappingNode map) {
            List<Entry> entries = new ArrayList<>();
            for (NodeTuple entry : map.getValue()) {
                entries.add(new Entry(
                        Place.of(entry.getKeyNode().getStartMark()),
                        YamlScope.text(entry.getKeyNode()),
                        of(entry.getValueNode())));
            }
            return new Entries(place, List.copyOf(entries));
        }
        return node instanceof SequenceNode list
                ? new Items(place, list.getValue().stream().map(YamlTree::of).toList())
                : new Text(place, YamlScope.text(node));
    }
}
