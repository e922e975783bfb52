package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** An operation's fields of a catalogue, as a collection's request has them. Not thread-safe. */
final class SampleFields {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int USUAL_LIMIT = 100;
    /** The surest first, where a request could be paged in several ways. */
    private static final List<Paging.Style> STYLES = List.of(
            Paging.Style.SEARCH_AFTER,
            Paging.Style.START_AFTER,
            Paging.Style.CURSOR,
            Paging.Style.PAGE,
            Paging.Style.OFFSET);

    private static final Set<String> OWN_HEADERS =
            Set.of("accept-encoding", "connection", "cache-control", "origin", "referer", "postman-token");

    private final Sample sample;
    private final CatalogueEntry standard;
    private final String path;
    private final boolean shared;
    private final SampleBody body;
    private final Map<String, Object> fields = new LinkedHashMap<>();
    private final List<String> changes = new ArrayList<>();
    private List<String> placeholders = List.of();
    private boolean ascending;

    /**
     * @param path with the operation's names
     * @param shared whether the request is another operation's, which the catalogue asks for with the same call
     * @param version what the header {@code Version} says where nothing else is said
     */
    SampleFields(Sample sample, CatalogueEntry standard, String path, boolean shared, String version) {
        this.sample = sample;
        this.standard = standard;
        this.path = path;
        this.shared = shared;
        List<String> operands = new ArrayList<>(standard.operation().needs());
        Template.placeholders(path).forEach(placeholder -> operands.remove(placeholder.name()));
        this.body = new SampleBody(standard, operands);
        call();
        queryAndBody();
        headers(version);
        rows();
        fields.put("note", "From " + sample.place() + ".");
        if (!body.dropped().isEmpty() && !standard.fields()) {
            changes.add("examples left out: " + String.join(", ", body.dropped()));
        }
        if (!sample.disabled().isEmpty()) {
            changes.add("switched off there: " + String.join(", ", sample.disabled()));
        }
    }

    /** As a catalogue's file has them. */
    Map<String, Object> fields() {
        return fields;
    }

    /** Against the standard, a line each. */
    List<String> changes() {
        return changes;
    }

    private void call() {
        Operation operation = standard.operation();
        String was = operation.verb() + " " + operation.path();
        String is = sample.verb() + " " + path;
        fields.put("call", is);
        if (!is.equals(was)) {
            changes.add("call: %s instead of %s".formatted(is, was));
        }
    }

    private void queryAndBody() {
        Map<String, String> query = new LinkedHashMap<>();
        sample.query().forEach((name, value) -> body.text(name, value).ifPresent(text -> query.put(name, text)));
        Optional<JsonNode> template = sample.verb().equals("GET")
                ? Optional.empty()
                : shared && standard.operation().kind() != Operation.Kind.READ
                                || sample.body().isEmpty() && standard.fields()
                        ? standard.body()
                        : sample.body().flatMap(body::body);
        if (shared && standard.operation().kind() != Operation.Kind.READ) {
            changed("body", standard.body(), template);
            return;
        }
        List<String> used = used(query, template);
        Optional<Paging.Style> style = STYLES.stream()
                .filter(one -> used.contains(one.placeholders().get(0)))
                .findFirst();
        for (Paging.Style other : STYLES) {
            if (style.filter(other::equals).isEmpty()) {
                other.placeholders().forEach(name -> without(query, template, "{" + name + "}"));
            }
        }
        placeholders = used(query, template);
        ascending = Stream.concat(query.values().stream(), template.stream().flatMap(Template::texts))
                .anyMatch(text -> text.matches("(?i)(.*\\W|.*_)?asc(ending)?"));
        changed("query", standard.query(), query);
        changed("body", standard.body(), template.filter(made -> !made.isEmpty()));
        paging(style);
    }

    private static List<String> used(Map<String, String> query, Optional<JsonNode> body) {
        return SampleBody.placeholders(
                Stream.concat(query.values().stream(), body.stream().flatMap(Template::texts)));
    }

    private static void without(Map<String, String> query, Optional<JsonNode> body, String placeholder) {
        query.values().removeIf(placeholder::equals);
        body.ifPresent(made -> without(made, placeholder));
    }

    private static void without(JsonNode made, String placeholder) {
        made.forEach(part -> without(part, placeholder));
        if (made instanceof ObjectNode object) {
            object.properties()
                    .removeIf(member -> placeholder.equals(member.getValue().textValue()));
        }
    }

    private void changed(String field, Object was, Object is) {
        if (was.equals(is)) {
            return;
        }
        Object written = is instanceof Optional<?> optional ? optional.orElse(null) : is;
        boolean none = written == null || written instanceof Map<?, ?> map && map.isEmpty();
        fields.put(
                field,
                none ? null : written instanceof JsonNode json ? JSON.convertValue(json, Object.class) : written);
        changes.add(none ? "no %s".formatted(field) : "%s: %s".formatted(field, written));
    }

