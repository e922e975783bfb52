package io.crmbridge.feed;

import io.crmbridge.crm.QuotaStanding;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Gap;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Schedules.Schedule;
import io.crmbridge.state.Source;
import io.crmbridge.state.Sources.Quarantine;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All that is not well, read from the store whether a bridge runs on it or not. */
public final class Causes {
    /** For how long a row that was put in quarantine is told. */
    public static final Duration LATELY = Duration.ofHours(24);

    /** What passes within this time is nobody's business. */
    private static final Duration LASTING = Duration.ofMinutes(15);

    private static final int MOST_INTENTS = 1000;

    private final Store store;
    private final Instant now;
    /** Whether a route of a bundle runs. */
    private final Map<String, Boolean> routes;

    private final List<Cause> causes = new ArrayList<>();

    private Causes(Store store, Instant now) {
        this.store = store;
        this.now = now;
        this.routes = store.subscriptions().routes().stream()
                .collect(Collectors.toMap(
                        route -> key(route.bundle(), route.id()),
                        route -> route.offReason().isEmpty()));
    }

    public static List<Cause> of(Store store, Instant now) {
        Causes reading = new Causes(store, now);
        reading.connections();
        reading.routes();
        reading.schedules();
        reading.writes();
        return reading.causes;
    }

    private void add(String kind, String subject, boolean lasting, String text, Object... values) {
        causes.add(new Cause(kind, subject, text.formatted(values), lasting));
    }

    private boolean isLong(Instant since) {
        return since.isBefore(now.minus(LASTING));
    }

    private void connections() {
        Map<Long, Source> sources = store.sources().sources().stream()
                .collect(Collectors.toMap(Source::id, Function.identity(), (a, b) -> a, TreeMap::new));
        for (Source source : sources.values()) {
            if (source.state() == Source.State.REFUSED || source.state() == Source.State.OTHER_WORKSPACE) {
                String name = source.connection();
                add(
                        Cause.KEY_REFUSED,
                        name,
                        true,
                        "connection %s: %s",
                        name,
                        source.reason().orElse(""));
            }
        }
        store.quotas().all().forEach((id, usage) -> {
            if (sources.containsKey(id)) {
                quota(sources.get(id).connection(), QuotaStanding.of(usage, now));
            }
        });
        List<Gap> gaps = store.sources().gaps(false);
        for (FeedState feed : store.sources().feeds()) {
            feed(feed, sources.get(feed.sourceId()).connection(), gaps);
        }
    }

    private void quota(String connection, QuotaStanding standing) {
        standing.spent().ifPresent(spent -> add(Cause.QUOTA, connection, true, "connection %s: %s", connection, spent));
        standing.slowed()
                .ifPresent(slowed -> add(
                        Cause.QUOTA,
                        connection + " (slowed)",
                        true,
                        "connection %s: the CRM answered at %s that there were too many calls; %d %% of each limit are used"
                                + " until it is quiet. Set bridge.connection.%s.quota to what it allows",
                        connection,
                        slowed.at(),
                        slowed.share(),
                        connection));
    }

    private void feed(FeedState feed, String connection, List<Gap> gaps) {
        String subject = feed.name() + " of " + connection;
        long open = gaps.stream()
                .filter(gap -> gap.connection().equals(connection) && gap.feed().equals(feed.name()))
                .count();
        if (open > 0) {
            add(Cause.GAP, subject, true, "feed %s: %d open gaps, see `gaps list`", subject, open);
        }
        Quarantine quarantine = store.sources().quarantine(feed.id(), now.minus(LATELY));
        if (quarantine.lately() > 0) {
            add(
                    Cause.QUARANTINE,
                    subject,
                    true,
                    "feed %s: %d rows without an id or a readable stamp in the last 24 h, the first at %s, are in"
                            + " quarantine: no route gets them. Mend them in the CRM; this is told until 24 h after the last one",
                    subject,
                    quarantine.lately(),
                    quarantine.since().orElse(now));
        }
        feed.error().ifPresent(error -> {
            boolean mismatch = error.startsWith(HeadCount.MISMATCH);
            add(
                    mismatch ? Cause.MISMATCH : Cause.FEED_FAILING,
                    subject,
                    mismatch || isLong(feed.freshAt().orElse(feed.startedAt())),
                    "feed %s: %s",
                    subject,
                    error);
        });
    }

    private void routes() {
        Map<Long, Long> dead = store.deadLetters().list(false).stream()
                .collect(Collectors.groupingBy(letter -> letter.subscriptionId(), Collectors.counting()));
        for (Subscription route : store.subscriptions().all()) {
            String key = key(route.bundle(), route.routeId());
            if (!routes.containsKey(key)) {
                continue;
            }
            String id = route.routeId();
            if (dead.containsKey(route.id())) {
                add(
                        Cause.DEAD_LETTER,
                        id,
                        true,
                        "route %s: %d dead letters, see `dead-letters list`",
                        id,
                        dead.get(route.id()));
            }
            if (!routes.get(key)) {
                continue;
            }
            String reason = route.reason().orElse("");
            if (route.state() == Subscription.State.ALARM) {
                add(Cause.ROUTE_PAUSED, id, true, "route %s: %s (%s)", id, route.state(), reason);
            } else if (route.state() == Subscription.State.TARGET_DOWN) {
                add(Cause.TARGET_DOWN, id, isLong(route.since()), "route %s: %s (%s)", id, route.state(), reason);
            }
        }
    }

    private static String key(String bundle, String routeId) {
        return bundle + "/" + routeId;
    }

    private void writes() {
        store.intents()
                .count(IntentState.WAITING)
                .forEach((connection, count) -> add(
                        Cause.FLOOD_GATE,
                        connection,
                        true,
                        "connection %s: %d enrolments wait for a person who lets them through, see `leads waiting`",
                        connection,
                        count));
        store.intents()
                .count(IntentState.UNKNOWN)
                .forEach((connection, count) -> add(
                        Cause.UNKNOWN_WRITE,
                        connection,
                        true,
                        "connection %s: a person must decide on %d writes whose outcome is unknown, see `intents list`",
                        connection,
                        count));
        Map<String, Long> open = store.intents().list(Set.of(IntentState.SENT), MOST_INTENTS).stream()
                .filter(intent -> isLong(intent.since()))
                .collect(Collectors.groupingBy(Intent::connection, TreeMap::new, Collectors.counting()));
        open.forEach((connection, count) -> add(
                Cause.UNKNOWN_WRITE,
                connection + " (open)",
                true,
                "connection %s: %d writes have had no answer for more than %d min and could not be looked up; until then"
                        + " nothing is created there",
                connection,
                count,
                LASTING.toMinutes()));
    }

    private void schedules() {
        for (Schedule schedule : store.schedules().all()) {
            if (routes.getOrDefault(key(schedule.bundle(), schedule.routeId()), false)) {
                schedule.failure()
                        .ifPresent(failure -> add(
                                Cause.SCHEDULE_FAILED,
                                schedule.routeId(),
                                isLong(schedule.succeeded().orElse(schedule.since())),
                                "route %s: the fire due at %s failed: %s",
                                schedule.routeId(),
                                schedule.due().orElse(now),
                                failure));
            }
        }
    }
}
