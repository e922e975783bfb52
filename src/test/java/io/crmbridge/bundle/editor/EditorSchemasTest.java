package io.crmbridge.bundle.editor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Validates with what an editor's YAML extension validates with: the schema. */
class EditorSchemasTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROUTE = """
            - route:
                id: r
                from:
                  uri: impactiveai:deals
                  parameters:
                    delay: 5m
                    startFrom: now
                    parallel: 4
                    retry.attempts: 3
                  steps:
                    - filter:
                        expression:
                          simple:
                            expression: "${body[stageName]} == 'Won'"
                        steps:
                          - to:
                              uri: impactiveai:contacts
                              parameters:
                                operation: upsert
                                onMatch: keep
                                limit: "{{limit}}"
                    - to:
                        uri: hook:erp
                    - to:
                        uri: file:out
                        parameters:
                          fileName: whatever Camel takes
            """;

    private static JsonSchema routes;
    private static JsonSchema leads;

    @BeforeAll
    static void read() {
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);
        routes = factory.getSchema(EditorSchemas.all().get(EditorSchemas.ROUTES));
        leads = factory.getSchema(EditorSchemas.all().get(EditorSchemas.LEADS));
    }

    private static Set<ValidationMessage> underlined(JsonSchema schema, String yaml) {
        JsonNode read = JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
        return schema.validate(read);
    }

    static Stream<Path> shipped() throws IOException {
        return Files.list(Path.of("routes")).sorted();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void every_shipped_route_passes(Path file) throws IOException {
        assertThat(underlined(routes, Files.readString(file))).isEmpty();
    }

    @Test
    void placeholders_and_the_options_of_camels_own_components_pass() {
        assertThat(underlined(routes, ROUTE)).isEmpty();
        assertThat(underlined(routes, ROUTE.replace("5m", "\"{{poll.delay}}\"")))
                .isEmpty();
        assertThat(underlined(routes, ROUTE.replace("impactiveai:deals", "\"impactiveai:{{feed}}\"")))
                .isEmpty();
        assertThat(underlined(routes, ROUTE.replace("startFrom: now", "startFrom: \"{{where}}\"")))
                .isEmpty();
    }

    @Test
    void an_address_that_is_made_for_each_change_passes() {
        String dynamic = """
                - route:
                    from:
                      uri: direct:any
                      steps:
                        - toD:
                            uri: "impactiveai:${header.resource}"
                            parameters:
                              operation: "${header.operation}"
                              limit: "${header.limit}"
                """;

        assertThat(underlined(routes, dynamic)).isEmpty();
        assertThat(underlined(routes, dynamic.replace("limit:", "limits:"))).isNotEmpty();
    }

    static Stream<Path> documents() throws IOException {
        return Stream.concat(
                Stream.of(Path.of("README.md")), Files.list(Path.of("docs")).sorted());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_route_that_a_document_shows_passes(Path document) throws IOException {
        Matcher sample = Pattern.compile("(?s)```yaml\n(- .*?)```").matcher(Files.readString(document));
        while (sample.find()) {
            assertThat(underlined(routes, sample.group(1))).as(sample.group(1)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            delay: 5m             | dely: 5m                 | dely
            startFrom: now        | startFrom: start         | startFrom
            parallel: 4           | parallel: four           | parallel
            delay: 5m             | delay: soon              | delay
            delay: 5m             | operation: list          | operation
            operation: upsert     | operation: upset         | operation
            onMatch: keep         | startFrom: now           | startFrom
            impactiveai:deals     | impactiveai:dealz        | uri
            - filter:             | - filtre:                | filtre
            id: r                 | idd: r                   | idd
            uri: hook:erp         | url: hook:erp            | url
            retry.attempts: 3     | retries.attempts: 3      | retries.attempts
            """)
    void a_mistake_is_underlined_where_it_is(String right, String wrong, String at) {
        assertThat(ROUTE).contains(right);

        assertThat(underlined(routes, ROUTE.replace(right, wrong)))
                .isNotEmpty()
                .anyMatch(message -> message.toString().contains(at));
    }

    @Test
    void every_component_of_the_bridge_is_known_to_the_schema() throws IOException {
        try (Stream<Path> components = Files.list(Path.of("target/classes/META-INF/io/crmbridge/component"))) {
            assertThat(RoutesSchema.SCHEMES)
                    .containsExactlyInAnyOrderElementsOf(components
                            .map(folder -> folder.getFileName().toString())
                            .toList());
        }
    }

    @Test
    void an_option_is_explained_and_has_its_default() {
        JsonNode options = EditorSchemas.all()
                .get(EditorSchemas.ROUTES)
                .at("/items/definitions/io.crmbridge.impactiveai.target/properties");

        assertThat(options.at("/onMatch/default").asText()).isEqualTo("update");
        assertThat(options.at("/onMatch/anyOf/0/enum")).hasSize(2);
        assertThat(options.properties())
                .allSatisfy(option -> assertThat(
                                option.getValue().path("description").asText())
                        .isNotBlank());
    }

    @Test
    void files_of_leads_pass_and_their_mistakes_are_underlined() throws IOException {
        for (String file : List.of("web", "forms")) {
            assertThat(underlined(leads, Files.readString(Path.of("leads", file + ".yaml"))))
                    .isEmpty();
        }
        assertThat(underlined(leads, "regoin: US\n")).isNotEmpty();
        assertThat(underlined(leads, "consent: yes\n")).isNotEmpty();
        assertThat(underlined(leads, "fields: { mail: e }\n")).isNotEmpty();
        assertThat(underlined(leads, "sequences: [ { when: { source: x } } ]\n"))
                .isNotEmpty();
    }
}
