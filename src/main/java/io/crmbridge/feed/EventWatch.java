package io.crmbridge.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.state.Schedules.Schedule;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Writes what is not well as events: one when it begins, a reminder while it lasts, one when it is over. What was told is
 * read back from the log, so a restart tells nothing twice. Not thread-safe.
 *
 * <p>An event's body: kind, subject, text, state (new, reminder, over), since and at (ISO 8601).
 */
public final class EventWatch {
    static final String FEED = "events";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final LocalFeed feed;
    private final Supplier<Map<String, Duration>> expected;
    private final Duration reminder;
    private final Clock clock;
    private final Instant began;
    private final Map<String, Told> open = new HashMap<>();

    private record Told(Cause cause, Instant since, Instant at) {}

    EventWatch(Store store, LocalFeed feed, Supplier<Map<String, Duration>> expected, Duration reminder, Clock clock) {
        this.store = store;
        this.feed = feed;
        this.expected = expected;
        this.reminder = reminder;
        this.clock = clock;
        this.began = clock.instant();
        told(store, feed.feedId()).forEach(this::restore);
    }

    private void restore(JsonNode body) {
        Cause cause = new Cause(
                body.path("kind").asText(),
                body.path("subject").asText(),
                body.path("text").asText(),
                true);
        open.put(
                cause.id(),
                new Told(
                        cause,
                        Instant.parse(body.path("since").asText()),
                        Instant.parse(body.path("at").asText())));
    }

    /** The last event of each cause that is not over. */
    private static List<JsonNode> told(Store store, long feedId) {
        List<JsonNode> told = new ArrayList<>();
        store.log().snapshot(feedId, 0, change -> {
            JsonNode body = Listing.body(change);
            if (!body.path("state").asText().equals("over")) {
                told.add(body);
            }
        });
        return told;
    }

    /** Compares what is not well now with what was told. */
    public void look() {
        Instant now = clock.instant();
        List<Cause> causes = new ArrayList<>(Causes.of(store, now));
        causes.addAll(stale(now));
        Set<String> current = new HashSet<>();
        for (Cause cause : causes) {
            Told told = open.get(cause.id());
            if (told != null || cause.lasting()) {
                current.add(cause.id());
                if (told == null) {
                    tell(cause, "new", now, now);
                } else if (!now.isBefore(told.at().plus(reminder))) {
                    tell(cause, "reminder", told.since(), now);
                }
            }
        }
        for (Told told : List.copyOf(open.values())) {
            if (!current.contains(told.cause().id())) {
                tell(told.cause(), "over", told.since(), now);
                open.remove(told.cause().id());
            }
        }
    }

    private void tell(Cause cause, String state, Instant since, Instant at) {
        ObjectNode body = JSON.createObjectNode();
        body.put("kind", cause.kind());
        body.put("subject", cause.subject());
        body.put("text", cause.text());
        body.put("state", state);
        body.put("since", since.toString());
        body.put("at", at.toString());
        feed.append(cause.id(), body);
        open.put(cause.id(), new Told(cause, since, at));
    }

    /** Routes that have not succeeded for longer than it was said they would. */
    private List<Cause> stale(Instant now) {
        List<Cause> stale = new ArrayList<>();
        List<Subscription> subscriptions = store.subscriptions().all();
        List<Schedule> schedules = store.schedules().all();
        expected.get().forEach((route, every) -> {
            Stream<Optional<Instant>> delivered = subscriptions.stream()
                    .filter(s -> s.routeId().equals(route))
                    .map(Subscription::lastDeliveredAt);
            Stream<Optional<Instant>> succeeded =
                    schedules.stream().filter(s -> s.routeId().equals(route)).map(Schedule::succeeded);
            Instant last = Stream.concat(delivered, succeeded)
                    .map(at -> at.orElse(null))
                    .filter(Objects::nonNull)
                    .max(Instant::compareTo)
                    .orElse(began);
            if (last.isBefore(now.minus(every))) {
                stale.add(new Cause(
                        Cause.STALE,
                        route,
                        "route %s: nothing has gone through since %s, longer than bridge.route.%s.expect-every allows"
                                .formatted(route, last, route),
                        true));
            }
        });
        return stale;
    }

    /** What was last told to be not well, of one kind. */
    public static List<String> open(Store store, String kind) {
        return store.sources().feeds().stream()
                .filter(feed -> feed.name().equals(FEED))
                .flatMap(feed -> told(store, feed.id()).stream())
                .filter(body -> body.path("kind").asText().equals(kind))
                .map(body -> body.path("text").asText())
                .toList();
    }
}
