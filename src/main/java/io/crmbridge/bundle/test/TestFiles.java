package io.crmbridge.bundle.test;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import io.crmbridge.component.NearestWord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reads tests/*.test.yaml, with a finding for each mistake. */
final class TestFiles {
    /** A Monday. */
    private static final Instant USUAL_NOW = Instant.parse("2026-01-05T12:00:00Z");

    private static final String SUFFIX = ".test.yaml";
    private static final Pattern YAML = Pattern.compile("\\.ya?ml$");

    private static final class Schema {
        private static final JsonSchema READ = read();

        private static JsonSchema read() {
            try (InputStream text = TestFiles.class.getResourceAsStream("/io/crmbridge/bundle/test.schema.json")) {
                return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                        .getSchema(
                                text,
                                SchemaValidatorsConfig.builder()
                                        .pathType(PathType.JSON_POINTER)
                                        .locale(Locale.ENGLISH)
                                        .build());
            } catch (IOException e) {
                throw new UncheckedIOException("the schema of tests is part of the program", e);
            }
        }
    }

    private final Bundle bundle;
    private final List<Finding> findings = new ArrayList<>();

    private TestFiles(Bundle bundle) {
        this.bundle = bundle;
    }

    /**
     * @param routes ids that there are
     * @throws BundleException when a file is not as it should be; says where
     */
    static List<TestFile> read(Bundle bundle, Collection<String> routes) {
        TestFiles reading = new TestFiles(bundle);
        List<TestFile> files = new ArrayList<>();
        for (Path file : reading.files()) {
            reading.file(file, routes).ifPresent(files::add);
        }
        if (!reading.findings.isEmpty()) {
            throw new BundleException(reading.findings);
        }
        return files;
    }

    private List<Path> files() {
        if (!Files.isDirectory(bundle.tests())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(bundle.tests())) {
            List<Path> yaml = files.filter(file -> YAML.matcher(file.toString()).find())
                    .sorted()
                    .toList();
            yaml.stream()
                    .filter(file -> !file.toString().endsWith(SUFFIX))
                    .forEach(file -> findings.add(new Finding(
                            bundle.folder().relativize(file).toString(),
                            0,
                            "is not run: a file of tests has a name that ends in " + SUFFIX)));
            return yaml.stream()
                    .filter(file -> file.toString().endsWith(SUFFIX))
                    .toList();
        } catch (IOException e) {
            throw new BundleException(List.of(new Finding("tests", 0, "the folder cannot be read: " + e.getMessage())));
        }
    }

    private Optional<TestFile> file(Path file, Collection<String> routes) {
        String name = bundle.folder().relativize(file).toString();
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            findings.add(new Finding(name, 0, "cannot be read as UTF-8: " + e.getMessage()));
            return Optional.empty();
        }
        int before = findings.size();
        TestYaml yaml = TestYaml.read(name, text, findings::add);
        if (findings.size() > before) {
            return Optional.empty();
        }
        Set<ValidationMessage> wrong = Schema.READ.validate(yaml.tree());
        wrong.stream()
                .filter(message -> !isRequired(message, "failed"))
                .forEach(message -> findings.add(finding(yaml, message)));
        if (!wrong.isEmpty()) {
            return Optional.empty();
        }
        String route = yaml.tree().path("route").asText();
        if (!routes.contains(route)) {
            findings.add(
                    yaml.finding("/route", "there is no route %s%s".formatted(route, NearestWord.hint(route, routes))));
            return Optional.empty();
        }
        List<TestFile.Case> cases = new ArrayList<>();
        JsonNode tests = yaml.tree().path("tests");
        for (int i = 0; i < tests.size(); i++) {
            cases.add(test(yaml, "/tests/" + i, tests.get(i)));
        }
        return Optional.of(new TestFile(name, route, cases));
    }

    /** A test has expect or failed, and where both are missing the schema names both. */
    private static boolean isRequired(ValidationMessage message, String property) {
        return message.getType().equals("required") && property.equals(message.getProperty());
    }

    private static Finding finding(TestYaml yaml, ValidationMessage message) {
        String at = message.getInstanceLocation().toString();
        String rule = message.getMessage();
        String what = rule.startsWith(at + ": ") ? rule.substring(at.length() + 2) : rule;
        return switch (message.getType()) {
            case "required" ->
                yaml.finding(
                        at,
                        isRequired(message, "expect")
                                ? "expect is missing: write what the route must send, [] for nothing, or failed if it must fail"
                                : "%s is missing".formatted(message.getProperty()));
            case "additionalProperties", "unevaluatedProperties" ->
                yaml.finding(
                        at + "/" + message.getProperty(),
                        "%s is no word of a test here".formatted(message.getProperty()));
            default -> yaml.finding(at, what);
        };
    }

    private TestFile.Case test(TestYaml yaml, String at, JsonNode test) {
        Map<String, String> properties = new TreeMap<>();
        for (JsonNode of : List.of(yaml.tree().path("properties"), test.path("properties"))) {
            of.properties()
                    .forEach(property -> properties.put(
                            property.getKey(), property.getValue().asText()));
        }
        return new TestFile.Case(
                test.path("name").asText(),
                yaml.line(at),
                now(yaml, test.has("now") ? at + "/now" : "/now"),
                properties,
                test.path("known"),
                list(test.path("given")),
                list(test.path("answers")),
                test.has("expect") ? Optional.of(list(test.path("expect"))) : Optional.empty(),
                test.path("unordered").asBoolean(),
                text(test.path("failed")),
                text(test.path("because")));
    }

    private Instant now(TestYaml yaml, String at) {
        JsonNode now = yaml.tree().at(at);
        if (now.isMissingNode()) {
            return USUAL_NOW;
        }
        try {
            return Instant.parse(now.asText());
        } catch (DateTimeParseException e) {
            findings.add(yaml.finding(at, "now is no time: write for example 2026-03-02T09:00:00Z"));
            return USUAL_NOW;
        }
    }

    private static Optional<String> text(JsonNode node) {
        return node.isMissingNode() ? Optional.empty() : Optional.of(node.asText());
    }

    private static List<JsonNode> list(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false).toList();
    }
}
