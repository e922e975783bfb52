package io.crmbridge.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;

/** A feed's anchors as the store keeps them: {@code [["id", micros], ...]}. */
final class Anchors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Anchors() {}

    static String write(List<FeedState.Anchor> anchors) {
        ArrayNode all = JSON.createArrayNode();
        anchors.forEach(a -> all.addArray().add(a.recordId()).add(Micros.of(a.stamp())));
        return all.toString();
    }

    static List<FeedState.Anchor> read(String text) {
        try {
            List<FeedState.Anchor> anchors = new ArrayList<>();
            for (JsonNode pair : JSON.readTree(text)) {
                anchors.add(new FeedState.Anchor(
                        pair.get(0).asText(), Micros.instant(pair.get(1).asLong())));
            }
            return anchors;
        } catch (JsonProcessingException e) {
            throw new StoreException(StoreException.Kind.INTERNAL, "a feed's anchors cannot be read", e);
        }
    }
}
