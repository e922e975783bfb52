package io.crmbridge.component;

import io.crmbridge.feed.Delivery;
import io.crmbridge.feed.Handover;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Message;
import org.apache.camel.spi.Synchronization;

/** Hands changes to a Camel route and waits for the work's real end, on whatever thread that comes. */
final class RouteDelivery implements Delivery {
    private final FeedConsumer consumer;
    private final BridgeServices services;
    private final String connection;
    private final String feed;
    private final Optional<Map.Entry<String, String>> key;
    private final Optional<Set<String>> fields;
    private final Outcomes outcomes;

    /** @param key header and value of the feed's key, where its resource has several feeds */
    RouteDelivery(
            FeedConsumer consumer,
            BridgeServices services,
            String connection,
            String feed,
            Optional<Map.Entry<String, String>> key,
            Optional<Set<String>> fields,
            Outcomes outcomes) {
        this.consumer = consumer;
        this.services = services;
        this.connection = connection;
        this.feed = feed;
        this.key = key;
        this.fields = fields;
        this.outcomes = outcomes;
    }

    @Override
    public Outcome deliver(Handover handover) {
        Exchange exchange = consumer.createExchange(false);
        try {
            fill(exchange, handover);
            if (services.activity() != Activity.NONE) {
                RecordLabel.note(
                        exchange,
                        feed,
                        handover.changes(),
                        label(exchange.getMessage().getBody()));
            }
        } catch (IOException e) {
            return new Outcome.Permanent("the body in the log is no JSON object");
        }
        End end = new End();
        exchange.getExchangeExtension().addOnCompletion(end);
        try {
            consumer.getProcessor().process(exchange);
        } catch (Exception e) {
            return outcomes.of(e);
        }
        return end.await(exchange, outcomes);
    }

    private static Object label(Object body) {
        return body instanceof CrmBatch batch && batch.size() == 1 ? batch.get(0) : body;
    }

    private void fill(Exchange exchange, Handover handover) throws IOException {
        Message message = exchange.getMessage();
        Change first = handover.changes().get(0);
        message.setHeader(CrmConstants.CONNECTION, connection);
        message.setHeader(CrmConstants.FEED, feed);
        key.ifPresent(of -> message.setHeader(of.getKey(), of.getValue()));
        message.setHeader(CrmConstants.IDEMPOTENCY_KEY, handover.key());
        Effect.begin(exchange, handover);
        if (handover.batch()) {
            CrmBatch bodies = new CrmBatch();
            for (Change change : handover.changes()) {
                bodies.add(body(change));
            }
            message.setBody(bodies);
            List<Change> changes = handover.changes();
            message.setHeader(CrmConstants.BATCH_FIRST, first.seq());
            message.setHeader(
                    CrmConstants.BATCH_LAST, changes.get(changes.size() - 1).seq());
            message.setHeader(CrmConstants.BATCH_COUNT, changes.size());
            return;
        }
        CrmRecord body = body(first);
        message.setBody(body);
        message.setHeader(CrmConstants.RECORD_ID, first.recordId());
        message.setHeader(CrmConstants.VERSION, first.version());
        message.setHeader(CrmConstants.CHANGE, first.kind().label());
        message.setHeader(
                CrmConstants.CHANGED_FIELDS,
                first.kind() == ChangeKind.CREATED ? List.copyOf(body.keySet()) : first.changedFields());
        if (first.firstSeen()) {
            message.setHeader(CrmConstants.FIRST_SEEN, true);
        }
        exchange.setProperty(
                CrmConstants.PREVIOUS,
                first.previous() == 0 ? new CrmRecord() : new PreviousBody(() -> previous(first.previous())));
    }

    private CrmRecord body(Change change) throws IOException {
        CrmRecord record = CrmRecord.ofJson(change.body());
        fields.ifPresent(allowed -> record.keySet().retainAll(allowed));
        return record;
    }

    private CrmRecord previous(long seq) {
        try {
            Optional<Change> change =
                    services.store().flatMap(store -> store.log().get(seq));
            return change.isEmpty() ? new CrmRecord() : body(change.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Completes where the work ends: at once for a plain route, later on another thread after an asynchronous step. */
    private static final class End implements Synchronization {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Exchange at;

        @Override
        public void onComplete(Exchange exchange) {
            at = exchange;
            ended.countDown();
        }

        @Override
        public void onFailure(Exchange exchange) {
            onComplete(exchange);
        }

        Outcome await(Exchange handed, Outcomes outcomes) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Outcome.Passing("interrupted", Optional.empty());
            }
            Exception failure = at.getException() == null ? handed.getException() : at.getException();
            if (failure != null) {
                return outcomes.of(failure);
            }
            if (at.isRollbackOnly() || at.isRollbackOnlyLast()) {
                return new Outcome.Passing("the route rolled it back", Optional.empty());
            }
            // A catch clause leaves what it caught, and no mark of the error handler. So does a redelivery that
            // succeeded.
            boolean caught = at.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT) != null
                    && !at.getMessage().getHeader(Exchange.REDELIVERED, false, Boolean.class);
            boolean handled = at.getExchangeExtension().isErrorHandlerHandledSet()
                    && at.getExchangeExtension().isErrorHandlerHandled();
            return handled || caught ? new Outcome.Done(true) : Outcome.DONE;
        }
    }
}
