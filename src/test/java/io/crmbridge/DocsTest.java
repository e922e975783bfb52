package io.crmbridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.BridgeKeys;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.CatalogueEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of docs/ are made from the code. */
class DocsTest {
    private static final String BEGIN = "<!-- made by DocsTest: begin -->\n";
    private static final String END = "<!-- made by DocsTest: end -->\n";
    private static final Pattern MADE_FROM =
            Pattern.compile("(?s)(<!-- made by DocsTest from (\\S+): begin -->\n).*?" + Pattern.quote(END));
    private static final ObjectMapper JSON = new ObjectMapper();

    private static void assertMade(String file, String made) throws IOException {
        Path path = Path.of(file);
        String text = Files.readString(path);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(end).as("the marks in %s", file).isGreaterThanOrEqualTo(begin);
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(path, text.substring(0, begin) + made + text.substring(end));
            return;
        }
        assertThat(text.substring(begin, end))
                .as("%s is stale: run mvn -Dtest=DocsTest -Dupdate.docs=true test, and commit it", file)
                .isEqualTo(made);
    }

    @Test
    void the_table_of_keys_is_that_of_the_program() throws IOException {
        StringBuilder table = new StringBuilder("\n| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
        for (BridgeKeys.Key key : BridgeKeys.ALL) {
            row(
                    table,
                    code(key.name()),
                    key.kind(),
                    key.usual().isEmpty() ? "" : code(key.usual()),
                    text(key.meaning()));
        }
        assertMade("docs/configuration.md", table.append('\n').toString());
    }

    @Test
    void the_table_of_operations_is_that_of_the_connector() throws IOException {
        StringBuilder table = new StringBuilder(
                "\n| Resource | Operation | Call | Needs | Done | The API document says |\n|---|---|---|---|---|---|\n");
        for (Operation operation : Operations.ALL) {
            row(
                    table,
                    code(operation.resource()),
                    code(operation.name()),
                    code(operation.verb() + " " + operation.path()),
                    String.join(", ", operation.needs()),
                    done(operation),
                    text(operation.source()));
        }
        assertMade("docs/operations.md", table.append('\n').toString());
    }

    @Test
    void the_table_of_intellivizz_is_that_of_the_standard_catalogue() throws IOException {
        Catalogue standard = Catalogue.standard();
        StringBuilder table = new StringBuilder(
                "\n| Resource | Source | Operation | Call | Needs | Done | Scope | Known |\n|---|---|---|---|---|---|---|---|\n");
        for (String resource : standard.resources()) {
            String source = standard.feed(resource)
                    .map(feed -> switch (feed.reading()) {
                        case KEYSET -> "in the order of changes";
                        case WINDOW -> "between two times";
                        case ALL -> "the whole list";
                    })
                    .orElse("no");
            for (CatalogueEntry entry : standard.operations(resource)) {
                Operation operation = entry.operation();
                row(
                        table,
                        code(resource),
                        source,
                        code(operation.name()),
                        code(operation.verb() + " " + operation.path()),
                        String.join(", ", operation.needs()),
                        done(operation),
                        entry.scope().map(DocsTest::code).orElse("") + (entry.agency() ? " and an agency's key" : ""),
                        switch (entry.origin()) {
                            case ASSUMED -> "assumed";
                            case UNKNOWN -> "unknown";
                            case COLLECTION -> "collection";
                        });
            }
            if (standard.feed(resource).isPresent()) {
                row(table, code(resource), source, code("snapshot"), "", "", "reads the mirror", "", "");
            }
        }
        assertMade("docs/intellivizz.md", table.append('\n').toString());
    }

    @Test
    void the_sample_of_a_catalogue_can_be_read(@TempDir Path folder) throws IOException {
        Matcher sample = Pattern.compile("(?s)```text\n(resources:.*?)```")
                .matcher(Files.readString(Path.of("docs/intellivizz.md")));
        assertThat(sample.find()).isTrue();

        Catalogue read = Catalogue.read(Files.writeString(folder.resolve("own.yaml"), sample.group(1)));

        assertThat(read.find("members", "list").orElseThrow().operation().path())
                .isEqualTo("/v2/members")
                .isNotEqualTo(Catalogue.standard()
                        .find("members", "list")
                        .orElseThrow()
                        .operation()
                        .path());
    }

    private static String done(Operation operation) {
        return switch (operation.kind()) {
            case READ -> "reads";
            case REPEATABLE -> "repeatable";
            case ONCE -> "once";
        };
    }

    @Test
    void the_tables_of_options_are_those_of_the_components() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name :
                List.of("impactiveai", "intellivizz", "lead", "map", "template", "export", "hook", "inbox", "events")) {
            JsonNode catalogue = catalogue(name);
            JsonNode component = catalogue.get("component");
            text.append("\n## ").append(code(component.get("syntax").asText())).append("\n\n");
            text.append(component.get("description").asText()).append("\n\n");
            text.append("| Option | Where | Value | Default | Meaning |\n|---|---|---|---|---|\n");
            for (Map.Entry<String, JsonNode> option :
                    catalogue.get("properties").properties()) {
                JsonNode is = option.getValue();
                if (!ours(is)) {
                    continue;
                }
                String prefix = is.path("prefix").asText();
                row(
                        text,
                        code(prefix.isEmpty() ? option.getKey() : prefix + "*"),
                        is.get("kind").asText().equals("path")
                                ? "in the URI"
                                : is.path("group").asText("").equals("common")
                                        ? ""
                                        : is.path("group").asText(),
                        value(is),
                        is.path("defaultValue").isMissingNode()
                                ? ""
                                : code(is.get("defaultValue").asText()),
                        text(is.get("description").asText())
                                + (is.path("required").asBoolean() ? " (required)" : ""));
            }
        }
        assertMade("docs/components.md", text.append('\n').toString());
    }

    /** Options that every Camel endpoint has are in Camel's own documentation. */
    private static boolean ours(JsonNode option) {
        return !option.path("label").asText().contains("advanced")
                && !List.of("lazyStartProducer", "bridgeErrorHandler")
                        .contains(option.path("name").asText());
    }

    private static String value(JsonNode option) {
        if (option.has("enum")) {
            StringBuilder words = new StringBuilder();
            option.get("enum")
                    .forEach(word -> words.append(words.isEmpty() ? "" : ", ").append(word.asText()));
            return words.toString();
        }
        return switch (option.get("type").asText()) {
            case "duration" -> "duration";
            case "integer" -> "number";
            case "boolean" -> "true, false";
            default -> option.path("multiValue").asBoolean() ? "several" : "text";
        };
    }

    @Test
    void routes_in_java_are_shown_as_they_are_beside_those_in_yaml() throws IOException {
        Path path = Path.of("docs/java.md");
        String text = Files.readString(path);
        Map<String, String> blocks = blocksInJava();
        Set<String> shown = new TreeSet<>();
        String made = MADE_FROM.matcher(text).replaceAll(section -> {
            try {
                String code = section.group(2).endsWith(".java")
                        ? fence("java", Files.readString(Path.of(section.group(2))))
                        : pair(Path.of(section.group(2)), blocks, shown);
                return Matcher.quoteReplacement(section.group(1) + code + END);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThat(shown).as("each route in Java has its place in %s", path).isEqualTo(blocks.keySet());
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(path, made);
            return;
        }
        assertThat(text)
                .as("%s is stale: run mvn -Dtest=DocsTest -Dupdate.docs=true test, and commit it", path)
                .isEqualTo(made);
    }

    @Test
    void the_readme_shows_one_of_the_routes_in_java() throws IOException {
        Matcher sample = Pattern.compile("(?s)```java\n.*?```\n").matcher(Files.readString(Path.of("README.md")));

        assertThat(sample.results().map(MatchResult::group))
                .isNotEmpty()
                .allSatisfy(shown -> assertThat(blocksInJava().values())
                        .map(block -> fence("java", block))
                        .contains(shown));
    }

    /** Each paragraph of the shipped classes' configure(), with the class it is of. */
    private static Map<String, String> blocksInJava() throws IOException {
        Map<String, String> blocks = new TreeMap<>();
        for (String name : ShippedRoutesTest.inJava()) {
            String source = Files.readString(Path.of("src/main/java", name.replace('.', '/') + ".java"));
            String configure = source.substring(
                    source.indexOf("configure() {\n") + "configure() {\n".length(), source.lastIndexOf("    }\n"));
            for (String block : configure.split("\n\n")) {
                Matcher id =
                        Pattern.compile("\\.routeId\\(\"([\\w-]+)-in-java\"\\)").matcher(block);
                assertThat(id.find()).as("an id in %s", block).isTrue();
                blocks.put(id.group(1), block.stripTrailing().stripIndent() + "\n");
            }
        }
        return blocks;
    }

    /** A file of routes, and below it the block in Java that has the id of its first route. */
    private static String pair(Path yaml, Map<String, String> blocks, Set<String> shown) throws IOException {
        String text = Files.readString(yaml);
        Matcher id = Pattern.compile("(?m)(?:^- route:\n    id: |routeId: )([\\w-]+)")
                .matcher(text);
        assertThat(id.find()).as("an id in %s", yaml).isTrue();
        assertThat(blocks).containsKey(id.group(1));
        assertThat(shown.add(id.group(1))).as("%s is shown once", id.group(1)).isTrue();
        return fence("yaml", text) + "\n" + fence("java", blocks.get(id.group(1)));
    }

    private static String fence(String language, String code) {
        return "```" + language + "\n" + code + "```\n";
    }

    private static JsonNode catalogue(String name) throws IOException {
        try (InputStream file = DocsTest.class.getResourceAsStream(
                "/META-INF/io/crmbridge/component/%s/%s.json".formatted(name, name))) {
            return JSON.readTree(file);
        }
    }

    private static String text(String text) {
        return text.replace("<", "&lt;");
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static void row(StringBuilder table, String... cells) {
        table.append("|");
        for (String cell : cells) {
            table.append(' ').append(cell.replace("|", "\\|")).append(cell.isEmpty() ? "|" : " |");
        }
        table.append('\n');
    }
}
