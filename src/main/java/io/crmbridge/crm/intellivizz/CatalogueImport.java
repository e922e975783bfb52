package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.intellivizz.CatalogueEntry.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * A catalogue's file, made of a collection that a customer was given. Immutable.
 *
 * @param yaml the file: what the collection says otherwise than the standard
 * @param catalogue the same, laid over the standard
 */
public record CatalogueImport(String yaml, Catalogue catalogue, ImportReport report) {

    /**
     * From a Postman collection v2.1. Nothing of it is run, and nothing secret of it is taken over.
     *
     * @throws IllegalArgumentException when the file is none, or larger or deeper than a collection is; says what was expected
     */
    public static CatalogueImport postman(Path file) {
        return new Work(PostmanCollection.read(file)).done();
    }

    /** One import. */
    private static final class Work {
        private static final Set<String> LISTS = Set.of("list", "search");

        private final Catalogue standard = Catalogue.standard();
        private final PostmanCollection collection;
        private final List<String> remarks = new ArrayList<>();
        private final Map<String, RequestMatch> chosen = new LinkedHashMap<>();
        private final Set<String> shared = new HashSet<>();
        private final List<ImportReport.Open> ambiguous = new ArrayList<>();
        private final List<Sample> samples;
        private final Optional<String> base;

        Work(PostmanCollection collection) {
            this.collection = collection;
            remarks.addAll(collection.remarks());
            this.base = base(collection.samples());
            this.samples = collection.samples().stream()
                    .flatMap(sample -> here(sample).stream())
                    .toList();
        }

        /** The address that most requests go to. */
        private Optional<String> base(List<Sample> all) {
            Map<String, Long> counts = all.stream()
                    .map(Sample::base)
                    .filter(address -> !address.isEmpty())
                    .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
            if (all.stream().anyMatch(sample -> sample.base().isEmpty())) {
                remarks.add(
                        counts.isEmpty()
                                ? "the collection does not say its address: write base-url by hand"
                                : "some requests do not say their address and are taken to go to the same one");
            }
            return counts.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .filter(Work::address);
        }

