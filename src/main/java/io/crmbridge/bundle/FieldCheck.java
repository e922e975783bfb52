package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import io.crmbridge.component.CrmConstants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;

/** Collects the fields that expressions, options and mappings look for in the records of a feed. */
final class FieldCheck {
    private static final Pattern OF_BODY =
            Pattern.compile("\\bbody(?:\\??\\.([A-Za-z_]\\w*)(?![\\w(])|\\[['\"]?([A-Za-z_]\\w*)['\"]?])");
    private static final Pattern OF_PREVIOUS = Pattern.compile(
            "\\b" + CrmConstants.PREVIOUS + "(?:\\??\\.([A-Za-z_]\\w*)(?![\\w(])|\\[['\"]?([A-Za-z_]\\w*)['\"]?])");
    /** What a simple expression asks a map or a list itself. */
    private static final Set<String> OF_A_MAP =
            Set.of("size", "isEmpty", "empty", "keySet", "values", "entrySet", "length", "class", "toString");

    private final Subject subject;

    private FieldCheck(Subject subject) {
        this.subject = subject;
    }

    static void collect(Subject subject) {
        FieldCheck check = new FieldCheck(subject);
        for (Use use : subject.uses()) {
            check.own(use);
        }
        for (RouteDefinition route : subject.routes().keySet()) {
            Optional<RecordFlow.Origin> source =
                    RecordFlow.source(subject, route).filter(origin -> !origin.list());
            RecordFlow.follow(subject, route, (step, body) -> check.step(route, step, body, source));
        }
    }

    /** Options that are about the records of the address itself. */
    private void own(Use use) {
        RecordFlow.origin(use).ifPresent(origin -> {
            for (String option : List.of("once", "fields")) {
                names(use, option, origin);
            }
            use.option("where")
                    .ifPresent(
                            where -> inSimple(OF_BODY, where, origin, (name, at) -> use.atWord("where", name, name)));
        });
    }

    private void names(Use use, String option, RecordFlow.Origin origin) {
        use.option(option).ifPresent(listed -> {
            for (String name : listed.split(",")) {
                String field = name.strip().split("[.\\[]")[0];
                if (!field.isEmpty()) {
                    found(origin, use.atWord(option, field, field));
                }
            }
        });
    }

    private void step(
            RouteDefinition route,
            ProcessorDefinition<?> step,
            Optional<RecordFlow.Origin> body,
            Optional<RecordFlow.Origin> source) {
        Path file = subject.routes().get(route);
        Optional<RecordFlow.Origin> record = body.filter(origin -> !origin.list());
        for (Expressions.Expr expression : Expressions.of(step)) {
            if (expression.language().equals("simple")) {
                Found place = (name, at) -> subject.places()
                        .finding(
                                file,
                                expression.line(),
                                scope -> scope.text(expression.text()).right(at),
                                name);
                record.ifPresent(origin -> inSimple(OF_BODY, expression.text(), origin, place));
                source.ifPresent(origin -> inSimple(OF_PREVIOUS, expression.text(), origin, place));
            }
        }
        subject.usesOf(route).stream()
                .filter(use -> use.step().filter(it -> it == step).isPresent())
                .forEach(use -> {
                    if (use.is("export")) {
                        body.ifPresent(origin -> names(use, "columns", origin));
                    } else if (use.is("inbox")) {
                        use.option("key")
                                .ifPresent(key -> record.ifPresent(origin ->
                                        inSimple(OF_BODY, key, origin, (name, at) -> use.atWord("key", name, name))));
                    } else if (use.is("map")) {
                        mapping(use.name(), record, source);
                    }
                });
    }

    private void mapping(String name, Optional<RecordFlow.Origin> record, Optional<RecordFlow.Origin> source) {
        Path file = subject.bundle().mappings().resolve(name + ".jslt");
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            String text = Files.readString(file);
            Found place = (field, at) -> {
                Place stands = Place.in(text, at);
                return new Finding(subject.bundle().relative(file), stands.line(), stands.column(), field);
            };
            record.ifPresent(origin ->
                    JsltFields.of(text).forEach(field -> found(origin, place.at(field.name(), field.offset()))));
            source.ifPresent(origin -> inSimple(OF_PREVIOUS, text, origin, place));
        } catch (IOException e) {
            // Who compiles it tells it.
            return;
        }
    }

    private interface Found {
        Finding at(String name, int offset);
    }

    private void inSimple(Pattern pattern, String text, RecordFlow.Origin origin, Found place) {
        Matcher field = pattern.matcher(text);
        while (field.find()) {
            int group = field.group(1) == null ? 2 : 1;
            if (group == 2 || !OF_A_MAP.contains(field.group(1))) {
                found(origin, place.at(field.group(group), field.start(group)));
            }
        }
    }

    private void found(RecordFlow.Origin origin, Finding at) {
        subject.report().field(new FieldUse(origin.type(), origin.connection(), origin.feed(), at));
    }
}
