package io.crmbridge.bundle.pattern;

import io.crmbridge.component.NearestWord;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The patterns there are: one for each file of routes of the shipped bundle. Immutable. */
public final class Patterns {
    private static final Pattern TEST_OF = Pattern.compile("(?m)^(?:- )?route: *[\"']?([\\w-]+)");
    private static final Pattern FILE_OF_TEST = Pattern.compile("\\bfile: *[\"']?([\\w./-]+)");
    /** Where what a route does has a shorter name than its file. */
    private static final Map<String, String> SHORT = Map.of(
            "deals-report", "deals-nightly-csv",
            "leads", "web-form",
            "replies-to-webhook", "replies",
            "invoices-overdue", "overdue");

    private final NavigableMap<String, String> files;
    private final List<RouteFile> routes;

    private Patterns(NavigableMap<String, String> files) {
        this.files = files;
        this.routes = files.subMap("routes/", "routes0").entrySet().stream()
                .filter(file -> file.getKey().matches(".*\\.ya?ml"))
                .map(file -> RouteFile.read(file.getKey(), file.getValue()))
                .toList();
    }

    /** Those of this version of the program, in the order of their names. */
    public static List<BundlePattern> shipped() {
        Patterns all = new Patterns(ShippedFiles.read());
        return all.routes.stream()
                .map(all::pattern)
                .sorted(Comparator.comparing(BundlePattern::name))
                .toList();
    }

    /** @throws IllegalArgumentException when there is none of this name; says which is near */
    public static BundlePattern named(String name) {
        List<BundlePattern> all = shipped();
        return all.stream()
                .filter(pattern -> pattern.isCalled(name))
                .findFirst()
                .orElseThrow(() -> {
                    List<String> names = all.stream().map(BundlePattern::name).toList();
                    Set<String> right = new TreeSet<>(names);
                    all.forEach(pattern -> right.add(pattern.otherName()));
                    return new IllegalArgumentException("no pattern \"%s\"%s; there are %s"
                            .formatted(name, NearestWord.hint(name, right), String.join(", ", names)));
                });
    }

    private BundlePattern pattern(RouteFile first) {
        Set<RouteFile> parts = new LinkedHashSet<>();
        Deque<RouteFile> open = new ArrayDeque<>(List.of(first));
        while (!open.isEmpty()) {
            RouteFile part = open.remove();
            if (parts.add(part)) {
                part.names(false, "inbox").flatMap(this::readerOf).forEach(open::add);
            }
        }
        Map<String, String> needed = new TreeMap<>();
        Set<String> ids = new LinkedHashSet<>();
        for (RouteFile part : parts) {
            needed.put(part.path(), part.text());
            ids.addAll(part.ids());
            part.addresses().forEach(address -> beside(address).forEach(path -> needed.put(path, files.get(path))));
        }
        tests(ids).forEach(path -> needed.put(path, files.get(path)));
        needed.put(ShippedFiles.PROPERTIES, new PropertiesExcerpt(files.get(ShippedFiles.PROPERTIES)).of(parts));
        String file = first.path().replaceFirst("^routes/", "").replaceFirst("\\.ya?ml$", "");
        return new BundlePattern(
                SHORT.getOrDefault(file, file),
                file,
                first.description(),
                List.copyOf(ids),
                new LinkedHashMap<>(needed));
    }

    /** What an inbox takes in waits for the route that reads it. */
    private Stream<RouteFile> readerOf(String inbox) {
        return routes.stream().filter(file -> file.names(true, "inbox").anyMatch(inbox::equals));
    }

    private Stream<String> beside(RouteFile.Address address) {
        return (switch (address.scheme()) {
                    case "map" -> Optional.of("mappings/");
                    case "template" -> Optional.of("templates/");
                    case "lead" -> Optional.of("leads/");
                    case "inbox" -> Optional.of("schemas/");
                    default -> Optional.<String>empty();
                })
                .stream()
                        .flatMap(folder ->
                                files.keySet().stream().filter(path -> path.startsWith(folder + address.name() + ".")));
    }

    private Set<String> tests(Set<String> ids) {
        Set<String> found = new TreeSet<>();
        files.subMap("tests/", "tests0").forEach((path, text) -> {
            if (path.endsWith(".test.yaml")
                    && TEST_OF.matcher(text).results().anyMatch(test -> ids.contains(test.group(1)))) {
                found.add(path);
                FILE_OF_TEST
                        .matcher(text)
                        .results()
                        .map(file -> "tests/" + file.group(1))
                        .filter(files::containsKey)
                        .forEach(found::add);
            }
        });
        return found;
    }
}