        private static boolean address(String text) {
            try {
                return text.matches("https?://[A-Za-z0-9.:-]+(/[A-Za-z0-9._~/-]*)?") && new URI(text).getHost() != null;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        private Optional<Sample> here(Sample sample) {
            if (sample.base().isEmpty() || base.filter(sample.base()::equals).isPresent()) {
                return Optional.of(sample);
            }
            if (base.filter(address -> sample.base().startsWith(address + "/")).isPresent()) {
                List<String> segments = new ArrayList<>(
                        List.of(sample.base().substring(base.get().length() + 1).split("/")));
                segments.addAll(sample.segments());
                return Optional.of(new Sample(
                        sample.place(),
                        sample.folders(),
                        sample.name(),
                        sample.verb(),
                        base.get(),
                        segments,
                        sample.query(),
                        sample.headers(),
                        sample.body(),
                        sample.bodyMode(),
                        sample.answer(),
                        sample.disabled()));
            }
            remarks.add("%s goes to another address than most and is not taken".formatted(sample.place()));
            return Optional.empty();
        }

        CatalogueImport done() {
            match();
            share();
            String version = version();
            Map<String, Object> resources = new LinkedHashMap<>();
            List<ImportReport.Matched> changed = new ArrayList<>();
            List<ImportReport.Matched> unchanged = new ArrayList<>();
            for (String resource : standard.resources()) {
                Map<String, Object> operations = new LinkedHashMap<>();
                Map<String, Object> feed = new LinkedHashMap<>();
                for (CatalogueEntry entry : standard.operations(resource)) {
                    RequestMatch match = chosen.get(id(entry));
                    if (match == null) {
                        continue;
                    }
                    SampleFields made =
                            new SampleFields(match.sample(), entry, match.path(), shared.contains(id(entry)), version);
                    operations.put(entry.operation().name(), made.fields());
                    List<String> changes = new ArrayList<>(made.changes());
                    standard.feed(resource)
                            .filter(is -> is.list().equals(entry.operation().name()))
                            .ifPresent(is -> {
                                feed.putAll(feed(is, made));
                                feed.forEach((name, value) -> changes.add("feed: %s is %s".formatted(name, value)));
                            });
                    (changes.isEmpty() ? unchanged : changed)
                            .add(new ImportReport.Matched(
                                    id(entry),
                                    match.sample().place(),
                                    match.sample().call(),
                                    match.reason(),
                                    changes));
                }
                if (!operations.isEmpty()) {
                    Map<String, Object> written = new LinkedHashMap<>();
                    if (!feed.isEmpty()) {
                        written.put("feed", feed);
                    }
                    written.put("operations", operations);
                    resources.put(resource, written);
                }
            }
            String yaml = yaml(version, resources);
            Catalogue catalogue = Catalogue.read("the imported catalogue", yaml);
            return new CatalogueImport(
                    yaml,
                    catalogue,
                    new ImportReport(
                            collection.name(),
                            collection.samples().size(),
                            changed,
                            unchanged,
                            ambiguous,
                            unmatched(),
                            catalogue.all().stream()
                                    .map(operation -> catalogue
                                            .find(operation.resource(), operation.name())
                                            .orElseThrow())
                                    .filter(entry -> entry.origin() != Origin.COLLECTION)
                                    .map(entry ->
                                            id(entry) + (entry.origin() == Origin.UNKNOWN ? " (no public source)" : ""))
                                    .toList(),
                            collection.secrets(),
                            collection.scripts(),
                            collection.auth(),
                            remarks));
        }

        private static String id(CatalogueEntry entry) {
            return entry.operation().resource() + " " + entry.operation().name();
        }

        private Stream<CatalogueEntry> entries() {
            return standard.resources().stream().flatMap(resource -> standard.operations(resource).stream());
        }

        /** The best request of each operation; where two are as good, a person decides. */
        private void match() {
            Map<Sample, RequestMatch> best = new IdentityHashMap<>();
            Map<CatalogueEntry, List<RequestMatch>> all = new LinkedHashMap<>();
            entries().forEach(entry -> {
                List<RequestMatch> matches = samples.stream()
                        .flatMap(sample -> RequestMatch.of(sample, entry).stream())
                        .sorted(Comparator.comparingInt(RequestMatch::score).reversed())
                        .toList();
                matches.forEach(match -> best.merge(match.sample(), match, (a, b) -> b.score() > a.score() ? b : a));
                all.put(entry, matches);
            });
            all.forEach((entry, matches) -> {
                // A request that is rather another operation is not this one, unless the catalogue asks for both alike.
                List<RequestMatch> own = matches.stream()
                        .filter(match -> isOwn(match, best.get(match.sample())))
                        .toList();
                if (own.isEmpty()) {
                    return;
                }
                List<RequestMatch> top = own.stream()
                        .filter(match -> match.score() == own.get(0).score())
                        .toList();
                if (top.stream().map(RequestMatch::path).distinct().count() == 1
                        && top.stream()
                                        .map(match -> match.sample().verb())
                                        .distinct()
                                        .count()
                                == 1) {
                    chosen.put(id(entry), top.get(0));
                } else {
                    top.forEach(match -> ambiguous.add(new ImportReport.Open(
                            match.sample().place(),
                            match.sample().call(),
                            "it may be %s, and so may %d other%s"
                                    .formatted(id(entry), top.size() - 1, top.size() == 2 ? "" : "s"),
                            write(match))));
                }
            });
        }

        private static boolean isOwn(RequestMatch match, RequestMatch best) {
            return match.score() == best.score() || asked(match.entry(), best.entry());
        }

        /** Whether the catalogue asks for both with the same call. */
        private static boolean asked(CatalogueEntry one, CatalogueEntry other) {
            return one.operation().verb().equals(other.operation().verb())
                    && RequestMatch.shape(one.operation().path())
                            .equals(RequestMatch.shape(other.operation().path()));
        }

        private static String write(RequestMatch match) {
            return "resources: { %s: { operations: { %s: { call: \"%s %s\" } } } }"
                    .formatted(
                            match.entry().operation().resource(),
                            match.entry().operation().name(),
                            match.sample().verb(),
                            match.path());
        }

        /** What the catalogue asks for with one call is asked for with one call still. */
        private void share() {
            Map<String, RequestMatch> found = new LinkedHashMap<>(chosen);
            Set<String> undecided = ambiguous.stream()
                    .map(open -> open.why().replaceAll("it may be (.*), and so.*", "$1"))
                    .collect(Collectors.toSet());
            entries()
                    .filter(entry -> !found.containsKey(id(entry)) && !undecided.contains(id(entry)))
                    .forEach(entry -> found.values().stream()
                            .filter(match -> alike(match, entry))
                            .findFirst()
                            .flatMap(match -> RequestMatch.path(match.sample(), entry.operation(), true)
                                    .map(path -> new RequestMatch(
                                            match.sample(),
                                            entry,
                                            match.score(),
                                            path,
                                            "the same call as " + id(match.entry()))))
                            .ifPresent(match -> {
                                chosen.put(id(entry), match);
                                shared.add(id(entry));
                            }));
        }

        private static boolean alike(RequestMatch match, CatalogueEntry entry) {
            return asked(match.entry(), entry)
                    && (!LISTS.contains(entry.operation().name())
                            || RequestMatch.does(entry.operation(), match.sample()))
                    && match.sample().literals().stream()
                            .map(Words::canonical)
                            .filter(Words.actions(match.entry().operation().name())::contains)
                            .allMatch(Words.actions(entry.operation().name())::contains);
        }

        private List<ImportReport.Open> unmatched() {
            Set<Sample> used = Collections.newSetFromMap(new IdentityHashMap<>());
            chosen.values().forEach(match -> used.add(match.sample()));
            Set<String> open =
                    ambiguous.stream().map(ImportReport.Open::request).collect(Collectors.toSet());
            return samples.stream()
                    .filter(sample -> !used.contains(sample) && !open.contains(sample.place()))
                    .map(sample -> {
                        Optional<RequestMatch> near = entries()
                                .flatMap(entry -> RequestMatch.of(sample, entry).stream())
                                .max(Comparator.comparingInt(RequestMatch::score));
                        return new ImportReport.Open(
                                sample.place(),
                                sample.call(),
                                near.map(match -> "%s is another request".formatted(id(match.entry())))
                                        .orElse("no operation of the catalogue is like it"),
                                near.map(Work::write).orElse(""));
                    })
                    .toList();
        }

        /** What most of the requests that were taken say, among those whose standard says what most say. */
        private String version() {
            return chosen.values().stream()
                    .filter(match ->
                            standard.version().equals(match.entry().headers().get("Version")))
                    .flatMap(match -> match.sample().headers().entrySet().stream())
                    .filter(header -> header.getKey().equalsIgnoreCase("Version"))
                    .map(Map.Entry::getValue)
                    .filter(value -> value.matches("[\\w.:-]{1,40}"))
                    .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()))
                    .entrySet()
                    .stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .orElse(standard.version());
        }

