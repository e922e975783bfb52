package io.crmbridge.component;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Writes;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.ExchangeHelper;

/** Operations that must not be done twice: each is an intent, under the key of the effect. */
public final class WriteProducer extends DefaultProducer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Operation operation;
    private final Writes writes;
    private final EntryCalls builder;

    public WriteProducer(Endpoint endpoint, Writes writes, Operation operation, EntryCalls builder) {
        super(endpoint);
        this.operation = operation;
        this.writes = writes;
        this.builder = builder;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        try {
            List<Call> calls = calls(exchange, body);
            List<Intent> done = write(exchange, calls);
            tell(done, builder.hint(calls));
            exchange.getMessage().setBody(answer(done, EntryCalls.isList(body)));
        } catch (CrmException e) {
            throw TargetException.of(e);
        }
    }

    private List<Call> calls(Exchange exchange, Object body) throws TargetException {
        List<Call> calls = new ArrayList<>();
        for (Object entry : builder.entriesOf(body)) {
            calls.add(builder.withFields(exchange, entry));
        }
        if (calls.isEmpty()) {
            throw builder.permanent("its body is empty");
        }
        return calls;
    }

    private List<Intent> write(Exchange exchange, List<Call> calls) throws JsonProcessingException {
        Optional<Effect> effect = Effect.of(exchange, getEndpoint().getEndpointBaseUri() + "/" + operation.name());
        List<String> keys = keys(effect, bodies(calls));
        List<Writes.Request> requests = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            requests.add(new Writes.Request(keys.get(i), calls.get(i)));
        }
        List<Intent> done =
                writes.write(requests, String.valueOf(ExchangeHelper.getRouteId(exchange)), Writes.Check.NONE);
        begun(effect, done, done.size());
        return done;
    }

    /** What no change or fire stands behind is asked for once, and has no key that could come again. */
    public static List<String> keys(Optional<Effect> effect, List<?> entries) throws JsonProcessingException {
        return effect.isPresent()
                ? effect.get().keys(entries)
                : entries.stream().map(entry -> UUID.randomUUID().toString()).toList();
    }

    /** What each call writes, and what it is about: the same note to two contacts is two. */
    public static List<JsonNode> bodies(List<Call> calls) {
        return calls.stream().map(WriteProducer::content).toList();
    }

    private static JsonNode content(Call call) {
        Map<String, String> about = new TreeMap<>(call.query());
        about.putAll(call.ids());
        return about.isEmpty() || call.body().isEmpty()
                ? call.body().orElseGet(() -> JSON.valueToTree(about))
                : JSON.createObjectNode()
                        .<ObjectNode>set("body", call.body().get())
                        .set("about", JSON.valueToTree(about));
    }

    /** Parts of a batch of which something may be done would have other keys. */
    public static void begun(Optional<Effect> effect, List<Intent> intents, int entries) {
        boolean some = intents.stream()
                .anyMatch(intent -> intent.state() == IntentState.CONFIRMED
                        || intent.state() == IntentState.WAITING
                        || intent.state() == IntentState.UNKNOWN);
        effect.filter(of -> some).ifPresent(of -> of.done(entries));
    }

    /** Fails where not all is done; what is done stays on record and is not repeated. */
    public static void tell(List<Intent> intents, String hint) throws TargetException {
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < intents.size(); i++) {
            Intent intent = intents.get(i);
            if (intent.state() != IntentState.CONFIRMED && intent.state() != IntentState.WAITING) {
                String which = intents.size() == 1 ? "" : "entry %d: ".formatted(i + 1);
                failures.add(which + why(intent, hint));
            }
        }
        if (!failures.isEmpty()) {
            String what = failures.size() > 5
                    ? String.join("; ", failures.subList(0, 5)) + "; and %d more".formatted(failures.size() - 5)
                    : String.join("; ", failures);
            String reason = intents.size() == 1
                    ? what
                    : "%d of %d were not done: %s".formatted(failures.size(), intents.size(), what);
            throw new TargetException(new Outcome.Permanent(reason), reason, null);
        }
    }

    /** @param hint to what may have led to a refusal */
    private static String why(Intent intent, String hint) {
        String reason = intent.reason().orElse("") + (intent.state() == IntentState.REFUSED ? hint : "");
        return switch (intent.state()) {
            case UNKNOWN ->
                "a person must decide on intent %d (%s): `intents show %d`".formatted(intent.id(), reason, intent.id());
            case DROPPED -> "intent %d was dropped by a person".formatted(intent.id());
            default -> "%s (intent %d)".formatted(reason, intent.id());
        };
    }

    /** The records as the CRM answered them; what one answer says of several stands there once. */
    public static Object answer(List<Intent> intents, boolean many) throws IOException {
        Set<JsonNode> answers = new LinkedHashSet<>();
        for (Intent intent : intents) {
            answers.add(
                    intent.answer().isPresent()
                            ? JSON.readTree(intent.answer().get())
                            : JSON.createObjectNode()
                                    .put("id", intent.recordId().orElse(null)));
        }
        if (!many || answers.size() == 1 && intents.size() > 1) {
            return CrmRecord.ofTree(answers.iterator().next());
        }
        CrmBatch records = new CrmBatch();
        answers.forEach(answer -> records.add(CrmRecord.ofTree(answer)));
        return records;
    }
}
