package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Evidence;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.WriteRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Intellivizz's writes. Whether one was done is looked up in its resource's list, from a while before the sending on: where that reads
 * whole and shows nothing with the fields of the catalogue's {@code key}, it was not. What no list shows, a person decides.
 */
final class IntellivizzWrites implements WriteRules {
    /** Clocks are compared by a header that counts seconds. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    /** By so much another machine's clock, from which a write was sent, may have differed. */
    private static final Duration DOUBT = Duration.ofMinutes(10);

    /** Rows of the list that are read at most. */
    private static final int MOST = 1_000;

    private final Function<Call, Reply> caller;
    private final Supplier<Instant> tomorrow;
    private final Catalogue catalogue;
    private final Clock clock;

    /** @param tomorrow in the place of no end of what is listed */
    IntellivizzWrites(Function<Call, Reply> caller, Supplier<Instant> tomorrow, Catalogue catalogue, Clock clock) {
        this.caller = caller;
        this.tomorrow = tomorrow;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    /** The document names no call that does several. */
    @Override
    public Optional<String> batch(Call write) {
        return Optional.empty();
    }

    @Override
    public Call together(List<Call> writes) {
        throw new IllegalArgumentException("writes to Intellivizz go one by one");
    }

    @Override
    public List<Reply> apart(List<Call> writes, Reply reply) {
        return List.of();
    }

    /**
     * An answer may call its id by the record's name, as messageId. One about no record of its own, as to a workflow that was
     * started, is done for the one that it is about.
     */
    @Override
    public Said said(Call write, Reply reply) {
        Said said = Said.of(reply.body());
        if (!(said instanceof Said.Nothing)) {
            return said;
        }
        String resource = write.operation().resource();
        String named = reply.body()
                .path(resource.substring(0, resource.length() - 1) + "Id")
                .asText("");
        if (!named.isBlank()) {
            return new Said.Made(named, reply.body());
        }
        return write.ids().isEmpty()
                ? said
                : new Said.Made(String.join(" ", new TreeMap<>(write.ids()).values()), reply.body());
    }

    @Override
    public String naturalKey(Call write) {
        return write.operation().resource() + "\n" + new TreeMap<>(write.ids()) + "\n"
                + write.query().getOrDefault("locationId", "") + "\n"
                + meaning(write).entrySet().stream()
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining("\n"));
    }

    /** Those of the catalogue's key that it has, or else all of its fields. */
    private Map<String, String> meaning(Call write) {
        Map<String, String> fields = keyFields(write);
        if (fields.isEmpty()) {
            body(write).properties().forEach(field -> put(fields, field.getKey(), field.getValue()));
        }
        return fields;
    }

    private static JsonNode body(Call write) {
        return write.body().orElseGet(JsonNodeFactory.instance::objectNode);
    }

    /** Those of the catalogue's key that it has; the CRM may write any other field its own way. */
    private Map<String, String> keyFields(Call write) {
        Map<String, String> fields = new TreeMap<>();
        catalogue
                .find(write.operation().resource(), write.operation().name())
                .map(CatalogueEntry::key)
                .orElse(List.of())
                .forEach(name -> put(fields, name, body(write).path(name)));
        return fields;
    }

    private static void put(Map<String, String> fields, String name, JsonNode value) {
        String plain = plain(value);
        if (!plain.isEmpty()) {
            fields.put(name, plain);
        }
    }

    private static String plain(JsonNode value) {
        if (value.isContainerNode()) {
            return value.toString();
        }
        return JsonPage.time(value)
                .map(Instant::toString)
                .orElse(value.isNull() ? "" : value.asText("").strip().toLowerCase(Locale.ROOT));
    }

    /** A field that a row does not show may be the same. */
    private static boolean mayBe(JsonNode row, Map<String, String> fields) {
        return fields.entrySet().stream()
                .allMatch(field -> !row.has(field.getKey())
                        || plain(row.path(field.getKey())).equals(field.getValue()));
    }

    private static boolean shows(JsonNode row, Map<String, String> fields) {
        return fields.keySet().stream().allMatch(row::has);
    }

    /** Of a list without stamps, which tells only by what was there before what is new. */
    @Override
    public List<String> known(Call write) {
        return stamped(write) || !isListed(write)
                ? List.of()
                : Said.rows(list(write, clock.instant()).body()).stream()
                        .map(Said::id)
                        .toList();
    }

    private boolean isListed(Call write) {
        return list(write).isPresent() && !keyFields(write).isEmpty();
    }

    private Optional<CatalogueEntry> list(Call write) {
        String resource = write.operation().resource();
        String name = catalogue.feed(resource).map(FeedEntry::list).orElse("list");
        return catalogue
                .find(resource, name)
                .filter(list -> list.operation().needs().stream().allMatch(write.ids()::containsKey));
    }

    private boolean stamped(Call write) {
        return catalogue
                .feed(write.operation().resource())
                .filter(feed -> !feed.created().isEmpty())
                .isPresent();
    }

    private Reply list(Call write, Instant since) {
        Map<String, String> query = new TreeMap<>(write.query());
        query.put("since", since.toString());
        query.put("until", tomorrow.get().toString());
        query.put("limit", Integer.toString(MOST));
        return caller.apply(new Call(list(write).orElseThrow().operation(), write.ids(), query, Optional.empty()));
    }

    @Override
    public Evidence lookUp(Call write, Instant sentAt, List<String> known, List<JsonNode> before) {
        String resource = write.operation().resource();
        if (!isListed(write)) {
            return new Evidence(List.of(), false, false, "no list of " + resource);
        }
        Reply reply = list(write, sentAt.minus(DOUBT));
        Instant now = clock.instant();
        Duration skew = Duration.between(now, reply.date().orElse(now));
        Instant sent = sentAt.plus(skew);
        if (skew.abs().compareTo(SKEW) > 0) {
            reply = list(write, sent.minus(DOUBT));
        }
        Map<String, String> fields = keyFields(write);
        List<JsonNode> rows = Said.rows(reply.body());
        List<JsonNode> maybe = rows.stream().filter(row -> mayBe(row, fields)).toList();
        Set<String> earlier = before.stream().map(Said::id).collect(Collectors.toSet());
        boolean dated = reply.date().isPresent();
        List<JsonNode> candidates = maybe.stream()
                .filter(row ->
                        stamped(write) ? !dated || isLate(write, row, sent.minus(SKEW)) : !known.contains(Said.id(row)))
                .toList();
        boolean told = candidates.stream().allMatch(row -> shows(row, fields));
        // The clock of the machine that sent it may have been another one's.
        boolean doubtful = stamped(write)
                && maybe.stream()
                        .anyMatch(row -> isLate(write, row, sent.minus(DOUBT)) && !earlier.contains(Said.id(row)));
        return new Evidence(
                told ? candidates : List.of(),
                candidates.isEmpty() && !doubtful && dated && rows.size() < MOST,
                false,
                "the list of " + resource);
    }

    private boolean isLate(Call write, JsonNode row, Instant from) {
        String created =
                catalogue.feed(write.operation().resource()).orElseThrow().created();
        return JsonPage.instant(row.path(created)).map(at -> !at.isBefore(from)).orElse(true);
    }
}