        /** The fields of the feed that are others now. */
        private Map<String, Object> feed(FeedEntry usual, SampleFields made) {
            Map<String, Object> feed = new LinkedHashMap<>();
            String updated = usual.updated();
            Optional<JsonNode> row = made.row();
            if (row.isPresent()) {
                name(row.get(), usual.id(), "id", "_id", "uuid", "recordId").ifPresent(name -> feed.put("id", name));
                if (!updated.isEmpty()) {
                    Optional<String> other = name(
                            row.get(),
                            updated,
                            "updatedAt",
                            "dateUpdated",
                            "modifiedAt",
                            "lastModified",
                            "lastUpdated",
                            "updated");
                    other.ifPresent(name -> feed.put("updated", name));
                    updated = other.orElse(row.get().has(updated) ? updated : "");
                }
                if (!usual.created().isEmpty()) {
                    name(row.get(), usual.created(), "createdAt", "dateAdded", "dateCreated", "addedAt", "created")
                            .ifPresent(name -> feed.put("created", name));
                }
            }
            FeedEntry.Reading reading = reading(usual, made, updated);
            if (updated.isEmpty() && !usual.updated().isEmpty()) {
                feed.put("updated", null);
                reading = FeedEntry.Reading.ALL;
            }
            if (reading != usual.reading()) {
                feed.put("reading", reading.name().toLowerCase(Locale.ROOT));
            }
            return feed;
        }

