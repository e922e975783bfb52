package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.IntentState.Event;
import io.crmbridge.state.Intents;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one connection that must not be done twice. Each is an intent on record before it is sent. When an answer is
 * missing, no further one is sent on this connection until, after a time to settle, it was looked up whether the write was
 * done; where that tells nothing, a person decides. Thread-safe.
 */
public final class Writes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writes.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Less than half of what a list shows, so that whatever is open can be found in it, beside as many before of one stamp. */
    static final int MOST_OPEN = 40;

    private static final int MOST_SENDS = 5;
    private static final Duration LOOK_BACK = Duration.ofHours(1);

    private final Calls calls;
    private final Intents intents;
    private final long sourceId;
    private final Duration settle;
    private final Clock clock;
    private final Pause pause;
    private final Instant startedAt;
    private final WriteLookUp lookUp;
    // Guarded by this.
    private final Map<Long, String> inFlight = new HashMap<>();
    private final Set<Long> lookedBack = new HashSet<>();
    private final Map<Long, Instant> lostAt = new HashMap<>();

    private boolean resolving;
    private boolean closed;

    private volatile Check checkOfReleased = Check.NONE;

    /** Waits, or less where it is told to end. */
    public interface Pause {
        void await(Duration time) throws InterruptedException;
    }

    /**
     * @param key the same for each repetition of the same write
     * @param means equal for writes that mean the same record; that of the call's fields unless it is given
     */
    public record Request(String key, Call call, Optional<String> means) {
        public Request(String key, Call call) {
            this(key, call, Optional.empty());
        }

        String meaning(Writes writes) {
            return means.orElseGet(() -> writes.naturalKey(call));
        }
    }

    /** Asked right before writes are sent in one call, while no other that means one of their records is under way. */
    public interface Check {
        Check NONE = writes -> Collections.nCopies(writes.size(), Answer.SEND);

        /** @return one answer a write, in their order */
        List<Answer> of(List<Asked> writes);
    }

    /** A write that is about to be sent. */
    public record Asked(Intent intent, Call call) {}

    /**
     * What is known of a write's record before it is sent.
     *
     * @param event what happens to the intent instead; empty: it is sent
     * @param done how it stands already, where that is why nothing is sent
     * @param reason why
     */
    public record Answer(Optional<Event> event, Optional<Said.Made> done, Optional<String> reason) {
        public static final Answer SEND = new Answer(Optional.empty(), Optional.empty(), Optional.empty());

        public static Answer there(String recordId) {
            return skip(recordId, JSON.createObjectNode().put("id", recordId), "it was there");
        }

        /** @param report for the route, which goes on */
        public static Answer skip(String recordId, JsonNode report, String reason) {
            return new Answer(
                    Optional.of(Event.ANSWERED), Optional.of(new Said.Made(recordId, report)), Optional.of(reason));
        }

        /** A person must decide first. */
        public static Answer hold(String reason) {
            return new Answer(Optional.of(Event.HELD), Optional.empty(), Optional.of(reason));
        }

        /** A person lets it through, for enough others were. @param note kept with it until then; may be personal */
        public static Answer hesitate(String reason, JsonNode note) {
            return new Answer(Optional.of(Event.WAIT), Optional.of(new Said.Made("", note)), Optional.of(reason));
        }

        /** It cannot be done. */
        public static Answer refuse(String reason) {
            return new Answer(Optional.of(Event.REJECTED), Optional.empty(), Optional.of(reason));
        }

        private Intent.Note note() {
            return done.map(made -> made.recordId().isEmpty()
                            ? WriteLookUp.noted(reason, made.record())
                            : WriteLookUp.made(reason, made.recordId(), made.record()))
                    .orElseGet(() -> Intent.Note.reason(reason.orElseThrow()));
        }
    }

    /** @param settle how long the CRM may take to carry out a write whose answer is missing */
    public Writes(Calls calls, Intents intents, long sourceId, Duration settle, Clock clock) {
        this(calls, intents, sourceId, settle, clock, null);
    }

    /** @param pause how it waits; ends early where the bridge is to stop */
    public Writes(Calls calls, Intents intents, long sourceId, Duration settle, Clock clock, Pause pause) {
        this.calls = calls;
        this.intents = intents;
        this.sourceId = sourceId;
        this.settle = settle;
        this.clock = clock;
        this.pause = pause == null ? this::await : pause;
        this.startedAt = clock.instant();
        this.lookUp = new WriteLookUp(calls, intents, sourceId);
    }

    /** Asked before what a person wants done is sent; what it lets wait or holds is sent all the same. */
    public void checkReleased(Check check) {
        checkOfReleased = check;
    }

    /**
     * Carries writes out, or tells what became of them when they were asked for before. Waits while the outcome of another
     * write is open.
     *
     * @return their intents, each confirmed, refused, waiting, unknown or dropped
     * @throws CrmException when the CRM cannot be asked just now; what was done meanwhile is on record
     */
    public List<Intent> write(List<Request> requests, String routeId, Check check) {
        List<Intent> found = intents.plan(requests.stream()
                .map(request -> new Intent.Plan(
                        sourceId,
                        request.key(),
                        request.call().operation().resource(),
                        request.call().operation().name(),
                        routeId,
                        request.meaning(this),
                        CallJson.write(request.call())))
                .toList());
        Map<Long, Request> wanted = new HashMap<>();
        Map<Long, Intent> now = new LinkedHashMap<>();
        for (int i = 0; i < found.size(); i++) {
            wanted.put(found.get(i).id(), requests.get(i));
            now.put(found.get(i).id(), found.get(i));
        }
        // Who asks again for what was refused wishes it tried again.
        put(now, intents.happened(ids(found, IntentState.REFUSED), Event.RETRY, Intent.Note.NONE));
        // What was held and never sent is checked once more: why it was may be known by now.
        List<Intent> held = found.stream().filter(Intent::isNeverSent).toList();
        put(now, intents.happened(ids(held, IntentState.UNKNOWN), Event.RETRY, Intent.Note.NONE));
        boolean together = true;
        while (true) {
            List<Long> sent = ids(now.values(), IntentState.SENT);
            if (!sent.isEmpty()) {
                settle(sent);
                put(now, current(sent));
                together = false;
                continue;
            }
            List<Intent> next = next(now.values(), wanted, together ? MOST_OPEN : 1);
            if (next.isEmpty()) {
                return found.stream().map(intent -> now.get(intent.id())).toList();
            }
            List<Intent> after = send(next, wanted, check);
            put(now, after);
            // What was refused as one is done one by one.
            together &= ids(after, IntentState.PLANNED).isEmpty();
        }
    }

    private static void put(Map<Long, Intent> now, List<Intent> after) {
        after.forEach(intent -> now.put(intent.id(), intent));
    }

    /** Another thread may be at one of them: then it is waited for. */
    private void settle(List<Long> sent) {
        synchronized (this) {
            if (sent.stream().anyMatch(inFlight::containsKey)) {
                waitHere();
                return;
            }
        }
        settleOpen();
    }

    /** Those to send in one call: of those that mean the same record just one. */
    private List<Intent> next(Collection<Intent> found, Map<Long, Request> wanted, int most) {
        List<Intent> next = new ArrayList<>();
        Set<String> meant = new HashSet<>();
        Optional<String> batch = Optional.empty();
        for (Intent intent : found) {
            if (intent.state() != IntentState.PLANNED || next.size() == most) {
                continue;
            }
            Request request = wanted.get(intent.id());
            Optional<String> own = calls.crm().writeRules().batch(request.call());
            if (next.isEmpty() || own.isPresent() && own.equals(batch)) {
                batch = own;
                if (meant.add(request.meaning(this))) {
                    next.add(intent);
                }
            }
        }
        return next;
    }

    /** What an intent writes; empty where that is forgotten by now, or there is no such operation any more. */
    public Optional<Call> call(Intent intent) {
        try {
            return intent.request().length == 0 ? Optional.empty() : Optional.of(lookUp.call(intent));
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** Equal for two writes that mean the same record for a person. */
    public String naturalKey(Call call) {
        return calls.crm().writeRules().naturalKey(call);
    }

    private List<Intent> current(Collection<Long> ids) {
        return intents.get(ids);
    }

    private static List<Long> ids(Collection<Intent> found, IntentState state) {
        return found.stream()
                .filter(intent -> intent.state() == state)
                .map(Intent::id)
                .toList();
    }

    /** @return the intents as they are now */
    private List<Intent> send(List<Intent> next, Map<Long, Request> wanted, Check check) {
        List<Long> ids = next.stream().map(Intent::id).toList();
        Map<Long, String> keys = ids.stream()
                .collect(Collectors.toMap(id -> id, id -> wanted.get(id).meaning(this)));
        enter(keys);
        try {
            // Meanwhile another thread or a person may have been at it.
            List<Asked> asked = current(ids).stream()
                    .filter(intent -> intent.state() == IntentState.PLANNED && !isSentTooOften(intent))
                    .map(intent -> new Asked(intent, wanted.get(intent.id()).call()))
                    .toList();
            List<Long> left = asked.isEmpty() ? List.of() : undecided(asked, check.of(asked));
            if (!left.isEmpty()) {
                send(left, call(left, wanted), wanted);
            }
            List<Intent> after = current(ids);
            lost(ids(after, IntentState.SENT));
            return after;
        } finally {
            leave(ids);
        }
    }

    private void send(List<Long> ids, Call call, Map<Long, Request> wanted) {
        List<String> known = calls.under(() -> calls.crm().writeRules().known(call));
        Intent.Note note = new Intent.Note(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(known));
        List<Long> sent = ids(intents.happened(ids, Event.SEND, note), IntentState.SENT);
        if (sent.size() == ids.size()) {
            sent(ids, call, wanted);
        } else {
            // A person has dropped one at the very last moment: the others are sent without it.
            intents.happened(sent, Event.NOT_TAKEN, Intent.Note.NONE);
        }
    }

    private boolean isSentTooOften(Intent intent) {
        if (intent.sends() < MOST_SENDS) {
            return false;
        }
        String reason = "sent %d times, and it was never done".formatted(MOST_SENDS);
        intents.happened(List.of(intent.id()), Event.HELD, Intent.Note.reason(reason));
        return true;
    }

    /** Those that are to be sent; what is known of the others is put on record. */
    private List<Long> undecided(List<Asked> asked, List<Answer> answers) {
        List<Long> left = new ArrayList<>();
        Map<Event, Map<Long, Intent.Note>> decided = new EnumMap<>(Event.class);
        for (int i = 0; i < asked.size(); i++) {
            Intent intent = asked.get(i).intent();
            Answer answer = answers.get(i);
            Optional<Event> event =
                    answer.event().filter(found -> !intent.isReleased() || found != Event.HELD && found != Event.WAIT);
            if (event.isPresent()) {
                decided.computeIfAbsent(event.get(), none -> new LinkedHashMap<>())
                        .put(intent.id(), answer.note());
            } else {
                left.add(intent.id());
            }
        }
        decided.forEach(intents::happened);
        return left;
    }

    private Call call(List<Long> ids, Map<Long, Request> wanted) {
        List<Call> writes = ids.stream().map(id -> wanted.get(id).call()).toList();
        return writes.size() == 1 ? writes.get(0) : calls.crm().writeRules().together(writes);
    }

    private void sent(List<Long> ids, Call call, Map<Long, Request> wanted) {
        Reply reply;
        try {
            reply = calls.call(call);
        } catch (CrmException e) {
            if (e.maybeDone()) {
                LOG.warn("{}; it is looked up in {} s whether it was done", e.getMessage(), settle.toSeconds());
                return;
            }
            if (e.verdict() == Verdict.INVALID && ids.size() > 1) {
                ids.forEach(id -> lookUp.refusedWithOthers(intents.get(id).orElseThrow(), e.getMessage()));
                return;
            }
            if (e.verdict() == Verdict.INVALID) {
                intents.happened(
                        ids,
                        Event.REJECTED,
                        new Intent.Note(Optional.of(e.getMessage()), Optional.empty(), e.answer(), Optional.empty()));
                return;
            }
            intents.happened(ids, Event.NOT_TAKEN, Intent.Note.reason(e.getMessage()));
            throw e;
        } catch (RuntimeException e) {
            LOG.error(
                    "{} failed ({}); it is looked up whether it was done",
                    call.title(),
                    e.getClass().getSimpleName());
            return;
        }
        List<Reply> replies = ids.size() == 1
                ? List.of(reply)
                : calls.crm()
                        .writeRules()
                        .apart(ids.stream().map(id -> wanted.get(id).call()).toList(), reply);
        Map<Event, Map<Long, Intent.Note>> said = new EnumMap<>(Event.class);
        for (int i = 0; i < replies.size(); i++) {
            said(said, ids.get(i), wanted.get(ids.get(i)).call(), replies.get(i));
        }
        said.forEach(intents::happened);
    }

    /** From now on the CRM has its time to carry out what it may have got. */
    private synchronized void lost(List<Long> ids) {
        ids.forEach(id -> lostAt.put(id, clock.instant()));
    }

    private synchronized void found(Intent intent) {
        lostAt.remove(intent.id());
    }

    private void said(Map<Event, Map<Long, Intent.Note>> events, long id, Call call, Reply reply) {
        Said said = calls.crm().writeRules().said(call, reply);
        if (said instanceof Said.Made made) {
            events.computeIfAbsent(Event.ANSWERED, none -> new LinkedHashMap<>())
                    .put(id, WriteLookUp.made(Optional.empty(), made.recordId(), made.record()));
        } else if (said instanceof Said.Rejected rejected) {
            events.computeIfAbsent(Event.REJECTED, none -> new LinkedHashMap<>())
                    .put(
                            id,
                            new Intent.Note(
                                    Optional.of(call.title() + ": " + rejected.reason()),
                                    Optional.empty(),
                                    Optional.of(reply.body().toString().getBytes(StandardCharsets.UTF_8)),
                                    Optional.empty()));
        } else {
            LOG.warn("{} answered without an id; it is looked up whether it was done", call.title());
        }
    }

    /** Waits until nothing is open, so many fit in, and none of them is under way already. */
    private void enter(Map<Long, String> keys) {
        while (true) {
            settleOpen();
            synchronized (this) {
                if (closed) {
                    throw stopping();
                }
                boolean free = inFlight.size() + keys.size() <= MOST_OPEN
                        && keys.keySet().stream().noneMatch(inFlight::containsKey)
                        && keys.values().stream().noneMatch(inFlight::containsValue);
                // Only what is in flight is sent and not open; so nothing has become open since.
                if (free && open().isEmpty()) {
                    inFlight.putAll(keys);
                    return;
                }
                if (!free) {
                    waitHere();
                }
            }
        }
    }

    private synchronized void leave(List<Long> ids) {
        ids.forEach(inFlight::remove);
        notifyAll();
    }

    private void waitHere() {
        try {
            wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopping();
        }
    }

    private static CrmException stopping() {
        return new CrmException(Verdict.RETRY, "the bridge stops");
    }

    private synchronized List<Intent> open() {
        return intents.open(sourceId).stream()
                .filter(intent -> !inFlight.containsKey(intent.id()))
                .toList();
    }

    /**
     * Finds out what became of the writes whose outcome is open; waits for them to settle first.
     *
     * @throws CrmException when the CRM cannot be asked just now
     */
    public void settleOpen() {
        synchronized (this) {
            while (resolving) {
                waitHere();
            }
            if (open().isEmpty()) {
                return;
            }
            resolving = true;
        }
        try {
            for (Intent intent : open()) {
                settled(intent);
                lookUp.settle(intent);
                found(intent);
            }
        } finally {
            synchronized (this) {
                resolving = false;
                notifyAll();
            }
        }
    }

    /**
     * The same, where that needs no waiting and nobody is at it; sends what a person wants done, and looks back at what was
     * sent again.
     *
     * @throws CrmException when the CRM cannot be asked just now
     */
    public void settleDue() {
        boolean due;
        synchronized (this) {
            due = !resolving
                    && hasOpen()
                    && open().stream().allMatch(intent -> left(intent).isNegative());
        }
        if (due) {
            settleOpen();
        }
        sendReleased();
        lookBack();
    }

    /** What a person wants done, also where no change is left that would ask for it again. */
    private void sendReleased() {
        Map<Long, Intent> released = new LinkedHashMap<>();
        Map<Long, Request> wanted = new HashMap<>();
        for (Intent intent : intents.released(sourceId)) {
            Optional<Call> call = call(intent);
            if (call.isPresent()) {
                released.put(intent.id(), intent);
                wanted.put(intent.id(), new Request("", call.get()));
            } else {
                hold(List.of(intent.id()), "what it was to write is forgotten by now");
            }
        }
        boolean together = true;
        while (!released.isEmpty()) {
            List<Intent> next = next(released.values(), wanted, together ? MOST_OPEN : 1);
            synchronized (this) {
                if (closed
                        || resolving
                        || next.stream().anyMatch(intent -> inFlight.containsKey(intent.id()))
                        || hasOpen()) {
                    return;
                }
            }
            List<Intent> after = sendReleased(next, wanted);
            // What was refused as one is done one by one.
            boolean alone = next.size() == 1;
            together &= ids(after, IntentState.PLANNED).isEmpty();
            after.stream()
                    .filter(intent -> alone || intent.state() != IntentState.PLANNED)
                    .forEach(intent -> released.remove(intent.id()));
        }
    }

    private List<Intent> sendReleased(List<Intent> next, Map<Long, Request> wanted) {
        List<Long> ids = next.stream().map(Intent::id).toList();
        try {
            for (Intent intent : send(next, wanted, checkOfReleased)) {
                if (intent.state() == IntentState.REFUSED) {
                    // Nobody else hears of it.
                    hold(
                            List.of(intent.id()),
                            "a person let it through, and the CRM refuses it: "
                                    + intent.reason().orElse(""));
                }
            }
        } catch (CrmException e) {
            if (e.verdict() != Verdict.INVALID) {
                throw e;
            }
            hold(ids, "a person let it through, and it cannot be checked: " + e.getMessage());
        }
        return current(ids);
    }

    private void hold(List<Long> ids, String reason) {
        intents.happened(ids, Event.HELD, Intent.Note.reason(reason));
        LOG.warn("intents {}: {}", ids, reason);
    }

    boolean hasOpen() {
        return !open().isEmpty();
    }

    /** Of what was sent before this process began, it is not known when the answer was lost. */
    private synchronized Duration left(Intent intent) {
        return Duration.between(
                clock.instant(), lostAt.getOrDefault(intent.id(), startedAt).plus(settle));
    }

    /**
     * Looks once more at what was sent again: a CRM may carry out the first sending after its absence was proven. That cannot be
     * undone, but a person must hear of it.
     */
    void lookBack() {
        Instant now = clock.instant();
        List<Intent> again = intents.sentAgain(sourceId, now.minus(LOOK_BACK));
        synchronized (this) {
            lookedBack.retainAll(again.stream().map(Intent::id).collect(Collectors.toSet()));
        }
        for (Intent intent : again) {
            synchronized (this) {
                if (intent.since().plus(settle).isAfter(now) || lookedBack.contains(intent.id())) {
                    continue;
                }
            }
            lookUp.lookBack(intent);
            synchronized (this) {
                lookedBack.add(intent.id());
            }
        }
    }

    private void settled(Intent intent) {
        Duration left = left(intent);
        if (left.isNegative() || left.isZero()) {
            return;
        }
        try {
            pause.await(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopping();
        }
        synchronized (this) {
            if (closed) {
                throw stopping();
            }
        }
    }

    private synchronized void await(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0 && !closed; left = until - System.nanoTime()) {
            wait(Math.max(1, left / 1_000_000));
        }
    }

    /** Wakes whoever waits; nothing more is sent. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
