package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import io.crmbridge.bundle.place.YamlFile;
import io.crmbridge.component.NearestWord;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** {@code {{name}}} in YAML routes that have neither a value nor a default. */
final class PlaceholderCheck {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");
    private static final Set<String> WORDS = Set.of("description", "note");

    private PlaceholderCheck() {}

    static void check(Subject subject) {
        Set<String> known =
                subject.context().getPropertiesComponent().loadProperties().stringPropertyNames();
        for (Path file : subject.bundle().routeFiles()) {
            subject.places().yaml(file).ifPresent(yaml -> check(subject, file, yaml, known));
        }
    }

    private static void check(Subject subject, Path file, YamlFile yaml, Set<String> known) {
        List<YamlFile.Scalar> scalars = yaml.scalars();
        Set<String> parameters = scalars.stream()
                .filter(scalar -> scalar.path().contains("routeTemplate")
                        && scalar.path().contains("parameters")
                        && scalar.key().equals("name"))
                .map(YamlFile.Scalar::text)
                .collect(Collectors.toSet());
        for (YamlFile.Scalar scalar : scalars) {
            if (WORDS.contains(scalar.key())) {
                continue;
            }
            Matcher placeholder = PLACEHOLDER.matcher(scalar.text());
            while (placeholder.find()) {
                String name = placeholder.group(1).strip();
                if (!parameters.contains(name.split(":")[0]) && !hasValue(subject.context(), placeholder.group())) {
                    Place place = scalar.at(placeholder.start());
                    String near = NearestWord.hint(name, known);
                    subject.report()
                            .error(
                                    Code.UNSET_PROPERTY,
                                    new Finding(
                                            subject.bundle().relative(file),
                                            place.line(),
                                            place.column(),
                                            "{{%s}} has no value%s"
                                                    .formatted(
                                                            name,
                                                            near.isEmpty()
                                                                    ? ": set %s in application.properties, or write {{%s:default}}"
                                                                            .formatted(name, name)
                                                                    : near)));
                }
            }
        }
    }

    private static boolean hasValue(CamelContext context, String placeholder) {
        try {
            context.resolvePropertyPlaceholders(placeholder);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