        private static FeedEntry.Reading reading(FeedEntry usual, SampleFields made, String updated) {
            List<String> used = made.placeholders();
            if (usual.reading() == FeedEntry.Reading.ALL || updated.isEmpty() || !used.contains("since")) {
                return FeedEntry.Reading.ALL;
            }
            return made.ascending()
                    ? FeedEntry.Reading.KEYSET
                    : used.contains("until") ? FeedEntry.Reading.WINDOW : FeedEntry.Reading.ALL;
        }

        /** Another name of the field, where the row has not the usual one. */
        private static Optional<String> name(JsonNode row, String usual, String... others) {
            return row.has(usual)
                    ? Optional.empty()
                    : Stream.of(others)
                            .flatMap(other -> row.properties().stream()
                                    .map(Map.Entry::getKey)
                                    .filter(field -> Words.plain(field).equals(Words.plain(other))))
                            .findFirst();
        }

        private String yaml(String version, Map<String, Object> resources) {
            Map<String, Object> file = new LinkedHashMap<>();
            base.filter(address -> !address.equals(standard.baseUrl().toString()))
                    .ifPresent(address -> {
                        file.put("base-url", address);
                        remarks.add(
                                "calls, and the key with them, go to %s, as the collection says: make sure that it is the CRM"
                                        .formatted(address));
                    });
            if (!version.equals(standard.version())) {
                file.put("version", version);
            }
            if (!resources.isEmpty()) {
                file.put("resources", resources);
            }
            Map<String, Object> oauth = oauth();
            if (!oauth.isEmpty()) {
                file.put("oauth", oauth);
            }
            return "# Made from a Postman collection, and laid over what is assumed. Look it through, and change what is wrong.\n"
                    + (file.isEmpty()
                            ? ""
                            : new Dump(DumpSettings.builder()
                                            .setDefaultFlowStyle(FlowStyle.BLOCK)
                                            .setDereferenceAliases(true)
                                            .setWidth(120)
                                            .build())
                                    .dumpToString(file));
        }

        private Map<String, Object> oauth() {
            Map<String, Object> oauth = new LinkedHashMap<>();
            Optional.ofNullable(collection.oauth().get("authUrl"))
                    .map(url -> url.replaceAll("[?#].*", ""))
                    .filter(Work::address)
                    .filter(url -> !URI.create(url).equals(standard.authorizeUrl()))
                    .ifPresent(url -> {
                        oauth.put("authorize", url);
                        remarks.add(
                                "people are sent to %s to consent, as the collection says: make sure that it is the CRM"
                                        .formatted(url));
                    });
            String address = base.orElse(standard.baseUrl().toString());
            Optional.ofNullable(collection.oauth().get("accessTokenUrl"))
                    .map(url -> url.replaceAll("[?#].*", ""))
                    .filter(Work::address)
                    .ifPresent(url -> {
                        if (!url.startsWith(address + "/")) {
                            remarks.add("tokens are fetched from another address than base-url: see oauth by hand");
                        } else if (!url.substring(address.length()).equals(standard.tokenPath())) {
                            oauth.put("token", url.substring(address.length()));
                        }
                    });
            return oauth;
        }
    }
}
