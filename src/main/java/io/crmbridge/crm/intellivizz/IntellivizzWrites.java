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
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Intellivizz's writes. Whether one was done is looked up in its resource's list, from a while before the sending on: where that reads
 * whole and shows nothing with the fields of the catalogue's {@code key}, it was not. What no list shows, a person decides.
 */
final class IntellivizzWrites implements WriteRules {
    /** Clocks are compared by a header that counts seconds. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private static final Duration BEFORE = Duration.ofMinutes(10);
    /** Rows of the list that are read at most. */
    private static final int MOST = 1_000;

    private final Intellivizz crm;
    private final Catalogue catalogue;
    private final Clock clock;

    IntellivizzWrites(Intellivizz crm, Catalogue catalogue, Clock clock) {
        this.crm = crm;
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

    /** An answer about no record of its own, as to a workflow that was started, is done for the one that it is about. */
    @Override
    public Said said(Call write, Reply reply) {
        Said said = Said.of(reply.body());
        boolean makesNone = said instanceof Said.Nothing && !write.ids().isEmpty();
        return makesNone ? new Said.Made(String.join(" ", new TreeMap<>(write.ids()).values()), reply.body()) : said;
    }

    @Override
    public String naturalKey(Call write) {
        return write.operation().resource() + "\n" + new TreeMap<>(write.ids()) + "\n"
                + write.query().getOrDefault("locationId", "") + "\n"
                + keyFields(write).entrySet().stream()
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining("\n"));
    }

    /** Those of the catalogue's key that it has, or else all of its fields. */
    private Map<String, String> keyFields(Call write) {
        JsonNode body = write.body().orElseGet(JsonNodeFactory.instance::objectNode);
        Map<String, String> fields = new TreeMap<>();
        catalogue
                .find(write.operation().resource(), write.operation().name())
                .map(CatalogueEntry::key)
                .orElse(List.of())
                .forEach(name -> put(fields, name, body.path(name)));
        if (fields.isEmpty()) {
            body.properties().forEach(field -> put(fields, field.getKey(), field.getValue()));
        }
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
        return stamped(write) || list(write).isEmpty()
                ? List.of()
                : rows(write, clock.instant()).stream().map(Said::id).toList();
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

    private List<JsonNode> rows(Call write, Instant since) {
        Map<String, String> query = new TreeMap<>(write.query());
        query.put("since", since.toString());
        query.put("until", clock.instant().plus(Duration.ofDays(1)).toString());
        query.put("limit", Integer.toString(MOST));
        return Said.rows(crm.call(new Call(list(write).orElseThrow().operation(), write.ids(), query, Optional.empty()))
                .body());
    }

    @Override
    public Evidence lookUp(Call write, Instant sentAt, List<String> known, List<JsonNode> before) {
        Map<String, String> fields = keyFields(write);
        String resource = write.operation().resource();
        if (list(write).isEmpty() || fields.isEmpty()) {
            return new Evidence(List.of(), false, false, "no list of " + resource);
        }
        List<JsonNode> rows = rows(write, sentAt.minus(BEFORE));
        List<JsonNode> candidates = rows.stream()
                .filter(row -> mayBe(row, fields))
                .filter(row -> stamped(write) ? isLate(write, row, sentAt) : !known.contains(Said.id(row)))
                .toList();
        boolean told = candidates.stream().allMatch(row -> shows(row, fields));
        return new Evidence(
                told ? candidates : List.of(),
                candidates.isEmpty() && rows.size() < MOST,
                false,
                "the list of " + resource);
    }

    private boolean isLate(Call write, JsonNode row, Instant sentAt) {
        String created =
                catalogue.feed(write.operation().resource()).orElseThrow().created();
        return JsonPage.instant(row.path(created))
                .map(at -> !at.isBefore(sentAt.minus(SKEW)))
                .orElse(true);
    }
}
