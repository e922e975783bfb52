package io.crmbridge.lead;

import io.crmbridge.crm.Writes;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who may be enrolled on each connection, for routes and for what is released without one. One a process, for it counts. Thread-safe.
 */
public final class Leads {
    private final Map<String, SuppressionCheck> suppressed = new TreeMap<>();
    private final Map<String, EnrolCheck> checks = new TreeMap<>();

    public Leads(Store store, FeedRuntime feeds, FloodGate.Limit limit, Clock clock) {
        for (String connection : feeds.connections(ImpactiveAi.TYPE)) {
            long source = feeds.sourceId(connection);
            SuppressionCheck ledger = new SuppressionCheck(store, feeds.calls(connection), source, clock);
            FloodGate gate = new FloodGate(limit, clock);
            for (Intent intent : store.intents()
                    .sentSince(source, "enrollments", "enroll", clock.instant().minus(limit.window()))) {
                feeds.writes(connection)
                        .call(intent)
                        .ifPresent(call -> gate.recall(
                                EnrolCheck.sequence(call),
                                intent.id(),
                                intent.sentAt().orElseThrow()));
            }
            EnrolCheck check = new EnrolCheck(ledger, gate);
            Writes writes = feeds.writes(connection);
            writes.checkReleased(released -> isEnrol(released.get(0))
                    ? check.of(released, contact -> Set.of())
                    : released.stream()
                            .map(asked -> alike(store, source, writes, asked))
                            .toList());
            suppressed.put(connection, ledger);
            checks.put(connection, check);
        }
    }

    /** Of two that were held and mean the same record, the second finds what the first has made. */
    private static Writes.Answer alike(Store store, long source, Writes writes, Writes.Asked asked) {
        String means = writes.naturalKey(asked.call());
        List<Long> others = store
                .intents()
                .meaning(source, asked.intent().resource(), List.of(means))
                .getOrDefault(means, List.of())
                .stream()
                .filter(other -> other.state() == IntentState.CONFIRMED)
                .map(Intent.Meant::id)
                .toList();
        return store.intents().get(others).stream()
                .filter(other -> other.since().isAfter(asked.intent().plannedAt()))
                .flatMap(other -> other.recordId().stream())
                .findFirst()
                .map(Writes.Answer::there)
                .orElse(Writes.Answer.SEND);
    }

    private static boolean isEnrol(Writes.Asked asked) {
        return asked.call().operation().name().equals("enroll");
    }

    /** @throws IllegalArgumentException when there is no such connection */
    public SuppressionCheck suppressed(String connection) {
        return of(suppressed, connection);
    }

    /** @throws IllegalArgumentException when there is no such connection */
    public EnrolCheck check(String connection) {
        return of(checks, connection);
    }

    private static <T> T of(Map<String, T> all, String connection) {
        return Optional.ofNullable(all.get(connection))
                .orElseThrow(() -> new IllegalArgumentException(
                        "no connection \"%s\": add bridge.connection.%s.type, .base-url and .api-key"
                                .formatted(connection, connection)));
    }
}
