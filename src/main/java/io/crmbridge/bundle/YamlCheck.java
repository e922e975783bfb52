package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import io.crmbridge.bundle.place.YamlFile;
import io.crmbridge.bundle.place.YamlTree;
import io.crmbridge.component.NearestWord;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A file of routes as YAML: what Camel cannot load, and what it loads and understands otherwise than it is meant. */
final class YamlCheck {
    private static final Set<String> SWALLOWING = Set.of("filter", "split", "loop", "idempotentConsumer");

    /** What the schema needs besides, such as an aggregation strategy, a route can have from elsewhere. */
    private static final Set<String> NEEDED = Set.of("from", "uri", "steps");

    private final YamlSchema schema = YamlSchema.standard();
    private final String file;
    private final boolean loads;
    private final Report report;
    private boolean compact;

    private YamlCheck(String file, boolean loads, Report report) {
        this.file = file;
        this.loads = loads;
        this.report = report;
    }

    /** @param failures what could not be loaded */
    static void check(Subject subject, List<Finding> failures) {
        Set<String> files = new HashSet<>();
        for (Path path : subject.bundle().routeFiles()) {
            String file = subject.bundle().relative(path);
            List<Finding> own = failures.stream()
                    .filter(failure -> failure.file().equals(file))
                    .toList();
            files.add(file);
            subject.places()
                    .yaml(path)
                    .ifPresentOrElse(
                            yaml -> check(subject, path, yaml, own),
                            () -> notUtf8(subject.report(), file, !own.isEmpty()));
        }
        failures.stream()
                .filter(failure -> !files.contains(failure.file()))
                .forEach(failure -> subject.report()
                        .error(
                                failure.file().endsWith("yaml")
                                                || failure.file().endsWith("yml")
                                        ? Code.NOT_LOADED
                                        : Code.JAVA_ROUTE,
                                failure));
    }

    /** Camel takes a wrong letter for another one, and refuses whole files of another encoding. */
    private static void notUtf8(Report report, String file, boolean refused) {
        Finding finding =
                new Finding(file, 0, "this is no UTF-8 text, so that letters in it become others: save it as UTF-8");
        if (refused) {
            report.error(Code.YAML_SYNTAX, finding);
        } else {
            report.warning(Code.YAML_SYNTAX, finding);
        }
    }

    /** @param failures what Camel said of the file when it loaded it; told in its own words only where nothing else is */
    private static void check(Subject subject, Path path, YamlFile yaml, List<Finding> failures) {
        YamlCheck check = new YamlCheck(subject.bundle().relative(path), failures.isEmpty(), subject.report());
        for (YamlFile.Fault fault : yaml.faults()) {
            check.error(fault.duplicate() ? Code.DUPLICATE_KEY : Code.YAML_SYNTAX, fault.place(), fault.problem());
        }
        yaml.tree().ifPresent(check::file);
        if (yaml.tree().isEmpty() && yaml.faults().isEmpty()) {
            check.error(Code.NOT_LOADED, new Place(1, 1), "there is nothing in this file: write a route, or delete it");
        }
        boolean told = subject.report().problems().stream()
                .anyMatch(problem ->
                        !problem.warning() && problem.finding().file().equals(check.file));
        if (!told) {
            failures.forEach(check::failure);
        }
    }

    private void failure(Finding failure) {
        OptionCheck.missing(failure.message())
                .ifPresentOrElse(
                        message -> error(Code.MISSING_OPTION, new Place(failure.line(), failure.column()), message),
                        () -> report.error(Code.NOT_LOADED, failure));
    }

    private void file(YamlTree root) {
        if (!(root instanceof YamlTree.Items list)) {
            error(
                    Code.WRONG_TYPE,
                    root.place(),
                    "a file of routes is a list: begin each route with a dash, as in \"- route:\"");
            return;
        }
        list.items().forEach(item -> check(item, schema.entry(), "a file of routes", false));
    }

    private void check(YamlTree given, YamlSchema.Shape shape, String within, boolean steps) {
        if (given instanceof YamlTree.Entries map) {
            map(map, shape, within, steps);
        } else if (given instanceof YamlTree.Items list) {
            if (!shape.allows("array")) {
                error(Code.WRONG_TYPE, given.place(), "%s is no list: it is %s".formatted(within, kind(shape)));
                return;
            }
            boolean ofSteps = within.equals("steps");
            list.items().forEach(item -> check(item, schema.shape(shape.items()), within, ofSteps));
        } else if (given instanceof YamlTree.Text text) {
            text(text, shape, within);
        }
    }

