package io.crmbridge.bundle;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.rehearse.Recorder;
import io.crmbridge.component.schedule.ScheduledRoutes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/**
 * A bundle's started routes. Another version of it may take its place while it runs: what has not changed runs on, and is
 * not touched. Thread-safe.
 */
public final class RunningBundle implements AutoCloseable {
    /** How long routes that are replaced may take to end what they are at. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** By version: the routes that have not changed since it. */
    private final List<RouteGroup> groups = new CopyOnWriteArrayList<>();
    // Guarded by this.
    private Map<String, RouteMakeUp> makeUps;
    // Guarded by this.
    private boolean closed;

    private RunningBundle(RouteGroup all, Map<String, RouteMakeUp> makeUps) {
        this.groups.add(all);
        this.makeUps = makeUps;
    }

    /**
     * Starts every route of the bundle that is not off.
     *
     * @param reading of the same bundle; routes that it found to be off do not start
     * @param paused ids of routes that a person paused: on a feed they start, for it is polled on; others wait to be resumed
     * @throws BundleException when a route does not start
     */
    public static RunningBundle start(
            Bundle bundle,
            BundleReader.Reading reading,
            Set<String> paused,
            BridgeServices services,
            ScheduledRoutes schedules) {
        return started(
                RouteGroup.load(bundle, reading, reading.started(), paused, services, schedules), reading.makeUps());
    }

    /**
     * Starts routes with nothing outside: their sources rest, and what they send is recorded. Routes that are off start too.
     *
     * @param routes ids of those to start, besides all that begin with {@code direct:} or {@code seda:}; empty: every one
     * @throws BundleException when a route does not start
     */
    public static RunningBundle rehearse(
            Bundle bundle, BridgeConfig config, BridgeServices services, Recorder recorder, Set<String> routes) {
        return started(RouteGroup.rehearse(bundle, config, routes, services, recorder), Map.of());
    }

    private static RunningBundle started(RouteGroup all, Map<String, RouteMakeUp> makeUps) {
        try {
            all.start();
        } catch (BundleException e) {
            all.close();
            throw e;
        }
        return new RunningBundle(all, makeUps);
    }

    /**
     * Takes up another version: what changed ends what it is at, up to 30 s, and is started anew in its place. If a route does
     * not start, all that was stopped for it runs on as before.
     *
     * @param next reading of the same bundle, without findings
     * @throws BundleException when a route of it cannot be made, or the bridge stops; then nothing was touched
     */
    public synchronized Swap swap(
            Bundle bundle,
            BundleReader.Reading next,
            Set<String> paused,
            BridgeServices services,
            ScheduledRoutes schedules) {
        if (closed) {
            throw new BundleException(
                    List.of(new Finding("routes", 0, "the bridge stops: try it again when it is started anew")));
        }
        Set<String> before = routeIds();
        Set<String> after = next.started();
        Set<String> changed = changed(makeUps, next.makeUps(), before, after);
        Set<String> stopping = common(before, changed);
        Set<String> starting = common(after, changed);
        Optional<RouteGroup> fresh = starting.isEmpty()
                ? Optional.empty()
                : Optional.of(RouteGroup.load(bundle, next, starting, paused, services, schedules));
        List<Finding> failures = replace(stopping, fresh, services);
        if (failures.isEmpty()) {
            makeUps = next.makeUps();
        }
        return new Swap(
                List.copyOf(without(starting, before)),
                List.copyOf(common(starting, before)),
                List.copyOf(without(stopping, after)),
                List.copyOf(without(before, stopping)),
                failures,
                List.of());
    }

    private List<Finding> replace(Set<String> stopping, Optional<RouteGroup> fresh, BridgeServices services) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Map<RouteGroup, Set<String>> active = new LinkedHashMap<>();
        groups.forEach(group -> active.put(group, group.active(common(group.ids(), stopping))));
        try {
            services.runningFeeds().quiesce(stopping, PATIENCE);
            groups.forEach(
                    group -> group.stop(common(group.ids(), stopping), Duration.ofNanos(deadline - System.nanoTime())));
            fresh.ifPresent(RouteGroup::start);
        } catch (RuntimeException e) {
            fresh.ifPresent(RouteGroup::close);
            List<Finding> failures = new ArrayList<>(RouteGroup.failure(e).findings());
            active.forEach((group, ids) -> failures.addAll(group.startAgain(ids)));
            return failures;
        }
        // Before the old ones go, so that whoever looks for a route at any moment finds it.
        fresh.ifPresent(groups::add);
        for (RouteGroup group : active.keySet()) {
            Set<String> gone = common(group.ids(), stopping);
            if (!gone.isEmpty() && gone.equals(group.ids())) {
                groups.remove(group);
                group.close();
            } else {
                group.remove(gone);
            }
        }
        groups.stream().findFirst().ifPresent(RouteGroup::becomeUsual);
        return List.of();
    }

    /** Ids of the routes that run or are paused. */
    public Set<String> routeIds() {
        Set<String> ids = new TreeSet<>();
        groups.forEach(group -> ids.addAll(group.ids()));
        return ids;
    }

    /** Those that differ or are in one version only, and all that share a channel with one of them, for it is of one context. */
    private static Set<String> changed(
            Map<String, RouteMakeUp> old, Map<String, RouteMakeUp> next, Set<String> before, Set<String> after) {
        Set<String> changed = new HashSet<>();
        Set<String> all = new TreeSet<>(before);
        all.addAll(after);
        for (String id : all) {
            if (!before.contains(id)
                    || !after.contains(id)
                    || !old.get(id).hash().equals(next.get(id).hash())) {
                changed.add(id);
            }
        }
        boolean more = true;
        while (more) {
            Set<String> channels = new HashSet<>();
            changed.forEach(id -> channels.addAll(channels(id, old, next)));
            more = changed.addAll(all.stream()
                    .filter(id -> channels(id, old, next).stream().anyMatch(one -> RouteMakeUp.meets(one, channels)))
                    .toList());
        }
        return changed;
    }

    private static Set<String> channels(String id, Map<String, RouteMakeUp> old, Map<String, RouteMakeUp> next) {
        Set<String> channels = new HashSet<>();
        for (Map<String, RouteMakeUp> makeUps : List.of(old, next)) {
            if (makeUps.containsKey(id)) {
                channels.addAll(makeUps.get(id).channels());
            }
        }
        return channels;
    }

    private static Set<String> common(Set<String> some, Set<String> others) {
        Set<String> common = new TreeSet<>(some);
        common.retainAll(others);
        return common;
    }

    private static Set<String> without(Set<String> some, Set<String> others) {
        Set<String> rest = new TreeSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    /** One or more; which routes are in which changes when another version is taken up. */
    public List<CamelContext> contexts() {
        return groups.stream().map(RouteGroup::context).toList();
    }

    /** Of each version that some routes still are of. */
    public Set<Path> folders() {
        return groups.stream().map(RouteGroup::folder).collect(Collectors.toSet());
    }

    /** The context that a route is in. */
    public Optional<CamelContext> contextOf(String routeId) {
        return contexts().stream()
                .filter(context -> context.getRoute(routeId) != null)
                .findFirst();
    }

    /** Waits for a swap that is under way, whose routes would else start after this. */
    @Override
    public synchronized void close() {
        closed = true;
        groups.forEach(RouteGroup::close);
    }
}
