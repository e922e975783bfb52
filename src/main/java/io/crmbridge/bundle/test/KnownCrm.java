package io.crmbridge.bundle.test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.crmbridge.component.rehearse.Answer;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Stretch;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.WriteRules;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** A CRM that has what a test says, and can be asked for it; it lists everything at once. Thread-safe. */
final class KnownCrm implements Crm {
    private final Connection connection;
    private final Contract contract;
    private final Function<String, JsonNode> known;
    private final BiFunction<String, String, Optional<Answer>> answers;
    private final Clock clock;

    /** What a type of CRM is like. */
    record Contract(
            Collection<FeedContract> feeds,
            Collection<Operation> operations,
            BiFunction<Function<Call, Reply>, Clock, WriteRules> rules) {}

    /**
     * @param known rows by the name of their feed; a missing node where there are none
     * @param answers of a target by its name and an operation
     */
    KnownCrm(
            Connection connection,
            Contract contract,
            Function<String, JsonNode> known,
            BiFunction<String, String, Optional<Answer>> answers,
            Clock clock) {
        this.connection = connection;
        this.contract = contract;
        this.known = known;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Workspace identify() {
        return new Workspace("workspace-of-" + connection.name(), connection.name());
    }

    /** As lists that show everything, so that nothing in a test is unproven. */
    @Override
    public Collection<FeedContract> feeds() {
        return contract.feeds().stream()
                .map(feed -> new FeedContract(
                        feed.name(),
                        feed.path(),
                        feed.idField(),
                        feed.cursorField(),
                        feed.createdField(),
                        0,
                        FeedContract.Style.ALL,
                        false,
                        Optional.empty()))
                .toList();
    }

    @Override
    public Page page(FeedContract feed, Optional<Instant> since) {
        List<Row> rows = new ArrayList<>();
        known.apply(feed.name()).forEach(record -> rows.add(row(feed, record)));
        // A list shows the newest first; a test has them in their order.
        Collections.reverse(rows);
        return new Page(rows, Optional.of(clock.instant()));
    }

    @Override
    public Page page(FeedContract feed, Stretch stretch) {
        return page(feed, Optional.empty());
    }

    private Row row(FeedContract feed, JsonNode record) {
        Instant stamp = JsonPage.instant(record.path(feed.cursorField()))
                .orElseGet(() -> clock.instant().minus(Duration.ofHours(1)));
        String version = record.path(feed.cursorField()).asText(stamp.toString());
        return new Row(
                Optional.of(record.path(feed.idField()).asText("")).filter(id -> !id.isEmpty()),
                Optional.of(stamp),
                version,
                feed.createdField(),
                record,
                record.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Reads alone come here. */
    @Override
    public Reply call(Call call) {
        Operation operation = call.operation();
        Optional<Answer> told = answers.apply(connection.type() + ":" + operation.resource(), operation.name());
        if (told.isPresent() && told.get().status() >= 300) {
            throw new CrmException(
                    Verdict.ofStatus(told.get().status()),
                    "%s answered %d".formatted(call.title(), told.get().status()),
                    Optional.empty(),
                    null,
                    told.get().status(),
                    false);
        }
        if (told.flatMap(Answer::failure).isPresent()) {
            throw new CrmException(Verdict.RETRY, call.title() + " failed");
        }
        JsonNode body = told.flatMap(Answer::body).orElseGet(() -> known(call));
        return new Reply(body, Optional.of(clock.instant()));
    }

    private JsonNode known(Call call) {
        String resource = call.operation().resource();
        String id = call.ids().get("id");
        if (id == null) {
            JsonNode ofKey = call.ids().isEmpty()
                    ? known.apply(resource)
                    : known.apply(
                            resource + "/" + call.ids().values().iterator().next());
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            ofKey.forEach(all::add);
            return all;
        }
        return StreamSupport.stream(known.apply(resource).spliterator(), false)
                .filter(record -> record.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow(() -> new CrmException(
                        Verdict.INVALID, call.title() + " answered 404", Optional.empty(), null, 404, false));
    }

    @Override
    public Collection<Operation> operations() {
        return contract.operations();
    }

    @Override
    public WriteRules writeRules() {
        return contract.rules().apply(this::call, clock);
    }

    @Override
    public void close() {
        // There is nothing behind it.
    }
}
