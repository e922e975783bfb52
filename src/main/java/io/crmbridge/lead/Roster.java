package io.crmbridge.lead;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.impactiveai.Operations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is on a sequence. A short list is read whole each time. Of a long one only what has changed since is asked for, "updated
 * strictly after that timestamp", and all of it now and then, for what the CRM commits late. Not thread-safe.
 */
final class Roster {
    private static final int SHORT = 500;
    /** Stamps may be equal. */
    private static final Duration BOUNDARY = Duration.ofMillis(1);
    /** What the CRM commits so late is seen a moment later, and what it commits later with the whole list. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private static final Duration BACK_EACH = Duration.ofSeconds(1);
    private static final Duration WHOLE_EACH = Duration.ofMinutes(5);
    private static final Set<String> ON_IT = Set.of("active", "paused");

    private final Calls calls;
    private final String sequence;
    private final Set<String> members = new HashSet<>();
    private int size;
    private Instant wholeAt = Instant.MIN;
    private Instant backAt = Instant.MIN;
    private Optional<Instant> newest = Optional.empty();

    Roster(Calls calls, String sequence) {
        this.calls = calls;
        this.sequence = sequence;
    }

    /**
     * Reads on.
     *
     * @return rows that may be news
     * @throws io.crmbridge.crm.CrmException when the CRM cannot be asked
     */
    List<JsonNode> read(Instant now) {
        boolean whole =
                size <= SHORT || newest.isEmpty() || wholeAt.plus(WHOLE_EACH).isBefore(now);
        boolean back = whole || backAt.plus(BACK_EACH).isBefore(now);
        Reply reply = list(
                whole
                        ? Map.of()
                        : Map.of(
                                "since",
                                newest.get().minus(back ? LATE : BOUNDARY).toString()));
        backAt = back ? now : backAt;
        List<JsonNode> rows = Said.rows(reply.body());
        // That header counts seconds.
        Instant crmNow = reply.date().orElse(now).plusSeconds(1);
        if (whole) {
            members.clear();
            size = rows.size();
            wholeAt = now;
        }
        List<JsonNode> news = new ArrayList<>();
        for (JsonNode row : rows) {
            JsonPage.instant(row.path("updatedAt"))
                    // A row from the future must not hide those that are to come.
                    .filter(at -> !at.isAfter(crmNow) && newest.map(at::isAfter).orElse(true))
                    .ifPresent(at -> newest = Optional.of(at));
            String contact = row.path("contactId").asText("");
            if (ON_IT.contains(row.path("status").asText())) {
                members.add(contact);
            } else {
                members.remove(contact);
                news.add(row);
            }
        }
        size = Math.max(size, members.size());
        return news;
    }

    private Reply list(Map<String, String> query) {
        return calls.call(new Call(
                Operations.find("enrollments", "list", Optional.empty()).orElseThrow(),
                Map.of("sequence", sequence),
                query,
                Optional.empty()));
    }

    boolean has(String contact) {
        return members.contains(contact);
    }
}
