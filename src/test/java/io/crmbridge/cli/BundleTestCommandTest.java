package io.crmbridge.cli;

import static io.crmbridge.cli.Said.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class BundleTestCommandTest {
    private static final String ONE = """
            route: deals
            tests:
              - name: a deal goes on
                given: [ { record: { id: d1, name: A & B } } ]
                expect: [ { to: "hook:first", body: { id: d1, name: "%s" } } ]
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void begin() throws IOException {
        Files.createDirectories(folder.resolve("routes"));
        Files.createDirectories(folder.resolve("tests"));
        Files.writeString(folder.resolve("application.properties"), """
                bridge.connection.default.type=impactiveai
                bridge.hook.first.url=https://hook.example.com/
                """);
        Files.writeString(folder.resolve("routes/route.yaml"), """
                - route: { id: deals, from: { uri: "impactiveai:deals", steps: [ { to: { uri: "hook:first" } } ] } }
                - route: { id: contacts, from: { uri: "impactiveai:contacts", steps: [ { to: { uri: "hook:first" } } ] } }
                """);
    }

    private void tests(String name) throws IOException {
        Files.writeString(folder.resolve("tests/deals.test.yaml"), ONE.formatted(name));
    }

    @Test
    void what_passes_is_summed_up_and_a_route_without_a_test_is_told() throws IOException {
        tests("A & B");

        Said said = run("bundle", "test", folder.toString());

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .contains("without a test: contacts")
                .containsPattern("1 tests?, 1 passed, in \\d+\\.\\d s");
        assertThat(said.err()).isEmpty();
    }

    @Test
    void what_fails_is_shown_with_its_place_and_reported_as_junit_does() throws Exception {
        tests("A & C");
        Path report = folder.resolve("reports/junit.xml");

        Said said = run("test", folder.toString(), "--report", report.toString());

        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.out())
                .contains("FAILED  tests/deals.test.yaml:3  deals: a deal goes on")
                .contains("    hook:first, body.name", "      - A & C", "      + A & B")
                .contains("1 failed");
        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("name")).isEqualTo("tests/deals.test.yaml");
        assertThat(suite.getAttribute("tests")).isEqualTo("1");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getElementsByTagName("failure").item(0).getTextContent())
                .contains("+ A & B");
    }

    @Test
    void json_has_each_test() throws IOException {
        tests("A & C");

        Said said = run("test", folder.toString(), "--json");

        JsonNode json = new ObjectMapper().readTree(said.out());
        assertThat(said.exit()).isEqualTo(1);
        assertThat(json.path("failed").asInt()).isEqualTo(1);
        assertThat(json.path("untested").get(0).asText()).isEqualTo("contacts");
        assertThat(json.path("tests").get(0).path("differences").get(0).asText())
                .isEqualTo("hook:first, body.name");
    }

    @Test
    void a_broken_file_a_bundle_without_tests_and_a_word_that_fits_none_are_told() throws IOException {
        Said none = run("test", folder.toString());
        assertThat(none.exit()).isZero();
        assertThat(none.out()).contains("there are no tests: write tests/NAME.test.yaml");

        Files.writeString(folder.resolve("tests/deals.test.yaml"), "route: deals\n");
        Said broken = run("test", folder.toString());
        assertThat(broken.exit()).isEqualTo(2);
        assertThat(broken.err()).contains("tests/deals.test.yaml").contains("tests is missing");

        tests("A & B");
        Said other = run("test", folder.toString(), "--only", "deal-s");
        assertThat(other.exit()).isEqualTo(2);
        assertThat(other.err()).contains("did you mean \"deals\"");
    }
}
