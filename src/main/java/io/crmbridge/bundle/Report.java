package io.crmbridge.bundle;

import io.crmbridge.bundle.place.Place;
import io.crmbridge.bundle.place.PropertiesFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is found out about one bundle, each thing once, with its kind. Not thread-safe. */
final class Report {
    static final String PROPERTIES = "application.properties";

    private static final Pattern KEY = Pattern.compile("[A-Za-z][\\w<>-]*(?:\\.[\\w<>-]+)+");
    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(
                    (Problem problem) -> problem.finding().file())
            .thenComparing(problem -> problem.finding().line())
            .thenComparing(problem -> problem.finding().column());

    private final Bundle bundle;
    private final Map<Finding, Problem> problems = new LinkedHashMap<>();
    private final List<FieldUse> fields = new ArrayList<>();
    private PropertiesFile properties;

    Report(Bundle bundle) {
        this.bundle = bundle;
    }

    void error(Code code, Finding finding) {
        add(code, false, finding);
    }

    void warning(Code code, Finding finding) {
        add(code, true, finding);
    }

    private void add(Code code, boolean warning, Finding finding) {
        Finding placed = placed(finding);
        problems.putIfAbsent(placed, new Problem(code, warning, placed));
    }

    /** About a key of application.properties. */
    void property(Code code, boolean warning, String key, String message) {
        Place place = properties().place(key);
        add(code, warning, new Finding(PROPERTIES, place.line(), place.column(), message));
    }

    /** What a configuration is refused for, each with the place of the key that it names. */
    BundleException refused(Code code, BundleException cause) {
        cause.findings().forEach(finding -> error(code, finding));
        return new BundleException(cause.findings().stream().map(this::placed).toList());
    }

    private Finding placed(Finding finding) {
        if (!finding.file().equals(PROPERTIES) || finding.line() > 0) {
            return finding;
        }
        Matcher key = KEY.matcher(finding.message());
        while (key.find()) {
            Place place = nearest(key.group());
            if (place.line() > 0) {
                return new Finding(PROPERTIES, place.line(), place.column(), finding.message());
            }
        }
        return finding;
    }

    /** Of a key that is not there its siblings', as of a connection without an api-key. */
    private Place nearest(String key) {
        Place place = properties().place(key);
        String within = key.substring(0, key.lastIndexOf('.'));
        return place.line() == 0 && within.matches("bridge\\.[\\w-]+\\.[\\w-]+")
                ? properties().place(within)
                : place;
    }

    PropertiesFile properties() {
        if (properties == null) {
            try {
                properties = PropertiesFile.of(Files.readString(bundle.properties()));
            } catch (IOException e) {
                // Who reads the values tells it; here it is about places alone.
                properties = PropertiesFile.of("");
            }
        }
        return properties;
    }

    void field(FieldUse use) {
        fields.add(use);
    }

    /** Fields that routes, mappings and templates look for in a feed's records. */
    List<FieldUse> fields() {
        return fields;
    }

    List<Finding> findings() {
        return problems().stream()
                .filter(problem -> !problem.warning())
                .map(Problem::finding)
                .toList();
    }

    List<Finding> warnings() {
        return problems().stream()
                // Camel itself warns of compact notation when it starts.
                .filter(problem -> problem.warning() && problem.code() != Code.COMPACT_NOTATION)
                .map(Problem::finding)
                .toList();
    }

    /** In the order of files and lines. */
    List<Problem> problems() {
        return problems.values().stream().sorted(BY_PLACE).toList();
    }
}
