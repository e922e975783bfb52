package io.crmbridge.component;

import io.crmbridge.crm.JsonPage;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;

/**
 * {@code operation=snapshot}: answers from the mirror, without a call to the CRM, with the latest version of each record of
 * a feed, in the order of their last change. From its start on it keeps the feed polled.
 */
public final class SnapshotProducer extends DefaultProducer {
    private static final int PAGE = 500;

    private final BridgeServices services;
    private final String connection;
    private final FeedAddress address;
    private final FeedOptions options;
    private final SnapshotOptions snapshot;
    private final Optional<Predicate> where;
    private final Optional<Once> once;
    private final Completeness completeness;

    public SnapshotProducer(
            Endpoint endpoint,
            BridgeServices services,
            String connection,
            FeedAddress address,
            FeedOptions options,
            SnapshotOptions snapshot) {
        super(endpoint);
        this.services = services;
        this.connection = connection;
        this.address = address;
        this.options = options;
        this.snapshot = snapshot;
        this.completeness = new Completeness(services, connection, delay());
        this.where = snapshot.predicate(endpoint.getCamelContext());
        this.once = snapshot.onceFields().isEmpty()
                ? Optional.empty()
                : Optional.of(new Once(store().seen(), snapshot.onceFields()));
    }

    private Store store() {
        return services.store().orElseThrow(() -> new IllegalStateException("this context only checks routes"));
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        where.ifPresent(predicate -> predicate.init(getEndpoint().getCamelContext()));
        try {
            keepPolled();
        } catch (NoSuchElementException notYet) {
            // Told when it is asked.
        }
    }

    /** The feed as the store names it; empty where the CRM has not listed what it is of so far. */
    private Optional<String> keepPolled() {
        FeedRuntime feeds = services.runningFeeds();
        if (address.choice().isPresent()) {
            return feeds.keepOnePolled(
                    connection, address.resource(), address.choice().get(), delay());
        }
        feeds.keepPolled(connection, address.feed(), delay());
        return Optional.of(address.feed());
    }

    private FeedState known() throws TargetException {
        FeedRuntime feeds = services.runningFeeds();
        try {
            if (address.choice().isPresent()) {
                feeds.known(connection, address.choice().get().listing());
            }
            Optional<String> feed = keepPolled();
            if (feed.isPresent()) {
                FeedState state = feeds.known(connection, feed.get());
                if (state.freshAt().isPresent()) {
                    return state;
                }
                throw neverPolled(state.error());
            }
            throw neverPolled(Optional.empty());
        } catch (NoSuchElementException e) {
            throw new TargetException(new Outcome.Permanent(e.getMessage()), e.getMessage(), null);
        }
    }

    private TargetException neverPolled(Optional<String> error) {
        String reason = "%s of connection %s was never polled%s, so nothing is known of it: `status` tells more"
                .formatted(
                        address.resource(),
                        connection,
                        error.map(why -> " (" + why + ")").orElse(""));
        return new TargetException(new Outcome.Passing(reason, Optional.empty()), reason, null);
    }

    private Duration delay() {
        return options.delay(services.allowFastPoll());
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        FeedState state = known();
        Optional<Completeness.Incomplete> incomplete = completeness.of(state);
        if (snapshot.isRequireComplete() && incomplete.isPresent()) {
            String reason = "%s of connection %s is not known to be complete: %s"
                    .formatted(address.resource(), connection, incomplete.get().reason());
            throw new TargetException(
                    incomplete.get().lasting()
                            ? new Outcome.Refused(reason)
                            : new Outcome.Passing(reason, Optional.empty()),
                    reason,
                    null);
        }
        CrmBatch records = new Reading(exchange, state.id()).read();
        Message message = exchange.getMessage();
        message.setBody(records);
        message.setHeader(CrmConstants.CONNECTION, connection);
        message.setHeader(CrmConstants.FEED, address.resource());
        if (address.choice().isPresent()) {
            message.setHeader(
                    address.header(), state.name().substring(state.name().indexOf('/') + 1));
        }
        message.setHeader(CrmConstants.COUNT, records.size());
        message.setHeader(CrmConstants.COMPLETE, incomplete.isEmpty());
        message.removeHeader(CrmConstants.INCOMPLETE);
        incomplete.ifPresent(why -> message.setHeader(CrmConstants.INCOMPLETE, why.reason()));
    }