    private void paging(Optional<Paging.Style> style) {
        Optional<String> next = style.filter(Paging.Style.CURSOR::equals).flatMap(is -> next());
        Optional<Paging> paging = style.map(is -> standard.paging()
                .filter(usual -> usual.style() == is)
                .map(usual -> new Paging(is, usual.limit(), next.or(usual::next)))
                .orElseGet(() -> new Paging(
                        is,
                        standard.paging().map(Paging::limit).orElse(USUAL_LIMIT),
                        next.or(() -> is == Paging.Style.CURSOR ? Optional.of("nextCursor") : Optional.empty()))));
        if (paging.equals(standard.paging())) {
            return;
        }
        fields.put(
                "paging",
                paging.map(is -> {
                            Map<String, Object> written = new LinkedHashMap<>();
                            written.put("style", is.style().word());
                            written.put("limit", is.limit());
                            is.next().ifPresent(path -> written.put("next", path));
                            return written;
                        })
                        .orElse(null));
        changes.add(paging.map(is -> "paging: %s, %d rows a page%s"
                        .formatted(
                                is.style().word(),
                                is.limit(),
                                is.next().map(name -> ", next in " + name).orElse("")))
                .orElse("no paging: only what one answer holds is read"));
    }

    /** Where an example of an answer has the next cursor. */
    private Optional<String> next() {
        return sample.answer()
                .flatMap(answer -> cursor(answer)
                        .or(() -> answer.properties().stream()
                                .filter(member -> member.getValue().isObject())
                                .flatMap(member ->
                                        cursor(member.getValue()).map(name -> member.getKey() + "." + name).stream())
                                .findFirst()));
    }

    private static Optional<String> cursor(JsonNode object) {
        return object.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> Words.value(name).filter("cursor"::equals).isPresent() || name.equals("next"))
                .findFirst();
    }

    private void headers(String version) {
        Map<String, String> headers = new LinkedHashMap<>();
        sample.headers().forEach((name, value) -> {
            String plain = name.toLowerCase(Locale.ROOT);
            if (OWN_HEADERS.contains(plain) || EntryReader.OWN_HEADERS.contains(plain)) {
                return;
            }
            SampleBody.account(name, value)
                    .or(() -> Optional.of(value).filter(text -> text.matches("[^{}\\p{Cntrl}]+")))
                    .filter(text -> EntryReader.HEADER.matcher(name).matches())
                    .ifPresent(text -> headers.put(name, text));
        });
        String said = headers.keySet().stream()
                .filter("Version"::equalsIgnoreCase)
                .findFirst()
                .map(headers::get)
                .orElse("");
        Map<String, String> others = new LinkedHashMap<>(headers);
        others.keySet().removeIf("Version"::equalsIgnoreCase);
        String usual = standard.headers().getOrDefault("Version", "");
        boolean standsOut = !usual.equals(Catalogue.standard().version());
        boolean right = said.isEmpty() || said.equals(standsOut ? usual : version);
        if (right && others.isEmpty()) {
            return;
        }
        if (!said.isEmpty() || standsOut) {
            others.putIfAbsent("Version", said.isEmpty() ? usual : said);
        }
        fields.put("headers", others);
        changes.add("headers: " + others);
    }

    private void rows() {
        if (standard.rows().isEmpty() || sample.answer().isEmpty()) {
            return;
        }
        JsonNode answer = sample.answer().get();
        List<String> lists = lists(answer);
        if (answer.isArray()) {
            fields.put("rows", null);
            changes.add("rows: the answer itself is the list");
        } else if (lists.size() == 1
                && !Objects.equals(lists.get(0), standard.rows().get())) {
            fields.put("rows", lists.get(0));
            changes.add("rows: %s instead of %s"
                    .formatted(lists.get(0), standard.rows().get()));
        }
    }

    /** What the list is asked with now. */
    List<String> placeholders() {
        return placeholders;
    }

    /** Whether it says that its rows come ascending. */
    boolean ascending() {
        return ascending;
    }

    /** A row of the example of an answer; empty where there is none. */
    Optional<JsonNode> row() {
        return sample.answer().flatMap(answer -> {
            List<String> lists = lists(answer);
            JsonNode list = answer.isArray()
                    ? answer
                    : lists.size() == 1
                            ? answer.get(lists.get(0))
                            : answer.path(standard.rows().orElse(""));
            return Optional.ofNullable(list.get(0)).filter(JsonNode::isObject);
        });
    }

    private static List<String> lists(JsonNode answer) {
        Set<String> lists = new LinkedHashSet<>();
        answer.properties().forEach(member -> {
            if (member.getValue().isArray() && member.getValue().path(0).isObject()) {
                lists.add(member.getKey());
            }
        });
        return List.copyOf(lists);
    }
}
