package io.crmbridge.component.impactiveai;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.component.NearestWord;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.feed.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ids of what the CRM lists by name: sequences and sending accounts. A list is asked for again when a name is not in it. */
final class Names {
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final String resource;
    private final Calls calls;
    private final Clock clock;
    private List<JsonNode> rows = List.of();
    private Instant readAt = Instant.MIN;

    Names(String resource, Calls calls, Clock clock) {
        this.resource = resource;
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * @param idOrName an id goes before a name
     * @throws TargetException when there is no such one, or several of that name
     */
    synchronized String id(String idOrName) throws TargetException {
        if (clock.instant().isBefore(readAt.plus(KEPT))) {
            Optional<String> known = find(idOrName);
            if (known.isPresent()) {
                return known.get();
            }
        }
        rows = Said.rows(calls.call(new Call(
                        Operations.find(resource, "list", Optional.empty()).orElseThrow(),
                        Map.of(),
                        Map.of(),
                        Optional.empty()))
                .body());
        readAt = clock.instant();
        Optional<String> found = find(idOrName);
        if (found.isPresent()) {
            return found.get();
        }
        List<String> names =
                rows.stream().map(row -> row.path("name").asText()).distinct().toList();
        throw permanent("the CRM has no %s \"%s\"%s".formatted(what(), idOrName, NearestWord.hint(idOrName, names)));
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

    private String what() {
        return resource.equals("sequences") ? "sequence" : "sending account";
    }

    private static TargetException permanent(String reason) {
        return new TargetException(new Outcome.Permanent(reason), reason, null);
    }
}
