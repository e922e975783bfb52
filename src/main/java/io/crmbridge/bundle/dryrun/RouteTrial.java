package io.crmbridge.bundle.dryrun;

import io.crmbridge.bundle.rehearse.Rehearsal;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.FeedAddress;
import io.crmbridge.component.rehearse.Sent;
import io.crmbridge.crm.CrmException;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.Inbox;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Change;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.model.Model;

/** What one route does with the records of its feed, or when it is fired. For one thread. */
final class RouteTrial {
    private static final Pattern BATCH_SIZE = Pattern.compile("[?&]batchSize=(\\d+)");
    private static final Pattern FIRED = Pattern.compile("(quartz|timer|scheduler):.*");
    private static final Pattern HANDED = Pattern.compile("(direct|seda):.*");
    private static final int INTENTS = 1_000;

    private final Rehearsal rehearsal;
    private final LiveFeeds feeds;
    private final Store store;
    private final Scope scope;
    private final Clock clock;
    private final BooleanSupplier cancelled;
    private final String id;
    private final Tally tally;
    private final Map<String, Integer> failures = new LinkedHashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private long lastIntent;
    private int fed;
    private int quiet;
    private int handled;

    RouteTrial(
            Rehearsal rehearsal,
            LiveFeeds feeds,
            Store store,
            Scope scope,
            Clock clock,
            BooleanSupplier cancelled,
            UnaryOperator<String> sequenceNames,
            String id) {
        this.rehearsal = rehearsal;
        this.feeds = feeds;
        this.store = store;
        this.scope = scope;
        this.clock = clock;
        this.cancelled = cancelled;
        this.id = id;
        this.tally = new Tally(sequenceNames);
    }

    DryRunReport.Route run() {
        rehearsal.recorder().drain();
        lastIntent = intents().stream().mapToLong(Intent::id).max().orElse(0);
        String uri = rehearsal.context().getRoute(id).getEndpoint().getEndpointUri();
        String source = uri.replaceFirst("\\?.*", "").replaceFirst(":/+", ":");
        Optional<Rehearsal.Feed> feed = rehearsal.feed(id);
        if (feed.isPresent()) {
            feed(feed.get(), source, uri);
        } else if (FIRED.matcher(source).matches()) {
            fed = 1;
            count(rehearsal.fire(id, clock.instant()), 1);
        } else {
            notes.add(
                    HANDED.matcher(source).matches()
                            ? "gets what other routes hand over, and is tried with them"
                            : "what comes from %s is not in the CRM: not tried".formatted(source.split(":")[0] + ":"));
        }
        if (fed > 0 && quiet == fed && scope.changed().isEmpty() && looksBack()) {
            notes.add(
                    "the route looks at what has changed, which one reading does not show: say --changed FIELD, as if it had");
        }
        return new DryRunReport.Route(
                id,
                source,
                fed,
                quiet,
                failures.values().stream().mapToInt(Integer::intValue).sum(),
                handled,
                tally.effects(),
                failures.entrySet().stream()
                        .map(failure -> new DryRunReport.Failure(failure.getKey(), failure.getValue()))
                        .toList(),
                List.copyOf(notes),
                tally.shown());
    }

    private boolean looksBack() {
        String text = String.valueOf(rehearsal
                .context()
                .getCamelContextExtension()
                .getContextPlugin(Model.class)
                .getRouteDefinition(id));
        return text.contains(CrmConstants.CHANGED_FIELDS) || text.contains(CrmConstants.PREVIOUS);
    }

    private void feed(Rehearsal.Feed feed, String source, String uri) {
        FeedAddress address = feed.address();
        if (address.within().equals(Inbox.FEEDS) || feed.connection().equals(FeedRuntime.LOCAL)) {
            notes.add("what comes into %s is not in the CRM: not tried".formatted(source));
            return;
        }
        Matcher batch = BATCH_SIZE.matcher(uri);
        int size = batch.find() ? Integer.parseInt(batch.group(1)) : 1;
        List<String> connections = feed.connection().equals("*")
                ? feeds.connections(source.substring(0, source.indexOf(':')))
                : List.of(feed.connection());
        for (String connection : connections) {
            if (!feeds.knows(connection)) {
                notes.add("connection %s has no key: not tried".formatted(connection));
                continue;
            }
            try {
                for (Optional<String> key : keys(connection, address)) {
                    String name = key.map(each -> address.feed() + "/" + each).orElse(address.feed());
                    feed(connection, key, name, size);
                }
            } catch (CrmException e) {
                failures.merge("its feed cannot be read: " + e.getMessage(), 1, Integer::sum);
            }
        }
    }

    private List<Optional<String>> keys(String connection, FeedAddress address) {
        if (address.choice().isEmpty()) {
            return List.of(Optional.empty());
        }
        List<String> ids = feeds.chosen(connection, address.choice().get());
        if (ids.isEmpty()) {
            notes.add("the CRM's %s have no \"%s\""
                    .formatted(
                            address.choice().get().listing(),
                            address.choice().get().chosen()));
        }
        return ids.stream().map(Optional::of).toList();
    }

    private void feed(String connection, Optional<String> key, String name, int size) {
        if (!feeds.has(connection, name)) {
            notes.add("connection %s has no feed %s: not tried".formatted(connection, name));
            return;
        }
        LiveFeeds.Found found = feeds.of(connection, name);
        notes.addAll(found.notes());
        List<Change> changes = found.changes();
        for (int from = 0; from < changes.size() && !cancelled.getAsBoolean(); from += size) {
            List<Change> some = changes.subList(from, Math.min(changes.size(), from + size));
            fed += some.size();
            deliver(connection, key, some);
        }
    }

    /** A batch that fails for good is halved until one record is to blame, as a running bridge does it. */
    private void deliver(String connection, Optional<String> key, List<Change> changes) {
        Outcome outcome = rehearsal.deliver(id, connection, key, changes).get(0);
        if (outcome instanceof Outcome.Permanent && changes.size() > 1) {
            rehearsal.recorder().drain();
            int half = changes.size() / 2;
            deliver(connection, key, changes.subList(0, half));
            deliver(connection, key, changes.subList(half, changes.size()));
            return;
        }
        count(outcome, changes.size());
    }

    private void count(Outcome outcome, int records) {
        List<Sent> sent = rehearsal.recorder().drain();
        tally.sent(sent, scope.show());
        List<Intent> since =
                intents().stream().filter(intent -> intent.id() > lastIntent).toList();
        lastIntent = since.stream().mapToLong(Intent::id).max().orElse(lastIntent);
        boolean kept = tally.kept(since);
        if (!(outcome instanceof Outcome.Done done)) {
            failures.merge(outcome.reason(), records, Integer::sum);
        } else if (done.handledByRoute()) {
            handled += records;
        } else if (sent.isEmpty() && !kept) {
            quiet += records;
        }
    }

    private List<Intent> intents() {
        return store.intents().list(EnumSet.allOf(IntentState.class), INTENTS);
    }
}
