package io.crmbridge.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.ChangeLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The records that a feed lists now, as the mirror has them. */
final class Listing {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Change> present = new TreeMap<>();
    private final Map<String, String> names = new TreeMap<>();
    private final Map<String, String> gone = new TreeMap<>();
    private long head;

    private Listing() {}

    static Listing of(ChangeLog log, long feedId) {
        Listing listing = new Listing();
        listing.head = log.snapshot(feedId, 0, listing::add);
        return listing;
    }

    private void add(Change last) {
        String name = body(last).path("name").asText("");
        if (last.kind() == ChangeKind.GONE) {
            gone.put(last.recordId(), name);
        } else {
            present.put(last.recordId(), last);
            names.put(last.recordId(), name);
        }
    }

    static JsonNode body(Change change) {
        try {
            return JSON.readTree(change.body());
        } catch (IOException e) {
            throw new UncheckedIOException("the log holds a body that is no JSON, number " + change.seq(), e);
        }
    }

    /** Number of the newest version of a record. */
    long head() {
        return head;
    }

    Map<String, Change> present() {
        return present;
    }

    /** @param problem why none is meant, as a sentence */
    record Found(Set<String> ids, Optional<String> problem) {}

    /** An id goes before a name. */
    Found find(Choice choice) {
        String chosen = choice.chosen();
        if (choice.isAll()) {
            return new Found(present.keySet(), Optional.empty());
        }
        if (present.containsKey(chosen)) {
            return new Found(Set.of(chosen), Optional.empty());
        }
        List<String> named = new ArrayList<>();
        names.forEach((id, name) -> {
            if (name.equals(chosen)) {
                named.add(id);
            }
        });
        if (named.size() == 1) {
            return new Found(Set.copyOf(named), Optional.empty());
        }
        if (named.size() > 1) {
            return problem("the CRM has %d %s of the name \"%s\": write the id of the one that is meant: %s"
                    .formatted(named.size(), choice.listing(), chosen, String.join(", ", named)));
        }
        if (gone.containsKey(chosen) || gone.containsValue(chosen)) {
            return problem("\"%s\" is gone from the CRM's %s; the place is kept".formatted(chosen, choice.listing()));
        }
        return problem("the CRM's %s have no \"%s\"%s"
                .formatted(choice.listing(), chosen, choice.hint().apply(chosen, Set.copyOf(names.values()))));
    }

    private static Found problem(String text) {
        return new Found(Set.of(), Optional.of(text));
    }
}
