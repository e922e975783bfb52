package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.intellivizz.CatalogueEntry.Origin;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.Node;

/** Makes entries of a catalogue's fields, and says what is wrong with them. */
final class EntryReader {
    private static final Pattern CALL = Pattern.compile("(\\w+) +(\\S+)");
    private static final Set<String> VERBS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> TIMES = Set.of("since", "until");
    /** What the bridge knows without being told. */
    static final Set<String> VALUES = Stream.of(
                    TIMES.stream(),
                    Stream.of("locationId", "agencyId", "limit"),
                    Arrays.stream(Paging.Style.values()).flatMap(style -> style.placeholders().stream()))
            .flatMap(names -> names)
            .collect(Collectors.toUnmodifiableSet());
    /** What the bridge says for itself. */
    static final Set<String> OWN_HEADERS = Set.of(
            "authorization", "host", "content-length", "content-type", "transfer-encoding", "accept", "user-agent");

    static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private final YamlNodes yaml;
    private final Set<String> known;
    private final Map<String, String> versions;

    /** @param operands names that paths ask for */
    EntryReader(YamlNodes yaml, Collection<String> operands, Optional<String> version) {
        this.yaml = yaml;
        this.versions = version.map(text -> Map.of("Version", text)).orElse(Map.of());
        this.known = new LinkedHashSet<>(operands);
        known.addAll(VALUES);
    }

    Optional<CatalogueEntry> entry(String resource, String name, Node at, Map<String, Node> fields, Origin origin) {
        String what = resource + " " + name;
        Optional<Operation> operation = operation(resource, name, at, fields, origin);
        Map<String, String> query = texts(fields, "query", what);
        Map<String, String> headers = new LinkedHashMap<>(versions);
        headers(fields, what).forEach((header, value) -> {
            headers.keySet().removeIf(header::equalsIgnoreCase);
            headers.put(header, value);
        });
        Optional<JsonNode> body = Optional.ofNullable(fields.get("body")).flatMap(node -> body(node, what));
        boolean takesFields = Optional.ofNullable(fields.get("fields"))
                .map(node -> yaml.flag(node, "fields of " + what))
                .orElse(false);
        body.ifPresent(template -> {
            if (operation.filter(is -> is.verb().equals("GET")).isPresent()) {
                yaml.found(fields.get("body"), "%s is a GET and sends no body: write query".formatted(what));
            } else if (takesFields && !template.isObject()) {
                yaml.found(fields.get("body"), "body of %s is no map, and fields are laid over it".formatted(what));
            }
        });
        Optional<Paging> paging = Optional.ofNullable(fields.get("paging")).flatMap(node -> paging(node, what));
        Set<String> used = new LinkedHashSet<>();
        Stream.of(
                        query.values().stream(),
                        headers.values().stream(),
                        body.stream().flatMap(Template::texts))
                .flatMap(texts -> texts)
                .forEach(text -> Template.placeholders(text).forEach(placeholder -> used.add(placeholder.name())));
        fits(what, at, fields, paging, used);
        return operation.map(is -> new CatalogueEntry(
                is,
                query,
                body,
                takesFields,
                headers,
                text(fields, "scope", what),
                Optional.ofNullable(fields.get("agency"))
                        .map(node -> yaml.flag(node, "agency of " + what))
                        .orElse(false),
                text(fields, "rows", what),
                paging,
                Optional.ofNullable(fields.get("key"))
                        .map(node -> yaml.texts(node, "key of " + what))
                        .orElse(List.of()),
                origin,
                text(fields, "note", what).orElse("")));
    }

    private Optional<Operation> operation(
            String resource, String name, Node at, Map<String, Node> fields, Origin origin) {
        String what = resource + " " + name;
        if (!name.matches("[a-z][a-z0-9-]*")) {
            yaml.found(at, "operation \"%s\" of %s: write small letters and dashes".formatted(name, resource));
        }
        for (String needed : List.of("call", "kind")) {
            if (!fields.containsKey(needed)) {
                yaml.found(at, "%s has no %s".formatted(what, needed));
            }
        }
        Optional<Operation.Kind> kind = word(fields, "kind", what, Operation.Kind.values());
        Optional<Matcher> call = text(fields, "call", what).map(String::strip).map(CALL::matcher);
        if (call.isEmpty() || kind.isEmpty()) {
            return Optional.empty();
        }
        Node line = fields.get("call");
        if (!call.get().matches()) {
            yaml.found(line, "call of %s is no verb and path, as in GET /contacts/{id}".formatted(what));
            return Optional.empty();
        }
        String verb = call.get().group(1);
        String path = call.get().group(2);
        if (!VERBS.contains(verb)) {
            yaml.found(
                    line, "call of %s has no verb \"%s\"; there are %s".formatted(what, verb, YamlNodes.words(VERBS)));
        }
        wrong(path).ifPresent(why -> yaml.found(line, "path of %s %s".formatted(what, why)));
        return Optional.of(new Operation(
                resource,
                name,
                verb,
                path,
                kind.get(),
                switch (origin) {
                    case ASSUMED -> "Assumed from HighLevel's public API.";
                    case UNKNOWN -> "Assumed: no public source has it.";
                    case COLLECTION -> "From the connection's catalogue.";
                }));
    }

