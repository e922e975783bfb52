package io.crmbridge.bundle;

import io.crmbridge.component.NearestWord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.support.PluginHelper;

/** Options of addresses, by the catalogue that Camel and our components have of them. */
final class OptionCheck {
    private static final Pattern PARAMETER =
            Pattern.compile("\"(\\w+)\": \\{ \"index\": \\d+, \"kind\": \"parameter\"");

    private static final Pattern SYNTAX = Pattern.compile("\"syntax\": \"([^\"]+)\"");
    private static final Pattern MISSING =
            Pattern.compile("Option (\\w+) is required when creating endpoint uri with syntax (\\S+)");

    private final Report report;
    private final RuntimeCamelCatalog catalog;
    private final Set<String> durationsOfTheirOwn;
    private final Map<String, Set<String>> names = new HashMap<>();

    /** @param durationsOfTheirOwn components that check durations themselves, and know milliseconds too */
    OptionCheck(Subject subject, Set<String> durationsOfTheirOwn) {
        this.report = subject.report();
        this.catalog = PluginHelper.getRuntimeCamelCatalog(subject.context());
        this.durationsOfTheirOwn = durationsOfTheirOwn;
    }

    /** Whether nothing is wrong. */
    boolean check(Use use) {
        if (catalog.componentJSonSchema(use.scheme()) == null) {
            // A component of the bundle's own lib/ that says nothing of its options; Camel checks them at the start.
            return true;
        }
        if (!use.base().contains(":")) {
            String syntax = SYNTAX.matcher(String.valueOf(catalog.componentJSonSchema(use.scheme())))
                    .results()
                    .findFirst()
                    .map(found -> found.group(1))
                    .orElse(use.scheme() + ":name");
            report.error(
                    Code.MISSING_OPTION,
                    use.finding("%s: lacks what stands behind its colon: write %s".formatted(use.scheme(), syntax)));
            return false;
        }
        EndpointValidationResult result;
        try {
            // The catalogue's own reading of a query knows no RAW(value).
            Map<String, String> options = new HashMap<>(catalog.endpointProperties(use.base()));
            options.putAll(use.options());
            result = catalog.validateProperties(use.scheme(), options);
        } catch (Exception e) {
            Optional<String> missing = missing(e.getMessage());
            report.error(
                    missing.isPresent() ? Code.MISSING_OPTION : Code.WRONG_OPTION,
                    use.finding(missing.orElse("%s: %s".formatted(use.base(), e.getMessage()))));
            return false;
        }
        if (result.getUnknown() != null) {
            for (String option : result.getUnknown()) {
                if (!option.matches("[\\w.-]+")) {
                    report.error(
                            Code.WRONG_OPTION,
                            use.finding("%s: an option's value is cut in two at its &: write the value as RAW(value)"
                                    .formatted(use.base())));
                    return false;
                }
                report.error(
                        Code.UNKNOWN_OPTION,
                        use.atOption(
                                option,
                                "%s has no option \"%s\"%s"
                                        .formatted(
                                                use.scheme() + ":",
                                                option,
                                                NearestWord.hint(option, names(use.scheme())))));
            }
        }
        if (result.getRequired() != null) {
            result.getRequired()
                    .forEach(option -> report.error(
                            Code.MISSING_OPTION,
                            use.finding("%s needs the option %s".formatted(use.scheme() + ":", option))));
        }
        wrong(Code.UNKNOWN_WORD, use, result, result.getInvalidEnum(), option -> {
            List<?> choices = result.getEnumChoices(option);
            List<String> words = choices == null
                    ? List.of()
                    : choices.stream().map(String::valueOf).toList();
            return " is none of %s".formatted(String.join(", ", words));
        });
        wrong(Code.WRONG_OPTION, use, result, result.getInvalidInteger(), option -> " is no whole number");
        wrong(Code.WRONG_OPTION, use, result, result.getInvalidNumber(), option -> " is no number");
        wrong(Code.WRONG_OPTION, use, result, result.getInvalidBoolean(), option -> " is neither true nor false");
        boolean durations = !durationsOfTheirOwn.contains(use.scheme());
        if (durations) {
            wrong(
                    Code.WRONG_OPTION,
                    use,
                    result,
                    result.getInvalidDuration(),
                    option -> " is no duration: write for example 30s, 5m or 1h");
        }
        return durations && result.isSuccess() || !durations && isSoundButForDurations(result);
    }

    /** Camel's word for an address that lacks a part, as a sentence; empty where it says something else. */
    static Optional<String> missing(String said) {
        Matcher option = MISSING.matcher(String.valueOf(said));
        return option.find()
                ? Optional.of("%s: needs its %s: write %s"
                        .formatted(Uris.scheme(option.group(2)), option.group(1), option.group(2)))
                : Optional.empty();
    }

    private static boolean isSoundButForDurations(EndpointValidationResult result) {
        List<Object> wrong = new ArrayList<>();
        for (Object found : new Object[] {
            result.getUnknown(),
            result.getRequired(),
            result.getInvalidEnum(),
            result.getInvalidInteger(),
            result.getInvalidNumber(),
            result.getInvalidBoolean()
        }) {
            if (found != null) {
                wrong.add(found);
            }
        }
        return wrong.isEmpty();
    }

    private void wrong(
            Code code, Use use, EndpointValidationResult result, Map<?, ?> invalid, UnaryOperator<String> what) {
        if (invalid == null) {
            return;
        }
        invalid.forEach((option, value) -> {
            List<?> choices = result.getEnumChoices(option.toString());
            String hint = choices == null
                    ? ""
                    : NearestWord.hint(
                            String.valueOf(value),
                            choices.stream().map(String::valueOf).toList());
            report.error(
                    code,
                    use.atValue(
                            option.toString(),
                            "%s=%s%s%s".formatted(option, value, what.apply(option.toString()), hint)));
        });
    }

    private Set<String> names(String scheme) {
        return names.computeIfAbsent(scheme, name -> {
            Set<String> found = new TreeSet<>();
            String schema = catalog.componentJSonSchema(name);
            if (schema != null) {
                Matcher parameter = PARAMETER.matcher(schema);
                while (parameter.find()) {
                    found.add(parameter.group(1));
                }
            }
            return found;
        });
    }
}
