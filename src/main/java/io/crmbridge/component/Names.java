package io.crmbridge.component;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.Said;
import io.crmbridge.feed.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ids of what the CRM lists by name. A list is asked for again when a name is not in it. Thread-safe. */
public final class Names {
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final String what;
    private final Call list;
    private final Calls calls;
    private final Clock clock;
    private List<JsonNode> rows = List.of();
    private Instant readAt = Instant.MIN;

    /** @param what one of them is, for people @param list lists them all */
    public Names(String what, Call list, Calls calls, Clock clock) {
        this.what = what;
        this.list = list;
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * @param idOrName an id goes before a name
     * @throws TargetException when there is no such one, or several of that name
     */
    public synchronized String id(String idOrName) throws TargetException {
        if (clock.instant().isBefore(readAt.plus(KEPT))) {
            Optional<String> known = find(idOrName);
            if (known.isPresent()) {
                return known.get();
            }
        }
        rows = Said.rows(calls.call(list).body());
        readAt = clock.instant();
        Optional<String> found = find(idOrName);
        if (found.isPresent()) {
            return found.get();
        }
        List<String> names =
                rows.stream().map(row -> row.path("name").asText()).distinct().toList();
        throw permanent("the CRM has no %s \"%s\"%s".formatted(what, idOrName, NearestWord.hint(idOrName, names)));
    }

    private Optional<String> find(String idOrName) throws TargetException {
        List<String> named = new ArrayList<>();
        for (JsonNode row : rows) {
            if (Said.id(row).equals(idOrName)) {
                return Optional.of(idOrName);
            }
            if (row.path("name").asText().equals(idOrName)) {
                named.add(Said.id(row));
            }
        }
        if (named.size() > 1) {
            throw permanent("the CRM has %d of the name \"%s\": write the id of the one that is meant: %s"
                    .formatted(named.size(), idOrName, String.join(", ", named)));
        }
        return named.stream().findFirst();
    }

    private static TargetException permanent(String reason) {
        return new TargetException(new Outcome.Permanent(reason), reason, null);
    }
}
