package io.crmbridge.lead;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.IntentState.Event;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Enrolments into one sequence that wait at the flood gate for a person.
 *
 * @param sequence its id
 * @param waiting oldest first
 */
public record GateQueue(String connection, String sequence, List<Intent> waiting) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public GateQueue {
        waiting = List.copyOf(waiting);
    }

    /** Those of all connections, by their names and by the sequences' ids. */
    public static List<GateQueue> of(Store store) {
        List<GateQueue> queues = new ArrayList<>();
        for (Source source : store.sources().sources()) {
            Map<String, List<Intent>> bySequence = new TreeMap<>();
            for (Intent intent : store.intents().waiting(source.id())) {
                String sequence = request(intent).path("ids").path("sequence").asText();
                bySequence.computeIfAbsent(sequence, none -> new ArrayList<>()).add(intent);
            }
            bySequence.forEach(
                    (sequence, waiting) -> queues.add(new GateQueue(source.connection(), sequence, waiting)));
        }
        return queues;
    }

    /** Who the first ones are: contacts' ids, with their addresses where they are known; personal. */
    public List<String> sample(Store store, int most) {
        return waiting.stream().limit(most).map(intent -> who(store, intent)).toList();
    }

    private static String who(Store store, Intent intent) {
        JsonNode body = request(intent).path("body");
        String contact = body.path("contactIds").path(0).asText("");
        return contact.isEmpty()
                ? "all of " + body
                : (contact + " "
                                + new Addresses(store, intent.sourceId())
                                        .mirrored(List.of(contact))
                                        .getOrDefault(contact, ""))
                        .strip();
    }

    /**
     * Lets the oldest through, or gives them up.
     *
     * @return how many; fewer than wanted where somebody else has decided meanwhile
     */
    public long decide(Store store, int number, boolean release) {
        List<Long> ids = waiting.stream().limit(number).map(Intent::id).toList();
        List<Intent> after = release
                ? store.intents().happened(ids, Event.LET_THROUGH, Intent.Note.reason(Intent.RELEASED))
                : store.intents()
                        .happened(ids, Event.GIVE_UP, Intent.Note.reason("given up by a person at the flood gate"));
        IntentState decided = release ? IntentState.PLANNED : IntentState.DROPPED;
        return after.stream().filter(intent -> intent.state() == decided).count();
    }

    private static JsonNode request(Intent intent) {
        try {
            return JSON.readTree(intent.request());
        } catch (IOException e) {
            throw new UncheckedIOException("a request on record is no JSON", e);
        }
    }
}