    /** One answer. A record that changes meanwhile appears once more at the end, and its older version is dropped. */
    private final class Reading {
        private final Exchange probe;
        private final Exchange exchange;
        private final long feedId;
        private final String scope;
        private final Optional<Instant> from;
        private final Optional<Set<String>> fields = options.allowedFields();
        private final Map<String, CrmRecord> answer = new LinkedHashMap<>();
        private final Map<String, String> keys = new HashMap<>();

        Reading(Exchange exchange, long feedId) {
            this.exchange = exchange;
            this.probe = ExchangeHelper.createCopy(exchange, false);
            this.feedId = feedId;
            String route = String.valueOf(ExchangeHelper.getRouteId(exchange));
            this.scope = String.join(
                    "\n",
                    "snapshot",
                    services.bundle(),
                    route,
                    StepIds.own(exchange, route).orElse(""),
                    String.valueOf(feedId),
                    "");
            this.from =
                    snapshot.window().map(window -> services.clock().instant().minus(window));
        }

        CrmBatch read() throws TargetException {
            try {
                List<Change> page;
                long after = 0;
                do {
                    page = store().log().snapshot(feedId, after, PAGE);
                    add(page);
                    after = page.isEmpty() ? after : page.get(page.size() - 1).seq();
                } while (page.size() == PAGE);
            } catch (TargetException | RuntimeException e) {
                once.ifPresent(o -> o.release(scope, keys.values()));
                throw e;
            }
            once.filter(o -> !keys.isEmpty())
                    .ifPresent(o -> exchange.getExchangeExtension()
                            .addOnCompletion(new End(o, scope, Set.copyOf(keys.values()))));
            return new CrmBatch(answer.values());
        }

        private void add(List<Change> page) throws TargetException {
            Map<String, CrmRecord> found = new LinkedHashMap<>();
            Map<String, String> idsByKey = new LinkedHashMap<>();
            for (Change change : page) {
                String id = change.recordId();
                drop(id);
                if (change.kind() == ChangeKind.GONE || isTooOld(change)) {
                    continue;
                }
                try {
                    CrmRecord record = CrmRecord.ofJson(change.body());
                    if (holds(record)
                            && (once.isEmpty()
                                    || idsByKey.putIfAbsent(once.get().key(record), id) == null)) {
                        fields.ifPresent(allowed -> record.keySet().retainAll(allowed));
                        found.put(id, record);
                    }
                } catch (IOException e) {
                    throw permanent("a body in the log is no JSON object");
                }
            }
            once.ifPresent(o -> {
                Set<String> taken = o.take(scope, idsByKey.keySet());
                idsByKey.forEach((key, id) -> {
                    if (taken.contains(key)) {
                        keys.put(id, key);
                    }
                });
                found.keySet().retainAll(keys.keySet());
            });
            answer.putAll(found);
        }

        private void drop(String id) {
            answer.remove(id);
            String key = keys.remove(id);
            once.filter(o -> key != null).ifPresent(o -> o.release(scope, List.of(key)));
        }

        private boolean isTooOld(Change change) {
            return from.isPresent()
                    && JsonPage.stamp(change.version())
                            .orElse(change.observedAt())
                            .isBefore(from.get());
        }

        private boolean holds(CrmRecord record) throws TargetException {
            if (where.isEmpty()) {
                return true;
            }
            probe.getMessage().setBody(record);
            try {
                return where.get().matches(probe);
            } catch (RuntimeException e) {
                throw permanent("where= cannot be evaluated for a record (%s)"
                        .formatted(e.getClass().getSimpleName()));
            }
        }

        /** Without its cause, whose message may quote the record. */
        private TargetException permanent(String what) {
            String reason = "%s of connection %s: %s".formatted(address.resource(), connection, what);
            return new TargetException(new Outcome.Permanent(reason), reason, null);
        }
    }

    /** What was answered once counts when the exchange has ended well. */
    private record End(Once once, String scope, Set<String> keys) implements Synchronization {
        @Override
        public void onComplete(Exchange exchange) {
            if (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast()) {
                onFailure(exchange);
            } else {
                once.keep(scope, keys);
            }
        }

        @Override
        public void onFailure(Exchange exchange) {
            once.release(scope, keys);
        }
    }
}
