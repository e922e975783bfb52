package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * That a collection's request may be an operation of the catalogue.
 *
 * @param score how much says so; comparable among the matches of one import
 * @param path of the request, with the operation's own names for what is to be given
 */
record RequestMatch(Sample sample, CatalogueEntry entry, int score, String path, String reason) {
    private static final int SAME_SHAPE = 8;
    private static final int PATH_NAMES_IT = 4;
    private static final int NAME_TELLS = 2;
    /** A search lists too, but what is called a list does it rather. */
    private static final Set<String> SEARCHES = Set.of("search", "query", "filter", "export");

    private static final Set<String> ACCOUNTS = Set.of("locationId", "agencyId");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\w+}");

    /** Empty where it cannot be. */
    static Optional<RequestMatch> of(Sample sample, CatalogueEntry entry) {
        Operation operation = entry.operation();
        boolean same = shape(sample.segments()).equals(shape(operation.path()));
        Set<String> named = Words.resources(sample.name());
        if (named.isEmpty() && !sample.folders().isEmpty()) {
            named = Words.resources(sample.folders().get(sample.folders().size() - 1));
        }
        Optional<Place> place = same
                ? Optional.of(new Place(PATH_NAMES_IT, List.of()))
                : place(sample, operation.resource(), named, operation.needs());
        if (place.isEmpty() || !does(operation, sample)) {
            return Optional.empty();
        }
        Set<String> actions = Words.actions(operation.name());
        boolean foreign = place.get().right().stream()
                .anyMatch(literal ->
                        !actions.contains(literal) && !operation.needs().contains(literal));
        Optional<String> path = path(sample, operation, place.get().score() < PATH_NAMES_IT);
        if (foreign || path.isEmpty()) {
            return Optional.empty();
        }
        List<String> reasons = new ArrayList<>();
        int score = place.get().score();
        if (same) {
            score += SAME_SHAPE;
            reasons.add("the path has the shape that was assumed");
        } else {
            reasons.add(
                    score >= PATH_NAMES_IT
                            ? "the path names " + operation.resource()
                            : "its folder or name tells of " + operation.resource());
        }
        if (operation.verb().equals(sample.verb())) {
            score++;
            reasons.add("the verb is " + sample.verb());
        }
        if (named.contains(operation.resource())) {
            score++;
        }
        Optional<String> told = Words.tokens(sample.name()).stream()
                .filter(actions::contains)
                .findFirst()
                .or(() -> sample.literals().stream()
                        .map(Words::canonical)
                        .filter(actions::contains)
                        .findFirst());
        if (told.isEmpty() && place.get().score() < PATH_NAMES_IT) {
            // A folder says what its requests are about, and not what an unknown path does to it.
            return Optional.empty();
        }
        if (told.isPresent()) {
            score += SEARCHES.contains(told.get()) && operation.name().equals("list") ? 1 : NAME_TELLS;
            reasons.add("\"%s\" tells %s".formatted(told.get(), operation.name()));
        }
        return Optional.of(new RequestMatch(sample, entry, score, path.get(), String.join(", ", reasons)));
    }

    /** @param right canonical words of the path behind the one that names the resource */
    private record Place(int score, List<String> right) {}

    private static List<String> shape(List<String> segments) {
        return segments.stream()
                .filter(segment -> !segment.isEmpty() && !Words.noise(segment))
                .map(segment -> Sample.given(segment) ? "{}" : Words.canonical(segment))
                .toList();
    }

    static List<String> shape(String path) {
        return shape(List.of(path.split("/")));
    }

    private static Optional<Place> place(Sample sample, String resource, Set<String> named, List<String> needs) {
        List<String> literals = sample.literals().stream()
                .filter(literal -> !literal.isEmpty() && !Words.noise(literal))
                .map(Words::canonical)
                .toList();
        if (literals.contains("bulk") && !resource.equals("bulk-export")) {
            return Optional.empty();
        }
        boolean anyResource = false;
        for (int i = literals.size() - 1; i >= 0; i--) {
            Set<String> before = new HashSet<>(literals.subList(0, i));
            if (named.contains("form-submissions")) {
                before.add("form");
            }
            if (named.contains("survey-submissions")) {
                before.add("survey");
            }
            if (named.contains("workflow-runs")) {
                before.add("workflow");
            }
            Optional<String> is = Words.resource(literals.get(i), before);
            if (is.filter(resource::equals).isPresent()) {
                return Optional.of(
                        new Place(anyResource ? 1 : PATH_NAMES_IT, literals.subList(i + 1, literals.size())));
            }
            anyResource |= is.isPresent();
        }
        // A path of a single word that is not known is what its folder or name says.
        return named.equals(Set.of(resource)) && !anyResource && !literals.isEmpty() && needs.size() <= 1
                ? Optional.of(new Place(NAME_TELLS, literals.subList(1, literals.size())))
                : Optional.empty();
    }

    static boolean does(Operation operation, Sample sample) {
        return does(operation, sample, words(sample));
    }

    private static Set<String> words(Sample sample) {
        return Stream.concat(
                        Words.tokens(sample.name()).stream(),
                        sample.literals().stream().map(Words::canonical))
                .collect(Collectors.toSet());
    }

    private static boolean does(Operation operation, Sample sample, Set<String> words) {
        boolean get = sample.verb().equals("GET");
        boolean post = sample.verb().equals("POST");
        boolean change = sample.verb().equals("PUT") || sample.verb().equals("PATCH");
        boolean delete = sample.verb().equals("DELETE");
        boolean one = !sample.segments().isEmpty()
                && Sample.given(sample.segments().get(sample.segments().size() - 1));
        boolean searches = has(words, "search", "query", "filter", "find", "lookup");
        boolean undoes = has(words, "delete", "remove", "unassign", "cancel");
        return switch (operation.name()) {
            case "create" -> post && !one && !searches && !undoes && !has(words, "upsert", "update");
            case "add" -> (post || change) && !undoes;
            case "send", "start" -> post && !searches && !undoes;
            case "trigger" -> (post || change) && !undoes;
            case "upsert" -> (post || change) && has(words, "upsert");
            case "get" -> get && !has(words, "search", "list");
            case "list" ->
                get && !one && !has(words, "lookup", "duplicate", "count") || post && (searches || has(words, "list"));
            case "search" -> (get || post) && searches;
            case "update" -> change && !undoes || post && one && has(words, "update", "edit");
            case "move" -> (change || post) && has(words, "move", "stage");
            case "reschedule" -> (change || post && has(words, "reschedule")) && !undoes;
            case "cancel" -> (change || post || delete) && has(words, "cancel");
            case "delete", "remove" -> delete && !has(words, "cancel") || post && has(words, "delete", "remove");
            case "thread", "rows" -> get;
            default -> false;
        };
    }

    private static boolean has(Set<String> words, String... any) {
        return Stream.of(any).anyMatch(words::contains);
    }

    /** The path with the operation's names; empty where it needs something else than the operation. */
    static Optional<String> path(Sample sample, Operation operation, boolean anyParent) {
        List<String> given = sample.needs();
        List<String> needs = new ArrayList<>(operation.needs());
        Map<Integer, String> names = new LinkedHashMap<>();
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            Optional<String> account = Words.value(given.get(i)).filter(ACCOUNTS::contains);
            if (account.isPresent() && (given.size() > needs.size() || needs.contains(account.get()))) {
                names.put(i, account.get());
                needs.remove(account.get());
            } else {
                open.add(i);
            }
        }
        for (int i : List.copyOf(open)) {
            String parent = parent(sample, i);
            Optional<String> need = needs.stream()
                    .filter(name -> named(name, given.get(i)) || named(name, parent))
                    .findFirst();
            if (need.isPresent()) {
                names.put(i, need.get());
                needs.remove(need.get());
                open.remove((Integer) i);
            }
        }
        for (int i : List.copyOf(open)) {
            // What comes last is the record itself; what comes before it is somebody else's.
            if (!needs.isEmpty() && (needs.get(0).equals("id") || anyParent)) {
                names.put(i, needs.remove(0));
                open.remove((Integer) i);
            }
        }
        Set<String> elsewhere = Stream.concat(
                        sample.query().keySet().stream(), sample.body().stream().flatMap(body -> names(body).stream()))
                .collect(Collectors.toSet());
        // Whose key it is the CRM knows, where a request does not say it.
        needs.removeIf(name -> ACCOUNTS.contains(name) || elsewhere.stream().anyMatch(key -> named(name, key)));
        if (!open.isEmpty() || !needs.isEmpty()) {
            return Optional.empty();
        }
        int[] at = {0};
        return Optional.of("/"
                + sample.segments().stream()
                        .map(segment ->
                                PLACEHOLDER.matcher(segment).replaceAll(ignored -> "{" + names.get(at[0]++) + "}"))
                        .collect(Collectors.joining("/")));
    }

    private static Set<String> names(JsonNode body) {
        Set<String> names = new LinkedHashSet<>();
        body.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The literal before the placeholder of this number. */
    private static String parent(Sample sample, int number) {
        int seen = 0;
        String literal = "";
        for (String segment : sample.segments()) {
            if (!Sample.given(segment)) {
                literal = segment;
            } else if (seen++ == number) {
                return literal;
            }
        }
        return "";
    }

    /** Whether a name is the catalogue's: {@code contactId}, {@code person_id} and {@code people} are {@code contact}. */
    static boolean named(String need, String name) {
        if (need.equals("id")) {
            return Words.plain(name).equals("id");
        }
        String plain = Words.plain(name).replaceAll("(id|uuid)$", "");
        return Words.canonical(plain).equals(need)
                || Words.resource(Words.canonical(plain), Set.of())
                        .map(resource -> Words.canonical(resource).equals(need))
                        .orElse(false);
    }
}
