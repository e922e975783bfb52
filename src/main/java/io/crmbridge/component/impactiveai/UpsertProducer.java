package io.crmbridge.component.impactiveai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.Completeness;
import io.crmbridge.component.CrmBatch;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.Effect;
import io.crmbridge.component.MirrorIndex;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.Writes;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;

/**
 * Updates the contact that has the same value in a field, or creates one. Whether there is one is known from the mirror, from
 * what the bridge itself has created, and, where the mirror is not whole, from the agent list.
 */
final class UpsertProducer extends DefaultProducer {
    private static final String FEED = "contacts";
    private static final int LIST_CAP = 500;
    private static final int NOT_FOUND = 404;

    private final BridgeServices services;
    private final String connection;
    private final Duration delay;
    private final String field;
    private final boolean createUnproven;
    private final Calls calls;
    private final Writes writes;
    private final CallBuilder create;
    private final CallBuilder update;
    private final Completeness completeness;
    /** Contacts that were deleted in the CRM, which its lists do not tell. */
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    private MirrorIndex index;

    UpsertProducer(ImpactiveAiEndpoint endpoint, BridgeServices services, Duration delay) {
        super(endpoint);
        this.services = services;
        this.connection = endpoint.getConnection();
        this.delay = delay;
        this.field = endpoint.getCall().getMatchBy();
        this.createUnproven = endpoint.getCall().getOnUnproven().equals("create");
        this.calls = services.runningFeeds().calls(connection);
        this.writes = services.runningFeeds().writes(connection);
        this.create = new CallBuilder(endpoint, services, operation("create", Optional.empty()));
        String verb = endpoint.getCall().getVerb();
        Operation patch = operation("update", Optional.empty());
        this.update = new CallBuilder(endpoint, services, verb == null ? patch : patch.withVerb(verb));
        this.completeness = new Completeness(services, connection, delay);
    }

    private static Operation operation(String name, Optional<String> api) {
        return Operations.find(FEED, name, api).orElseThrow();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        services.runningFeeds().keepPolled(connection, FEED, delay);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        List<Object> entries = CallBuilder.entries(body);
        if (entries.isEmpty()) {
            throw create.permanent("its body is empty");
        }
        Optional<Effect> effect = Effect.of(exchange, getEndpoint().getEndpointBaseUri() + "/upsert");
        List<String> keys = WriteProducer.keys(effect, entries);
        CrmBatch records = new CrmBatch();
        List<Intent> done = new ArrayList<>();
        try {
            for (int i = 0; i < entries.size(); i++) {
                records.add(upsert(exchange, entries.get(i), keys.get(i), effect, done));
            }
        } catch (CrmException e) {
            throw ImpactiveAiProducer.failed(e);
        }
        exchange.getMessage().setBody(CallBuilder.isList(body) ? records : records.get(0));
    }

    private Object upsert(Exchange exchange, Object entry, String key, Optional<Effect> effect, List<Intent> done)
            throws Exception {
        Call call = create.withFields(exchange, entry);
        String value = MirrorIndex.plain(call.body().orElseThrow().path(field).asText(""));
        if (value.isEmpty()) {
            throw create.permanent("the field %s, by which a contact is found, is missing or empty".formatted(field));
        }
        Intent intent = writes.write(
                        List.of(new Writes.Request(
                                key, call, meaning(value), () -> before(exchange, entry, call, value))),
                        String.valueOf(ExchangeHelper.getRouteId(exchange)),
                        false)
                .get(0);
        done.add(intent);
        WriteProducer.begun(effect, List.copyOf(done));
        WriteProducer.tell(List.of(intent), "");
        return WriteProducer.answer(List.of(intent), false);
    }

    /** Two leads that are found by the same value mean the same contact. */
    private Optional<String> meaning(String value) {
        return field.equals("email") ? Optional.empty() : Optional.of("contacts by " + field + "\n" + value);
    }

    private static Map<String, Object> withId(Object entry, String id) throws IOException {
        @SuppressWarnings("unchecked")
        Map<String, Object> fields = (Map<String, Object>) CrmRecord.ofTree(CrmRecord.toTree(entry));
        fields.put("id", id);
        return fields;
    }

