package io.crmbridge.crm.impactiveai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.LostAnswer;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Standing;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.WriteRules;
import io.crmbridge.crm.Writes;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.IntentState.Event;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A CRM in memory that loses answers, a store, and an oracle that knows which write made which record. For one thread. */
final class WritesWorld implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SETTLE = Duration.ofSeconds(30);
    private static final Operation CREATE =
            Operations.find("companies", "create", Optional.empty()).orElseThrow();

    enum Verb {
        WRITE,
        AGAIN,
        FAULT,
        OTHERS,
        NAMESAKE,
        TICK,
        RESTART,
        DECIDE,
        CHORE
    }

    enum Fault {
        RESET_BEFORE,
        RESET_AFTER,
        KILLED_BEFORE,
        KILLED_AFTER,
        NO_ID,
        REFUSED,
        BUSY,
        NOT_REACHED,
        COMMITS_IN_TIME,
        COMMITS_LATE,
        LIST_FAILS
    }

    record Action(Verb verb, int a, int b) {}

    /** @param cap rows of a page @param skew of the CRM's clock in ms @param seeds records that are there at first */
    record Config(int cap, int skew, int seeds) {}

    private record Made(String id, String name, String key, Instant at) {}

    private record Late(Instant due, String name, String key) {}

    /** The process is gone. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private final Config config;
    private final Store store;
    private final long source;
    private final List<Made> records = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Set<String> excused = new HashSet<>();
    private final Set<String> decided = new HashSet<>();
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final WriteRules rules = new ImpactiveAiWrites(this::answer, clock);
    private Writes writes;
    private int ids;

    WritesWorld(Config config, Path folder) {
        this.config = config;
        this.store = Store.open(folder, clock);
        this.source = store.sources().source("default", ImpactiveAi.TYPE).id();
        for (int i = 0; i < config.seeds(); i++) {
            records.add(new Made("seed" + i, "Seed " + i, null, Instant.parse("2020-01-01T00:00:00Z")));
        }
        start();
    }

    private void start() {
        writes = new Writes(new Calls(new Server(), GOOD), store.intents(), source, SETTLE, clock, this::forward);
    }

    private static final Standing GOOD = new Standing() {
        @Override
        public Runnable aboutToWrite(String resource, int records) {
            return () -> {};
        }

        @Override
        public void admit() {}

        @Override
        public void refused(String reason) {}

        @Override
        public void leaveAlone(CrmException wait) {}
    };

    private void forward(Duration time) {
        now = now.plus(time);
        for (Late one : List.copyOf(late)) {
            if (!one.due().isAfter(now)) {
                late.remove(one);
                make(one.name(), one.key(), one.due());
            }
        }
    }

    private Made make(String name, String key, Instant at) {
        Made made = new Made("r" + ++ids, name, key, at.plusMillis(config.skew()));
        records.add(made);
        return made;
    }

    void run(List<Action> history) {
        for (Action action : history) {
            act(action);
            check();
        }
        faults.clear();
        forward(Duration.ofMinutes(3));
        quietly(writes::settleDue);
        check();
        assertThat(store.intents().open(source)).as("nothing stays open").isEmpty();
        for (String key : keys) {
            quietly(() -> write(key));
        }
        forward(Duration.ofMinutes(3));
        quietly(writes::settleDue);
        check();
        everyWriteIsSettled();
    }

    private void act(Action action) {
        switch (action.verb()) {
            case WRITE -> {
                keys.add("k" + keys.size());
                names.add("Name " + action.a());
                String key = keys.get(keys.size() - 1);
                quietly(() -> write(key));
            }
            case AGAIN -> some(keys, action.a()).ifPresent(key -> quietly(() -> write(key)));
            case FAULT -> faults.add(Fault.values()[action.a()]);
            case OTHERS -> {
                for (int i = 0; i < action.a(); i++) {
                    forward(Duration.ofMillis(10));
                    make("Other " + ids, null, now);
                }
            }
            case NAMESAKE -> {
                // For a person that is the same record, so which of the two is meant cannot be told.
                excused.add("Name " + action.a());
                make("Name " + action.a(), null, now);
            }
            case TICK -> forward(Duration.ofMillis(action.a()));
            case RESTART -> {
                writes.close();
                start();
            }
            case DECIDE -> some(intents(IntentState.UNKNOWN), action.a()).ifPresent(this::decide);
            case CHORE -> {
                quietly(writes::settleDue);
            }
        }
    }

    private static <T> Optional<T> some(List<T> list, int at) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(at % list.size()));
    }

    private void quietly(Runnable work) {
        try {
            work.run();
        } catch (CrmException e) {
            assertThat(e.getMessage()).isNotEmpty();
        } catch (Killed e) {
            start();
        }
    }

    private void write(String key) {
        ObjectNode body = JSON.createObjectNode()
                .put("name", names.get(keys.indexOf(key)))
                .put("tag", key);
        Call call = new Call(CREATE, Map.of(), Map.of(), Optional.of(body));
        writes.write(List.of(new Writes.Request(key, call)), "route", Writes.Check.NONE);
    }

    /** Looks in the CRM, and knows what is still to come. */
    private void decide(Intent intent) {
        String key = key(intent);
        List<Made> made = made(key);
        decided.add(key);
        boolean comes = late.stream().anyMatch(one -> one.key().equals(key));
        if (!made.isEmpty()) {
            happened(
                    intent,
                    Event.CONFIRM,
                    new Intent.Note(
                            Optional.empty(), Optional.of(made.get(0).id()), Optional.empty(), Optional.empty()));
        } else if (!comes) {
            happened(intent, Event.RETRY, Intent.Note.reason(Intent.RELEASED));
        }
    }

    private void happened(Intent intent, Event event, Intent.Note note) {
        store.intents().happened(List.of(intent.id()), event, note);
    }

    private static String key(Intent intent) {
        try {
            return JSON.readTree(intent.request()).path("body").path("tag").asText();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Made> made(String key) {
        return records.stream().filter(record -> key.equals(record.key())).toList();
    }

    private List<Intent> intents(IntentState... states) {
        return store.intents().list(EnumSet.copyOf(List.of(states)), 1000);
    }

    private void check() {
        for (Intent intent : intents(IntentState.values())) {
            String key = key(intent);
            String name = names.get(keys.indexOf(key));
            if (excused.contains(name)) {
                continue;
            }
            assertThat(made(key).size())
                    .as("records of %s, %s", key, intent.state())
                    .isLessThanOrEqualTo(1);
            if (intent.state() == IntentState.CONFIRMED) {
                assertThat(made(key))
                        .as("%s is confirmed", key)
                        .extracting(Made::id)
                        .containsExactly(intent.recordId().orElseThrow());
            }
            if (intent.state() == IntentState.PLANNED || intent.state() == IntentState.REFUSED) {
                assertThat(made(key))
                        .as("%s is not done: %s", key, intent.state())
                        .isEmpty();
            }
            if (intent.state() == IntentState.UNKNOWN) {
                assertThat(intent.reason()).isPresent();
            }
        }
    }

    /** What the CRM carried out late, after a look-up, is told, where the list shows it. */
    private void everyWriteIsSettled() {
        for (Intent intent : intents(IntentState.values())) {
            assertThat(intent.state())
                    .as(key(intent))
                    .isIn(IntentState.CONFIRMED, IntentState.UNKNOWN, IntentState.REFUSED);
            boolean shown = records.size() < config.cap();
            // One that another write of that name took for its own is nobody's duplicate.
            long left = made(key(intent)).stream()
                    .filter(record -> intents(IntentState.CONFIRMED).stream()
                            .noneMatch(other -> other.id() != intent.id()
                                    && other.recordId().equals(Optional.of(record.id()))))
                    .count();
            if (left > 1 && shown && !decided.contains(key(intent))) {
                assertThat(intent.state()).as("%s was made twice", key(intent)).isEqualTo(IntentState.UNKNOWN);
                assertThat(intent.reason().orElseThrow()).containsAnyOf("made twice", "may be it", "sent 5 times");
            }
        }
    }

    int confirmed() {
        return intents(IntentState.CONFIRMED).size();
    }

    int unknown() {
        return intents(IntentState.UNKNOWN).size();
    }

    int sentAgain() {
        return (int) intents(IntentState.values()).stream()
                .filter(intent -> intent.sends() > 1)
                .count();
    }

    private Reply answer(Call call) {
        forward(Duration.ofMillis(20));
        return call.operation().kind() == Operation.Kind.READ ? list() : create(call);
    }

    private Reply list() {
        if (faults.remove(Fault.LIST_FAILS)) {
            throw new CrmException(Verdict.RETRY, "no list just now");
        }
        ArrayNode rows = JSON.createArrayNode();
        records.stream()
                .sorted(Comparator.comparing(Made::at).reversed())
                .limit(config.cap())
                .forEach(record -> rows.add(row(record)));
        return new Reply(rows, Optional.of(now.plusMillis(config.skew()).truncatedTo(ChronoUnit.SECONDS)));
    }

    private static ObjectNode row(Made record) {
        return JSON.createObjectNode()
                .put("id", record.id())
                .put("name", record.name())
                .put("createdAt", record.at().toString())
                .put("updatedAt", record.at().toString());
    }

    private Reply create(Call call) {
        assertThat(store.intents().open(source))
                .as("one is under way, and none is open")
                .hasSize(1);
        String name = call.body().orElseThrow().path("name").asText();
        String key = call.body().get().path("tag").asText();
        Fault fault = faults.isEmpty() || faults.get(0) == Fault.LIST_FAILS ? null : faults.remove(0);
        if (fault == null) {
            return made(name, key);
        }
        switch (fault) {
            case RESET_BEFORE -> throw LostAnswer.maybeDone();
            case RESET_AFTER -> {
                make(name, key, now);
                throw LostAnswer.maybeDone();
            }
            case KILLED_BEFORE -> throw new Killed();
            case KILLED_AFTER -> {
                make(name, key, now);
                throw new Killed();
            }
            case NO_ID -> {
                make(name, key, now);
                return new Reply(JSON.createObjectNode().put("ok", true), Optional.of(now));
            }
            case REFUSED -> throw new CrmException(Verdict.INVALID, "answered 400");
            case BUSY -> throw new CrmException(Verdict.WAIT, "answered 429");
            case NOT_REACHED -> throw new CrmException(Verdict.RETRY, "refused");
            case COMMITS_IN_TIME -> {
                late.add(new Late(now.plusSeconds(10), name, key));
                throw LostAnswer.maybeDone();
            }
            case COMMITS_LATE -> {
                // Outside the promise, and it may be taken for what a later write of that name made.
                excused.add(name);
                late.add(new Late(now.plusSeconds(60), name, key));
                throw LostAnswer.maybeDone();
            }
            default -> throw new AssertionError(fault);
        }
    }

    private Reply made(String name, String key) {
        return new Reply(row(make(name, key, now)), Optional.of(now));
    }

    @Override
    public void close() {
        writes.close();
        store.close();
    }

    private final class Server implements Crm {
        @Override
        public Connection connection() {
            return new Connection("default", ImpactiveAi.TYPE, URI.create("http://127.0.0.1"), new Secret("x"));
        }

        @Override
        public Workspace identify() {
            return new Workspace("w", "w");
        }

        @Override
        public Collection<FeedContract> feeds() {
            return List.of();
        }

        @Override
        public Page page(FeedContract feed, Optional<Instant> since) {
            throw new UnsupportedOperationException("no feeds here");
        }

        @Override
        public Reply call(Call call) {
            return answer(call);
        }

        @Override
        public Collection<Operation> operations() {
            return Operations.ALL;
        }

        @Override
        public WriteRules writeRules() {
            return rules;
        }

        @Override
        public void close() {}
    }
}
