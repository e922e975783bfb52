package io.crmbridge.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.crmbridge.crm.QuotaStanding;
import io.crmbridge.feed.Cause;
import io.crmbridge.feed.Causes;
import io.crmbridge.feed.EventWatch;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.Inbox;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Gap;
import io.crmbridge.state.Inboxes;
import io.crmbridge.state.Quotas;
import io.crmbridge.state.Schedules.Schedule;
import io.crmbridge.state.Source;
import io.crmbridge.state.Sources;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A bridge's standing, read from its store whether it runs or not.
 *
 * @param bridges those that share the store: the active one, if there is one, and those that stand by
 * @param problems one sentence each; none means that all is well
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Status(
        boolean running,
        List<BridgeStatus> bridges,
        List<ConnectionStatus> connections,
        List<FeedStatus> feeds,
        List<InboxStatus> inboxes,
        List<RouteStatus> routes,
        List<String> problems) {

    public record BridgeStatus(String name, boolean active, String since) {}

    /** @param quota null where it has no limits */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ConnectionStatus(
            String name,
            String type,
            String state,
            String reason,
            String workspaceId,
            String workspace,
            String since,
            QuotaStatus quota) {}

    /**
     * @param note what holds calls back, for a person
     * @param resumesAt when a spent quota has room again
     * @param share percent of each limit that is used after the CRM answered that there were too many calls
     * @param quietUntil nobody calls before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record QuotaStatus(
            List<QuotaStanding.Left> windows, String note, String resumesAt, Integer share, String quietUntil) {
        static QuotaStatus of(QuotaStanding standing) {
            Optional<QuotaStanding.Slowing> slowed = standing.slowed();
            return new QuotaStatus(
                    standing.windows(),
                    standing.spent().map(QuotaStanding.Spent::toString).orElse(null),
                    standing.spent()
                            .flatMap(QuotaStanding.Spent::resumes)
                            .map(Instant::toString)
                            .orElse(null),
                    slowed.map(QuotaStanding.Slowing::share).orElse(null),
                    slowed.map(slowing -> slowing.until().toString()).orElse(null));
        }
    }

    /**
     * @param provenUntil every version up to here is in the log
     * @param unknownBefore what lies before was never seen
     * @param pageFill rows of the last page and its cap, for example 12/100, or 12 where there is no cap
     * @param quarantinedLately those met in the last 24 h
     * @param quarantinedSince when the first of these was met
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FeedStatus(
            String connection,
            String feed,
            String provenUntil,
            boolean provenByLocalClock,
            String freshAt,
            String pageFill,
            long polls,
            long openGaps,
            String unknownBefore,
            Integer learntCap,
            long quarantined,
            long quarantinedLately,
            String quarantinedSince,
            String quarantinedLast,
            String error) {}

    /**
     * @param refused requests that were answered with an error
     * @param dropped entries that filled in the hidden field
     * @param readers places of routes in it
     * @param waiting the most that one of its routes has still to read
     */
    public record InboxStatus(
            String name, long accepted, long duplicates, long refused, long dropped, int readers, long waiting) {}

    /**
     * @param state ACTIVE, TARGET_DOWN, ALARM, PAUSED, OFF, or RUNS for a route that is not on a feed
     * @param place number in the log up to which all is done, parked or dead
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record RouteStatus(
            String id,
            String state,
            String reason,
            String connection,
            String feed,
            Long place,
            Long delivered,
            Long waiting,
            Long parked,
            Long dead,
            Long handledByRoute,
            String lastDeliveredAt,
            String note,
            FireStatus schedule) {}

    /**
     * @param due when the last fire was due; it ended at {@code ended}, with {@code failure} or well
     * @param next when it fires next
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FireStatus(String due, String fired, String ended, String failure, String succeeded, String next) {}

    public static Status of(Store store, boolean running) {
        return new Reading(store).status(running);
    }

    private static final class Reading {
        private final Store store;
        private final Map<Long, Source> sources;
        private final Map<Long, FeedState> feeds;
        private final List<Gap> gaps;
        private final Map<String, Schedule> schedules;
        private final Map<Long, Quotas.Usage> quotas;

        Reading(Store store) {
            this.store = store;
            this.sources = store.sources().sources().stream()
                    .collect(Collectors.toMap(Source::id, Function.identity(), (a, b) -> a, TreeMap::new));
            this.feeds = store.sources().feeds().stream()
                    .collect(Collectors.toMap(FeedState::id, Function.identity(), (a, b) -> a, TreeMap::new));
            this.gaps = store.sources().gaps(false);
            this.quotas = store.quotas().all();
            this.schedules = store.schedules().all().stream()
                    .collect(Collectors.toMap(s -> s.bundle() + "/" + s.routeId(), Function.identity()));
        }

        Status status(boolean running) {
            List<ConnectionStatus> connections = sources.values().stream()
                    .filter(source -> !isOurs(source))
                    .map(this::connection)
                    .toList();
            List<FeedStatus> feedList = feeds.values().stream()
                    .filter(feed -> !isOurs(sources.get(feed.sourceId())))
                    .map(this::feed)
                    .toList();
            List<String> problems = new ArrayList<>(
                    Causes.of(store, Instant.now()).stream().map(Cause::text).toList());
            problems.addAll(EventWatch.open(store, Cause.STALE));
            List<BridgeStatus> bridges = store.nodes().stream()
                    .map(node -> new BridgeStatus(
                            node.name(), node.active(), node.since().toString()))
                    .toList();
            return new Status(running, bridges, connections, feedList, inboxes(), routes(), problems);
        }

        private static boolean isOurs(Source source) {
            return source.connection().equals(FeedRuntime.LOCAL);
        }

        private ConnectionStatus connection(Source source) {
            return new ConnectionStatus(
                    source.connection(),
                    source.type(),
                    source.state().name(),
                    source.reason().orElse(null),
                    source.workspaceId().orElse(null),
                    source.workspaceName().orElse(null),
                    source.since().toString(),
                    Optional.ofNullable(quotas.get(source.id()))
                            .map(usage -> QuotaStatus.of(QuotaStanding.of(usage, Instant.now())))
                            .orElse(null));
        }

        private FeedStatus feed(FeedState feed) {
            String connection = sources.get(feed.sourceId()).connection();
            long open = gaps.stream()
                    .filter(gap ->
                            gap.connection().equals(connection) && gap.feed().equals(feed.name()))
                    .count();
            Sources.Quarantine quarantine =
                    store.sources().quarantine(feed.id(), Instant.now().minus(Causes.LATELY));
            return new FeedStatus(
                    connection,
                    feed.name(),
                    text(feed.proven()),
                    feed.provenLocally(),
                    text(feed.freshAt()),
                    feed.pageRows() + (feed.pageCap() == 0 ? "" : "/" + feed.pageCap()),
                    feed.polls(),
                    open,
                    feed.historyComplete() ? null : text(feed.historyFrom()),
                    feed.learntCap().orElse(null),
                    quarantine.rows(),
                    quarantine.lately(),
                    text(quarantine.since()),
                    text(quarantine.last()),
                    feed.error().orElse(null));
        }

        private List<InboxStatus> inboxes() {
            List<Subscription> subscriptions = store.subscriptions().all();
            List<InboxStatus> all = new ArrayList<>();
            for (Inboxes.Tally tally : store.inboxes().tallies()) {
                List<Long> waiting = subscriptions.stream()
                        .filter(s -> s.feedId() == tally.feedId())
                        .map(store.subscriptions()::waiting)
                        .toList();
                all.add(new InboxStatus(
                        feeds.get(tally.feedId()).name().substring(Inbox.FEEDS.length()),
                        tally.accepted(),
                        tally.duplicates(),
                        tally.refused(),
                        tally.dropped(),
                        waiting.size(),
                        waiting.stream().mapToLong(Long::longValue).max().orElse(0)));
            }
            return all;
        }

        private List<RouteStatus> routes() {
            List<RouteStatus> all = new ArrayList<>();
            Map<Long, Long> dead = store.deadLetters().list(false).stream()
                    .collect(Collectors.groupingBy(letter -> letter.subscriptionId(), Collectors.counting()));
            List<Subscription> subscriptions = store.subscriptions().all();
            for (var route : store.subscriptions().routes()) {
                List<Subscription> mine = subscriptions.stream()
                        .filter(s ->
                                s.bundle().equals(route.bundle()) && s.routeId().equals(route.id()))
                        .toList();
                if (mine.isEmpty()) {
                    String state = route.offReason().isPresent() ? "OFF" : route.paused() ? "PAUSED" : "RUNS";
                    all.add(new RouteStatus(
                            route.id(),
                            state,
                            route.offReason().orElse(state.equals("PAUSED") ? Subscription.PAUSED_BY_A_PERSON : null),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            fires(route.bundle(), route.id())));
                }
                for (Subscription s : mine) {
                    all.add(route(s, route.offReason(), dead.getOrDefault(s.id(), 0L)));
                }
            }
            return all;
        }

        private RouteStatus route(Subscription s, Optional<String> off, long dead) {
            FeedState feed = feeds.get(s.feedId());
            String reason = off.or(s::reason).orElse(null);
            return new RouteStatus(
                    s.routeId(),
                    off.isPresent() ? "OFF" : s.state().name(),
                    reason,
                    sources.get(feed.sourceId()).connection(),
                    feed.name(),
                    s.position(),
                    s.delivered(),
                    store.subscriptions().waiting(s),
                    (long) store.subscriptions().parked(s.id()).size(),
                    dead,
                    s.handled(),
                    text(s.lastDeliveredAt()),
                    s.options().orElse(null),
                    fires(s.bundle(), s.routeId()));
        }

        private FireStatus fires(String bundle, String routeId) {
            Schedule schedule = schedules.get(bundle + "/" + routeId);
            return schedule == null
                    ? null
                    : new FireStatus(
                            text(schedule.due()),
                            text(schedule.fired()),
                            text(schedule.ended()),
                            schedule.failure().orElse(null),
                            text(schedule.succeeded()),
                            text(schedule.next()));
        }

        private static String text(Optional<Instant> at) {
            return at.map(Instant::toString).orElse(null);
        }
    }
}