    /** While no other upsert of the same contact is under way: updates the one that is there. */
    private Writes.Answer before(Exchange exchange, Object entry, Call call, String value) {
        FeedState state = services.runningFeeds().known(connection, FEED);
        MirrorIndex mirror = index(state);
        Set<String> found = new TreeSet<>(mirror.ids(value));
        String means = meaning(value).orElseGet(() -> writes.naturalKey(call));
        for (Intent other : services.store().orElseThrow().intents().meaning(state.sourceId(), FEED, means)) {
            if (other.state() == IntentState.UNKNOWN) {
                return Writes.Answer.hold(
                        "intent %d, which means the same contact, is not decided".formatted(other.id()));
            }
            if (other.state() == IntentState.CONFIRMED) {
                other.recordId().filter(id -> mirror.mayHave(id, value)).ifPresent(found::add);
            }
        }
        found.removeAll(gone);
        Optional<String> unproven = found.isEmpty() ? unproven(state, value, found) : Optional.empty();
        if (found.size() > 1) {
            String reason = "%d contacts have the same %s: %s".formatted(found.size(), field, String.join(", ", found));
            return Writes.Answer.hold(reason);
        }
        if (found.size() == 1) {
            Optional<Writes.Answer> updated =
                    updated(exchange, entry, found.iterator().next());
            if (updated.isPresent()) {
                return updated.get();
            }
        }
        return unproven.filter(reason -> !createUnproven)
                .map(Writes.Answer::hold)
                .orElse(Writes.Answer.SEND);
    }

    /** Empty where the contact is gone from the CRM, which tells nobody of that before. */
    private Optional<Writes.Answer> updated(Exchange exchange, Object entry, String id) {
        try {
            JsonNode answer = calls.call(update.withFields(exchange, new CrmRecord(withId(entry, id))))
                    .body();
            JsonNode record = Said.id(answer).isEmpty()
                    ? JsonNodeFactory.instance.objectNode().put("id", id)
                    : answer;
            return Optional.of(Writes.Answer.skip(id, record, "it was there, and is updated"));
        } catch (CrmException e) {
            if (e.status() != NOT_FOUND) {
                throw e;
            }
            gone.add(id);
            return Optional.empty();
        } catch (TargetException | IOException e) {
            // Its fields were read before, for the call that creates it.
            throw new IllegalStateException(e);
        }
    }

    private synchronized MirrorIndex index(FeedState state) {
        if (index == null) {
            index = new MirrorIndex(services.store().orElseThrow().log(), state.id(), field);
        }
        return index;
    }

    /** Why it is not known that there is no such contact; adds those that the agent list shows. */
    private Optional<String> unproven(FeedState state, String value, Set<String> found) {
        Optional<Completeness.Incomplete> incomplete =
                state.freshAt().isEmpty() ? Optional.empty() : completeness.of(state);
        // What was made since the last poll is among the newest.
        add(list("zapier", Map.of()), value, found);
        if (!found.isEmpty() || state.freshAt().isPresent() && incomplete.isEmpty()) {
            return Optional.empty();
        }
        List<JsonNode> rows = list("agent", Map.of("limit", Integer.toString(LIST_CAP)));
        add(rows, value, found);
        return rows.size() < LIST_CAP
                ? Optional.empty()
                : Optional.of("whether there is such a contact is not proven: %s, and the agent list shows %d alone"
                        .formatted(
                                incomplete.map(Completeness.Incomplete::reason).orElse("contacts were never polled"),
                                LIST_CAP));
    }

    private List<JsonNode> list(String api, Map<String, String> query) {
        return Said.rows(calls.call(new Call(operation("list", Optional.of(api)), Map.of(), query, Optional.empty()))
                .body());
    }

    private void add(List<JsonNode> rows, String value, Set<String> found) {
        for (JsonNode row : rows) {
            if (MirrorIndex.plain(row.path(field).asText("")).equals(value) && !gone.contains(Said.id(row))) {
                found.add(Said.id(row));
            }
        }
    }
}
