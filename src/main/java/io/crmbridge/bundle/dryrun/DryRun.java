package io.crmbridge.bundle.dryrun;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.rehearse.Rehearsal;
import io.crmbridge.component.rehearse.Recorder;
import io.crmbridge.crm.Crm;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Hands records of the real CRM to a bundle's routes, and adds up what they would do. The CRM is read and never written to; whatever
 * else routes send is recorded. For one thread.
 */
public final class DryRun {
    private final Bundle bundle;
    private final BundleReader.Reading reading;
    private final Scope scope;
    private final Clock clock;

    /** @param reading of the same bundle, without findings */
    public DryRun(Bundle bundle, BundleReader.Reading reading, Scope scope, Clock clock) {
        this.bundle = bundle;
        this.reading = reading;
        this.scope = scope;
        this.clock = clock;
    }

    /**
     * Blocks for as long as the CRM takes to answer, and for its quota.
     *
     * @param scratch an empty store, closed by whoever opened it
     * @param crms of the bundle's connections; closed when it ends
     * @param progress hears what is done now, in a line for people
     * @param cancelled asked before each record: whether to end early
     * @throws io.crmbridge.bundle.BundleException when a route does not start
     */
    public DryRunReport run(
            Store scratch, Collection<? extends Crm> crms, Consumer<String> progress, BooleanSupplier cancelled) {
        List<String> ids =
                reading.routes().stream().filter(scope.routes()::contains).toList();
        progress.accept("starting %d routes with nothing outside".formatted(ids.size()));
        LiveFeeds feeds = new LiveFeeds(scratch, crms, scope, clock);
        List<DryRunReport.Route> routes = new ArrayList<>();
        try (Rehearsal rehearsal = Rehearsal.start(
                bundle,
                reading,
                new Rehearsal.Setting(scratch, crms, clock, Recorder.acceptingAll(), scope.routes()))) {
            for (int i = 0; i < ids.size() && !cancelled.getAsBoolean(); i++) {
                progress.accept("%d of %d: %s".formatted(i + 1, ids.size(), ids.get(i)));
                routes.add(
                        new RouteTrial(rehearsal, feeds, scratch, scope, clock, cancelled, feeds::sequence, ids.get(i))
                                .run());
            }
        }
        Map<String, String> off = new TreeMap<>(reading.off());
        off.keySet().removeAll(scope.routes());
        return new DryRunReport(records(), routes, off, Map.of(), problems(scratch));
    }

    private String records() {
        return scope.since()
                .map(since -> "records that were changed since " + since)
                .orElse("the newest %d records of each feed".formatted(scope.sample()));
    }

    /** What snapshots and look-ups read besides the routes' own feeds. */
    private static List<String> problems(Store scratch) {
        return scratch.sources().feeds().stream()
                .filter(feed -> feed.error().isPresent())
                .map(feed -> "feed %s cannot be read: %s"
                        .formatted(feed.name(), feed.error().get()))
                .toList();
    }
}