    private static Optional<String> wrong(String path) {
        String plain = path.replaceAll("\\{\\w+}", "x");
        if (!plain.startsWith("/") || plain.startsWith("//")) {
            return Optional.of("begins with one slash, and the host is in base-url");
        }
        if (plain.contains("?") || plain.contains("#")) {
            return Optional.of("has a ? or #: write what comes behind it as query");
        }
        if (!plain.matches("(/|[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+")) {
            return Optional.of("has something else than letters, digits, slashes and {names}");
        }
        return Arrays.stream(plain.split("/")).anyMatch(step -> step.equals(".") || step.equals(".."))
                ? Optional.of("has a step that is . or ..")
                : Optional.empty();
    }

    private Map<String, String> headers(Map<String, Node> fields, String what) {
        Map<String, String> headers = texts(fields, "headers", what);
        headers.forEach((name, value) -> {
            if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                yaml.found(fields.get("headers"), "headers of %s: the bridge itself says %s".formatted(what, name));
            } else if (!HEADER.matcher(name).matches() || value.chars().anyMatch(Character::isISOControl)) {
                yaml.found(
                        fields.get("headers"), "headers of %s: \"%s\" is no header of one line".formatted(what, name));
            }
        });
        return headers;
    }

    private Map<String, String> texts(Map<String, Node> fields, String field, String what) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (fields.containsKey(field)) {
            yaml.map(fields.get(field), "%s of %s".formatted(field, what))
                    .forEach((name, node) -> yaml.text(node, "%s of %s, %s".formatted(field, what, name))
                            .ifPresent(text -> {
                                template(node, "%s of %s, %s".formatted(field, what, name), text);
                                texts.put(name, text);
                            }));
        }
        return texts;
    }

    private Optional<JsonNode> body(Node node, String what) {
        Optional<JsonNode> body = yaml.json(node, "body of " + what);
        body.ifPresent(json -> Template.texts(json).forEach(text -> template(node, "body of " + what, text)));
        if (body.isPresent() && !body.get().isContainerNode()) {
            yaml.found(node, "body of %s is no map and no list".formatted(what));
            return Optional.empty();
        }
        return body;
    }

    private void template(Node at, String where, String text) {
        if (text.contains("{{")) {
            yaml.found(at, "%s: a placeholder has single braces, as in {locationId}".formatted(where));
            return;
        }
        Template.placeholders(text).forEach(placeholder -> {
            if (!known.contains(placeholder.name())) {
                yaml.found(
                        at,
                        "%s has no placeholder \"%s\"; there are %s"
                                .formatted(where, placeholder.name(), YamlNodes.words(known)));
            } else if (!placeholder.form().isEmpty()
                    && !(placeholder.form().equals("millis") && TIMES.contains(placeholder.name()))) {
                yaml.found(
                        at,
                        "%s has no form \"%s:%s\"; there are since:millis, until:millis"
                                .formatted(where, placeholder.name(), placeholder.form()));
            }
        });
    }

    private Optional<Paging> paging(Node node, String what) {
        Map<String, Node> fields = yaml.map(node, "paging of " + what, List.of("style", "limit", "next"));
        for (String needed : List.of("style", "limit")) {
            if (!fields.containsKey(needed)) {
                yaml.found(node, "paging of %s has no %s".formatted(what, needed));
            }
        }
        List<String> styles =
                Arrays.stream(Paging.Style.values()).map(Paging.Style::word).toList();
        Optional<Paging.Style> style = text(fields, "style", "paging of " + what)
                .flatMap(word -> {
                    Optional<Paging.Style> is = Paging.Style.of(word);
                    if (is.isEmpty()) {
                        yaml.found(
                                fields.get("style"),
                                "paging of %s has no style \"%s\"; there are %s"
                                        .formatted(what, word, YamlNodes.words(styles)));
                    }
                    return is;
                });
        int limit = Optional.ofNullable(fields.get("limit"))
                .map(at -> yaml.count(at, "limit of " + what))
                .orElse(0);
        Optional<String> next = text(fields, "next", "paging of " + what);
        return style.map(is -> new Paging(is, limit, next));
    }

    /** The paging's placeholders are there, and no others. */
    private void fits(String what, Node at, Map<String, Node> fields, Optional<Paging> paging, Set<String> used) {
        paging.ifPresent(is -> {
            String first = is.style().placeholders().get(0);
            if (!used.contains(first)) {
                yaml.found(
                        fields.get("paging"),
                        "paging of %s is %s, and neither query nor body has {%s}"
                                .formatted(what, is.style().word(), first));
            }
        });
        if (fields.containsKey("paging") && paging.isEmpty()) {
            return;
        }
        for (Paging.Style style : Paging.Style.values()) {
            style.placeholders().stream()
                    .filter(used::contains)
                    .filter(name -> paging.map(is -> !is.style().placeholders().contains(name))
                            .orElse(true))
                    .forEach(name -> yaml.found(
                            at,
                            "%s has {%s}, and its paging is %s"
                                    .formatted(
                                            what,
                                            name,
                                            paging.map(is -> is.style().word())
                                                    .orElse("not told: write style: " + style.word()))));
        }
    }

    Optional<FeedEntry> feed(
            String resource, Map<String, Node> fields, Map<String, CatalogueEntry> entries, Set<String> operations) {
        Node at = fields.values().iterator().next();
        String what = "feed of " + resource;
        for (String needed : List.of("list", "id", "reading")) {
            if (!fields.containsKey(needed)) {
                yaml.found(at, "%s has no %s".formatted(what, needed));
            }
        }
        Optional<FeedEntry.Reading> reading = word(fields, "reading", what, FeedEntry.Reading.values());
        Optional<String> list = text(fields, "list", what);
        list.filter(name -> !operations.contains(name))
                .ifPresent(name -> yaml.found(
                        fields.get("list"),
                        "%s: %s has no operation \"%s\"; there are %s"
                                .formatted(what, resource, name, YamlNodes.words(operations))));
        Optional<String> id = text(fields, "id", what);
        if (list.isEmpty() || id.isEmpty() || reading.isEmpty()) {
            return Optional.empty();
        }
        FeedEntry feed = new FeedEntry(
                list.get(),
                id.get(),
                text(fields, "updated", what).orElse(""),
                text(fields, "created", what).orElse(""),
                reading.get());
        if (feed.reading() != FeedEntry.Reading.ALL && feed.updated().isEmpty()) {
            yaml.found(fields.get("reading"), "%s has no updated: without it write reading: all".formatted(what));
        }
        Optional.ofNullable(entries.get(feed.list())).ifPresent(entry -> reads(fields, what, feed, entry));
        return Optional.of(feed);
    }

    /** Whether the list can be asked as the feed reads it. */
    private void reads(Map<String, Node> fields, String what, FeedEntry feed, CatalogueEntry list) {
        if (list.operation().kind() != Operation.Kind.READ) {
            yaml.found(fields.get("list"), "%s: %s is of another kind than read".formatted(what, feed.list()));
        }
        List<String> needs = switch (feed.reading()) {
            case KEYSET -> List.of("since");
            case WINDOW -> List.of("since", "until");
            case ALL -> List.of();
        };
        Set<String> used = new LinkedHashSet<>();
        Stream.concat(list.query().values().stream(), list.body().stream().flatMap(Template::texts))
                .forEach(text -> Template.placeholders(text).forEach(placeholder -> used.add(placeholder.name())));
        needs.stream()
                .filter(name -> !used.contains(name))
                .forEach(name -> yaml.found(
                        fields.get("reading"),
                        "%s is read as %s, and its %s has no {%s}: give it, or write reading: all"
                                .formatted(what, word(feed.reading()), feed.list(), name)));
    }

    private Optional<String> text(Map<String, Node> fields, String field, String what) {
        return Optional.ofNullable(fields.get(field))
                .flatMap(node -> yaml.text(node, "%s of %s".formatted(field, what)));
    }

    private <T extends Enum<T>> Optional<T> word(Map<String, Node> fields, String field, String what, T[] all) {
        return text(fields, field, what).flatMap(text -> {
            Optional<T> is =
                    Arrays.stream(all).filter(one -> word(one).equals(text)).findFirst();
            if (is.isEmpty()) {
                yaml.found(
                        fields.get(field),
                        "%s has no %s \"%s\"; there are %s"
                                .formatted(
                                        what,
                                        field,
                                        text,
                                        YamlNodes.words(Arrays.stream(all)
                                                .map(EntryReader::word)
                                                .toList())));
            }
            return is;
        });
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
