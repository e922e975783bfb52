package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Stretch;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.WriteRules;
import io.crmbridge.feed.Outcome;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;

/** A CRM that is read as it is, and whose writes are recorded and answered as if they were done. Thread-safe. */
public final class RecordedCrm implements Crm {
    private final Crm real;
    private final Recorder recorder;
    private final Clock clock;

    public RecordedCrm(Crm real, Recorder recorder, Clock clock) {
        this.real = real;
        this.recorder = recorder;
        this.clock = clock;
    }

    @Override
    public Reply call(Call call) {
        if (call.operation().kind() == Operation.Kind.READ) {
            return real.call(call);
        }
        Answer answer = recorder.take(sent(call));
        if (answer.isFailure()) {
            throw failure(call, answer);
        }
        JsonNode body = answer.body().orElseGet(() -> usual(call));
        return new Reply(body, Optional.of(clock.instant()));
    }

    private Sent sent(Call call) {
        Map<String, String> about = new TreeMap<>(call.query());
        about.putAll(call.ids());
        Optional<Exchange> exchange = recorder.underway();
        return new Sent(
                connection().type() + ":" + call.operation().resource(),
                Sent.Kind.CRM,
                call.operation().name(),
                about,
                call.body().orElse(NullNode.getInstance()),
                Map.of(),
                Optional.empty(),
                exchange.map(ExchangeHelper::getRouteId).orElse(""),
                exchange.map(it -> it.getExchangeExtension().getHistoryNodeId()));
    }

    private static CrmException failure(Call call, Answer answer) {
        Verdict verdict = answer.failure().map(RecordedCrm::verdict).orElseGet(() -> Verdict.ofStatus(answer.status()));
        String reason = answer.status() > 0 ? " answered " + answer.status() : " failed";
        return new CrmException(verdict, call.title() + reason, Optional.empty(), null, answer.status(), false);
    }

    private static Verdict verdict(Outcome failure) {
        if (failure instanceof Outcome.Permanent) {
            return Verdict.INVALID;
        }
        return failure instanceof Outcome.Refused ? Verdict.REFUSED : Verdict.RETRY;
    }

    /** What was sent, as the CRM would show it. */
    private JsonNode usual(Call call) {
        Operation operation = call.operation();
        if (operation.verb().equals("DELETE")) {
            return MissingNode.getInstance();
        }
        if (operation.name().equals("enroll")) {
            ObjectNode report = JsonNodeFactory.instance.objectNode();
            ArrayNode enrolled = report.putArray("enrolled");
            call.body()
                    .map(body -> body.path("contactIds"))
                    .ifPresent(ids -> ids.forEach(id -> enrolled.addObject().set("contactId", id)));
            report.putArray("skipped");
            return report;
        }
        JsonNode body = call.body().orElseGet(JsonNodeFactory.instance::objectNode);
        if (!body.isArray()) {
            return made(call, body);
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        body.forEach(each -> all.add(made(call, each)));
        return all;
    }

    private JsonNode made(Call call, JsonNode body) {
        if (!(body instanceof ObjectNode object)) {
            return body;
        }
        ObjectNode record = object.deepCopy();
        boolean isNew = call.operation().kind() == Operation.Kind.ONCE;
        if (isNew || !record.has("id")) {
            String id = isNew ? null : call.ids().get("id");
            record.put("id", id == null ? recorder.newId(call.operation().resource()) : id);
        }
        return record;
    }

    @Override
    public Connection connection() {
        return real.connection();
    }

    @Override
    public Workspace identify() {
        return real.identify();
    }

    @Override
    public Collection<FeedContract> feeds() {
        return real.feeds();
    }

    @Override
    public Page page(FeedContract feed, Optional<Instant> since) {
        return real.page(feed, since);
    }

    @Override
    public Page page(FeedContract feed, Stretch stretch) {
        return real.page(feed, stretch);
    }

    @Override
    public Collection<Operation> operations() {
        return real.operations();
    }

    @Override
    public WriteRules writeRules() {
        return real.writeRules();
    }

    @Override
    public void close() {
        real.close();
    }
}