    private void map(YamlTree.Entries map, YamlSchema.Shape shape, String within, boolean steps) {
        if (!shape.allows("object")) {
            error(Code.WRONG_TYPE, map.place(), "%s is no map: it is %s".formatted(within, kind(shape)));
            return;
        }
        for (YamlTree.Entry entry : map.entries()) {
            List<com.fasterxml.jackson.databind.JsonNode> behind = shape.keys().get(entry.key());
            if (behind != null) {
                if (shape.shorthand().contains(entry.key())
                        && !shape.keys().getOrDefault("expression", List.of()).isEmpty()) {
                    compact(entry.place(), entry.key());
                }
                check(entry.value(), schema.shape(behind), entry.key(), false);
                if (SWALLOWING.contains(entry.key())
                        && entry.value() instanceof YamlTree.Entries step
                        && step.entries().stream().noneMatch(it -> it.key().equals("steps"))) {
                    warn(
                            Code.NO_STEPS,
                            entry.place(),
                            "%s has no steps, and swallows all that follows it: put what belongs to it below its steps:"
                                    .formatted(entry.key()));
                }
            } else if (shape.closed() && !loads) {
                // What Camel takes all the same, it knows better than its schema.
                boolean step = steps || within.equals("a file of routes");
                error(
                        step ? Code.UNKNOWN_STEP : Code.UNKNOWN_KEY,
                        entry.place(),
                        step
                                ? "there is no step \"%s\"%s"
                                        .formatted(
                                                entry.key(),
                                                NearestWord.hint(
                                                        entry.key(),
                                                        shape.keys().keySet()))
                                : "%s has no \"%s\"%s"
                                        .formatted(within, entry.key(), hint(entry.key(), shape, within)));
            }
        }
        for (String needed : shape.needed()) {
            if (!NEEDED.contains(needed)) {
                continue;
            }
            boolean misspelt =
                    map.entries().stream().anyMatch(entry -> !shape.keys().containsKey(entry.key()));
            if (!misspelt
                    && map.entries().stream().noneMatch(entry -> entry.key().equals(needed))) {
                error(Code.MISSING_KEY, map.place(), "%s has no \"%s\": write it".formatted(within, needed));
            }
        }
    }

    private static String hint(String key, YamlSchema.Shape shape, String within) {
        String near = NearestWord.hint(key, shape.keys().keySet());
        return near.isEmpty() && shape.keys().containsKey("parameters")
                ? ": options of an address stand below parameters:"
                : near;
    }

    private void text(YamlTree.Text text, YamlSchema.Shape shape, String within) {
        String value = text.value();
        if (value.isEmpty() && !shape.types().isEmpty() && !shape.allows("string")) {
            error(Code.WRONG_TYPE, text.place(), "%s is empty: it is %s".formatted(within, kind(shape)));
        } else if (!shape.types().isEmpty() && !isScalar(shape)) {
            error(Code.WRONG_TYPE, text.place(), "%s is no text: it is %s".formatted(within, kind(shape)));
        } else if (!value.contains("{{") && !shape.types().isEmpty() && !shape.allows("string")) {
            if (shape.allows("boolean") && !shape.allows("number") && !value.matches("(?i)true|false")) {
                error(Code.WRONG_TYPE, text.place(), "%s: %s is neither true nor false".formatted(within, value));
            } else if (!shape.allows("boolean") && !value.matches("-?\\d+(\\.\\d+)?")) {
                error(Code.WRONG_TYPE, text.place(), "%s: %s is no number".formatted(within, value));
            }
        } else if (!shape.words().isEmpty()
                && !value.contains("{{")
                && shape.words().stream().noneMatch(value::equalsIgnoreCase)) {
            error(
                    Code.WRONG_TYPE,
                    text.place(),
                    "%s: %s is none of %s%s"
                            .formatted(
                                    within,
                                    value,
                                    String.join(", ", shape.words()),
                                    NearestWord.hint(value, shape.words())));
        } else if (shape.allows("object") && !shape.types().isEmpty() && shape.allows("string")) {
            compact(text.place(), within);
        }
    }

    private static boolean isScalar(YamlSchema.Shape shape) {
        return shape.allows("string") || shape.allows("boolean") || shape.allows("number") || shape.allows("integer");
    }

    private static String kind(YamlSchema.Shape shape) {
        return shape.allows("array")
                ? "a list, each entry with a dash"
                : shape.allows("object")
                        ? "a map of names and values"
                        : shape.allows("boolean") ? "true or false" : shape.allows("number") ? "a number" : "a text";
    }

    /** Camel warns of it once a file. */
    private void compact(Place place, String what) {
        if (!compact) {
            compact = true;
            warn(
                    Code.COMPACT_NOTATION,
                    place,
                    "%s is written in short, of which Camel warns at each start: write it in full, with expression: or with uri: and parameters:"
                            .formatted(what));
        }
    }

    private void error(Code code, Place place, String message) {
        report.error(code, new Finding(file, place.line(), place.column(), message));
    }

    private void warn(Code code, Place place, String message) {
        report.warning(code, new Finding(file, place.line(), place.column(), message));
    }
}
