package io.crmbridge.component.impactiveai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.Completeness;
import io.crmbridge.component.CrmBatch;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.Effect;
import io.crmbridge.component.EntryCalls;
import io.crmbridge.component.MirrorIndex;
import io.crmbridge.component.TargetException;
import io.crmbridge.component.WriteProducer;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Writes;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.lead.ContactFields;
import io.crmbridge.lead.EmailAddress;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;

/**
 * Updates the contact that has the same value in a field, or creates one. Whether there is one is known from the mirror, from
 * what the bridge itself has created, and, where the mirror is not whole, from an export of all contacts and the agent list.
 */
final class UpsertProducer extends DefaultProducer {
    /** Field of a contact after it, with what the contact's lead says besides. */
    static final String LEAD = "lead";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FEED = "contacts";
    private static final int LIST_CAP = 500;
    private static final int NOT_FOUND = 404;

    private final BridgeServices services;
    private final String connection;
    private final Duration delay;
    private final String field;
    private final boolean createUnproven;
    /** Whether what is there stays as it is. */
    private final boolean keep;

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
        this.keep = endpoint.getCall().getOnMatch().equals("keep");
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
        List<Object> entries = EntryCalls.entries(body);
        if (entries.isEmpty()) {
            throw create.permanent("its body is empty");
        }
        Instant begun = services.clock().instant();
        Optional<Effect> effect = Effect.of(exchange, getEndpoint().getEndpointBaseUri() + "/upsert");
        List<String> keys = WriteProducer.keys(effect, entries);
        List<Entry> wanted = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            wanted.add(entry(exchange, entries.get(i), keys.get(i)));
        }
        try {
            Map<Call, Entry> byCall = new IdentityHashMap<>();
            wanted.forEach(entry -> byCall.put(entry.request().call(), entry));
            List<Intent> done = writes.write(
                    wanted.stream().map(Entry::request).toList(),
                    String.valueOf(ExchangeHelper.getRouteId(exchange)),
                    asked -> before(exchange, asked, byCall));
            WriteProducer.begun(effect, done, done.size());
            WriteProducer.tell(done, "");
            CrmBatch records = new CrmBatch();
            for (int i = 0; i < done.size(); i++) {
                records.add(contact(done.get(i), wanted.get(i).fields()));
            }
            exchange.getMessage().setBody(EntryCalls.isList(body) ? records : records.get(0));
            services.activity()
                    .effect(
                            exchange,
                            "contact",
                            done.size() == 1 ? how(done.get(0)) : done.size() + " contacts",
                            Duration.between(begun, services.clock().instant()));
        } catch (CrmException e) {
            throw TargetException.of(e);
        }
    }

    /** @param value by which the contact is found */
    private record Entry(ContactFields fields, String value, Writes.Request request) {}

    private Entry entry(Exchange exchange, Object entry, String key) throws TargetException {
        JsonNode tree;
        try {
            tree = CrmRecord.toTree(entry);
        } catch (IOException e) {
            throw create.faulty("its body is no JSON");
        }
        if (!(tree instanceof ObjectNode object)) {
            throw create.faulty("its body is no JSON object");
        }
        ContactFields fields = ContactFields.of(object);
        String address = fields.ofKnown().path("email").asText("");
        if (!address.isEmpty() && EmailAddress.normal(address).isEmpty()) {
            throw create.faulty("the field email is no e-mail address");
        }
        if (fields.ofKnown().path(field).asText("").isBlank()) {
            throw create.faulty("the field %s, by which a contact is found, is missing or empty".formatted(field));
        }
        for (String name : List.of("firstName", "lastName")) {
            if (!fields.ofNew().has(name)) {
                throw create.faulty("the field %s is required, and is missing or empty".formatted(name));
            }
        }
        Call call = create.withFields(exchange, fields.ofNew());
        String value = MirrorIndex.plain(fields.ofKnown().path(field).asText(""));
        return new Entry(fields, value, new Writes.Request(key, call, meaning(value)));
    }

    /** As the CRM shows it, as far as it does, with what the lead said besides and whether it was there. */
    private static CrmRecord contact(Intent intent, ContactFields fields) throws IOException {
        ObjectNode contact = fields.ofKnown().deepCopy();
        contact.put("id", intent.recordId().orElse(null));
        if (intent.answer().isPresent() && JSON.readTree(intent.answer().get()) instanceof ObjectNode answer) {
            contact.setAll(answer);
        }
        ObjectNode lead = fields.lead().deepCopy();
        lead.put("contact", how(intent));
        contact.set(LEAD, lead);
        return (CrmRecord) CrmRecord.ofTree(contact);
    }

    private static String how(Intent intent) {
        return intent.sends() == 0 ? "matched" : "created";
    }

    /** Two leads that are found by the same value mean the same contact. */
    private Optional<String> meaning(String value) {
        return field.equals("email") ? Optional.empty() : Optional.of("contacts by " + field + "\n" + value);
    }

    /** While no other upsert of the same contacts is under way: finds those that are there, and updates them. */
    private List<Writes.Answer> before(Exchange exchange, List<Writes.Asked> asked, Map<Call, Entry> byCall) {
        Known known = new Known(
                asked.stream().map(each -> means(byCall.get(each.call()))).toList());
        List<Writes.Answer> answers = new ArrayList<>();
        for (Writes.Asked each : asked) {
            answers.add(before(exchange, byCall.get(each.call()), known));
        }
        return answers;
    }

    private String means(Entry entry) {
        return entry.request()
                .means()
                .orElseGet(() -> writes.naturalKey(entry.request().call()));
    }

    private Writes.Answer before(Exchange exchange, Entry entry, Known known) {
        String value = entry.value();
        Set<String> found = new TreeSet<>(known.mirror.ids(value));
        for (Intent.Meant other : known.meant.getOrDefault(means(entry), List.of())) {
            if (other.state() == IntentState.CONFIRMED) {
                other.recordId().filter(id -> known.mirror.mayHave(id, value)).ifPresent(found::add);
            }
        }
        SeededContacts seeded = known.seeded(value);
        found.addAll(seeded.ids());
        found.removeAll(gone);
        Optional<String> unproven = found.isEmpty() ? known.unproven(value, found, seeded) : Optional.empty();
        if (found.size() > 1) {
            String reason = "%d contacts have the same %s: %s".formatted(found.size(), field, String.join(", ", found));
            return Writes.Answer.hold(reason);
        }
        if (found.size() == 1) {
            String id = found.iterator().next();
            Optional<Writes.Answer> there =
                    keep ? Optional.of(Writes.Answer.there(id)) : updated(exchange, entry.fields(), id);
            return there.isPresent() ? there.get() : before(exchange, entry, known);
        }
        Optional<Intent.Meant> undecided = known.meant.getOrDefault(means(entry), List.of()).stream()
                .filter(other -> other.state() == IntentState.UNKNOWN && !other.isNeverSent())
                .findFirst();
        if (undecided.isPresent()) {
            return Writes.Answer.hold("intent %d, which means the same contact, is not decided"
                    .formatted(undecided.get().id()));
        }
        Optional<String> whichOne = unproven.flatMap(reason -> seeded.withoutId());
        if (whichOne.isPresent()) {
            return Writes.Answer.hold(whichOne.get());
        }
        return unproven.filter(reason -> !createUnproven)
                .map(Writes.Answer::hold)
                .orElse(Writes.Answer.SEND);
    }

    /** Empty where the contact is gone from the CRM, which tells nobody of that before. */
    private Optional<Writes.Answer> updated(Exchange exchange, ContactFields fields, String id) {
        try {
            JsonNode answer = calls.call(update.withFields(
                            exchange,
                            CrmRecord.ofTree(fields.ofKnown().deepCopy().put("id", id))))
                    .body();
            JsonNode record = Said.id(answer).isEmpty()
                    ? JsonNodeFactory.instance.objectNode().put("id", id)
                    : answer;
            return Optional.of(Writes.Answer.skip(id, record, "it was there, and is updated"));
        } catch (CrmException e) {
            if (e.status() == NOT_FOUND) {
                gone.add(id);
                return Optional.empty();
            }
            if (e.verdict() == Verdict.INVALID) {
                return Optional.of(Writes.Answer.refuse(e.getMessage()));
            }
            throw e;
        } catch (TargetException e) {
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

    private List<JsonNode> agentList() {
        Map<String, String> query = Map.of("limit", Integer.toString(LIST_CAP));
        return Said.rows(
                calls.call(new Call(operation("list", Optional.of("agent")), Map.of(), query, Optional.empty()))
                        .body());
    }

    /** What is known of the contacts, as of one moment; a list is asked for once, and only where it is needed. */
    private final class Known {
        private FeedState state = services.runningFeeds().known(connection, FEED);
        private final MirrorIndex mirror = index(state);
        private boolean polled;
        private Map<String, Set<String>> agent;
        private int agentRows;
        private final Map<String, List<Intent.Meant>> meant;
        private final boolean hasSeed = field.equals("email")
                && services.store().orElseThrow().seeds().of(state.sourceId()).isPresent();

        Known(List<String> means) {
            mirror.readOn();
            meant = services.store().orElseThrow().intents().meaning(state.sourceId(), FEED, means);
        }

        /** What an export tells, where there is one. */
        SeededContacts seeded(String value) {
            Store store = services.store().orElseThrow();
            return new SeededContacts(
                    store,
                    state,
                    mirror,
                    value,
                    hasSeed ? store.seeds().find(state.sourceId(), value) : Optional.empty());
        }

        /** Why it is not known that there is no such contact; adds those that a list shows. */
        Optional<String> unproven(String value, Set<String> found, SeededContacts seeded) {
            if (!polled) {
                poll();
            }
            mirror.ids(value).stream().filter(id -> !gone.contains(id)).forEach(found::add);
            Optional<Completeness.Incomplete> incomplete = completeness.of(state);
            if (!found.isEmpty() || incomplete.isEmpty()) {
                return Optional.empty();
            }
            boolean covered = completeness.of(state, seeded.seed()).isEmpty();
            Optional<String> doubt = covered ? seeded.doubt(gone) : Optional.empty();
            if (covered && doubt.isEmpty()) {
                return Optional.empty();
            }
            if (agent == null) {
                List<JsonNode> rows = agentList();
                agentRows = rows.size();
                agent = byValue(rows);
            }
            add(agent, value, found);
            return agentRows < LIST_CAP
                    ? Optional.empty()
                    : doubt.or(() -> Optional.of(
                            "whether there is such a contact is not proven: %s, and the agent list shows %d alone%s"
                                    .formatted(
                                            incomplete.get().reason(),
                                            LIST_CAP,
                                            field.equals("email") ? SeededContacts.ADVICE : "")));
        }

        /** What was made since the last poll is among the newest. */
        private void poll() {
            Instant asked = services.clock().instant();
            services.runningFeeds().poll(connection, FEED);
            state = services.runningFeeds().known(connection, FEED);
            if (state.freshAt().filter(at -> !at.isBefore(asked)).isEmpty()) {
                throw new CrmException(
                        Verdict.RETRY,
                        "the contacts cannot be read just now"
                                + state.error().map(why -> ": " + why).orElse(""));
            }
            mirror.readOn();
            polled = true;
        }

        private void add(Map<String, Set<String>> rows, String value, Set<String> found) {
            rows.getOrDefault(value, Set.of()).stream()
                    .filter(id -> !gone.contains(id))
                    .forEach(found::add);
        }

        private Map<String, Set<String>> byValue(List<JsonNode> rows) {
            return rows.stream()
                    .collect(Collectors.groupingBy(
                            row -> MirrorIndex.plain(row.path(field).asText("")),
                            Collectors.mapping(Said::id, Collectors.toSet())));
        }
    }
}
