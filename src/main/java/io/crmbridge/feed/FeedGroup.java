package io.crmbridge.feed;

import io.crmbridge.state.Change;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import io.crmbridge.state.Subscription.StartFrom;
import io.crmbridge.state.Subscriptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A route's subscriptions to the feeds of a resource that has one for each record of a listing. It looks at the listing
 * after each poll of it: a record that is new begins its feed, with all that it has; one that is gone ends its feed, whose
 * place is kept. Thread-safe.
 *
 * <p>Its own place, on the listing, tells which records it has not met yet, over restarts too.
 */
final class FeedGroup implements SubscriptionHandle {
    private static final Logger LOG = LoggerFactory.getLogger(FeedGroup.class);

    private final Store store;
    private final FeedRuntime runtime;
    private final SubscriptionSpec spec;
    private final Choice choice;
    private final PollTask listing;
    private final Function<String, Delivery> deliveries;
    private final Map<String, SubscriptionHandle> open = new TreeMap<>();
    private final long placeId;
    private long position;
    private Optional<String> problem;
    private Optional<String> waiting = Optional.empty();
    private boolean closed;

    /** @param deliveries made of a record's id */
    FeedGroup(
            Store store,
            FeedRuntime runtime,
            SubscriptionSpec spec,
            Choice choice,
            PollTask listing,
            Function<String, Delivery> deliveries) {
        this.store = store;
        this.runtime = runtime;
        this.spec = spec;
        this.choice = choice;
        this.listing = listing;
        this.deliveries = deliveries;
        Subscription place = store.subscriptions()
                .open(
                        spec.bundle(),
                        spec.name(),
                        spec.routeId(),
                        listing.feedId(),
                        StartFrom.NOW,
                        "the list that its feeds are of");
        this.placeId = place.id();
        this.position = place.position();
        this.problem = place.state() == Subscription.State.ALARM ? place.reason() : Optional.empty();
    }

    SubscriptionSpec spec() {
        return spec;
    }

    long placeId() {
        return placeId;
    }

    @Override
    public void start() {
        listing.want(spec.delay());
        listing.watch(this, this::look);
        look();
        listing.start();
    }

    private synchronized void look() {
        if (closed) {
            return;
        }
        if (listing.state().freshAt().isEmpty()) {
            tell(Optional.empty(), Optional.of("waits for the CRM's list of " + choice.listing()));
            return;
        }
        Listing now = Listing.of(store.log(), listing.feedId());
        for (String id : List.copyOf(open.keySet())) {
            if (!now.present().containsKey(id)) {
                end(id);
            }
        }
        Listing.Found found = now.find(choice);
        Set<String> wanted = new TreeSet<>(found.ids());
        if (!choice.isAll() && !open.isEmpty()) {
            // One that was found by its name stays the one that is meant when it gets another.
            wanted = Set.copyOf(open.keySet());
        }
        for (String id : wanted) {
            if (!open.containsKey(id)) {
                begin(id, isNew(now.present().get(id)));
            }
        }
        if (now.head() > position) {
            move(now.head());
        }
        tell(open.isEmpty() ? found.problem() : Optional.empty(), Optional.empty());
    }

    /** First seen after the place: what its feed has already when it is first polled is news, not history. */
    private boolean isNew(Change last) {
        Change first = last;
        while (first.previous() > position) {
            Optional<Change> before = store.log().get(first.previous());
            if (before.isEmpty()) {
                return false;
            }
            first = before.get();
        }
        return first.previous() == 0 && first.seq() > position && !first.baseline();
    }

    private void begin(String id, boolean isNew) {
        SubscriptionSpec one = spec.on(spec.feed() + "/" + id, isNew ? StartFrom.BEGINNING : spec.startFrom());
        SubscriptionHandle handle = runtime.subscribe(one, deliveries.apply(id));
        open.put(id, handle);
        choice.sweepFor().ifPresent(time -> runtime.sweep(one, id, time));
        handle.start();
    }

    private void end(String id) {
        LOG.info(
                "route {}: {} is gone from the CRM's {}; its feed of {} ends and its place is kept",
                spec.routeId(),
                id,
                choice.listing(),
                spec.feed());
        open.remove(id).close();
        runtime.drop(spec.connection(), spec.feed() + "/" + id);
    }

    private void move(long to) {
        position = to;
        store.subscriptions()
                .save(new Subscriptions.Progress(
                        placeId, to, "", List.of(), List.of(), List.of(), List.of(), 0, 0, Optional.empty()));
    }

    private void tell(Optional<String> newProblem, Optional<String> newWaiting) {
        if (newProblem.equals(problem) && newWaiting.equals(waiting)) {
            return;
        }
        newProblem
                .filter(text -> !newProblem.equals(problem))
                .ifPresent(text -> LOG.error("route {}: {}", spec.routeId(), text));
        problem = newProblem;
        waiting = newWaiting;
        store.subscriptions()
                .mark(
                        placeId,
                        problem.isPresent() ? Subscription.State.ALARM : Subscription.State.ACTIVE,
                        problem.or(() -> waiting));
    }

    /** The worst of its subscriptions. */
    @Override
    public synchronized String state() {
        if (problem.isPresent()) {
            return Subscription.State.ALARM.name();
        }
        return open.values().stream()
                .map(SubscriptionHandle::state)
                .filter(state -> !state.equals(Subscription.State.ACTIVE.name()))
                .findFirst()
                .orElse(Subscription.State.ACTIVE.name());
    }

    @Override
    public void close() {
        listing.unwatch(this);
        runtime.forget(this);
        synchronized (this) {
            closed = true;
            open.values().forEach(SubscriptionHandle::close);
            open.clear();
        }
    }
}
