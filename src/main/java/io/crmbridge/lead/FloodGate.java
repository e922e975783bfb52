package io.crmbridge.lead;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * So many are enrolled into a sequence within a time without a person who says so: a first sync or a wrong file must not mail
 * thousands. Not thread-safe.
 */
public final class FloodGate {
    private final Limit limit;
    private final Clock clock;
    /** Of each sequence its intents and when they were let through, in that order. */
    private final Map<String, Map<Long, Instant>> passed = new HashMap<>();

    /** @param most new enrolments of a sequence within the window */
    public record Limit(int most, Duration window) {}

    FloodGate(Limit limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /** One that was let through before this process began. */
    void recall(String sequence, long intentId, Instant at) {
        passed.computeIfAbsent(sequence, none -> new LinkedHashMap<>()).put(intentId, at);
    }

    boolean lets(String sequence, long intentId) {
        Instant now = clock.instant();
        Map<Long, Instant> recent = passed.computeIfAbsent(sequence, none -> new LinkedHashMap<>());
        Iterator<Instant> oldest = recent.values().iterator();
        while (oldest.hasNext() && !oldest.next().isAfter(now.minus(limit.window()))) {
            oldest.remove();
        }
        // One that the CRM has put off is sent now, and not when it was let through before.
        if (recent.remove(intentId) == null && recent.size() >= limit.most()) {
            return false;
        }
        recent.put(intentId, now);
        return true;
    }

    String reason() {
        return "%d were enrolled into its sequence within %d min"
                .formatted(limit.most(), limit.window().toMinutes());
    }
}
