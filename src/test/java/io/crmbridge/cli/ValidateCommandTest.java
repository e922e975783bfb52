package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code validate} as a person or an editor calls it. */
@Timeout(60)
class ValidateCommandTest {
    private static final String ROUTE = """
            - route:
                id: deals
                from:
                  uri: impactiveai:deals
                  parameters:
                    delay: 5m
                  steps:
                    - log:
                        message: a deal
            """;

    @TempDir
    private Path folder;

    private record Said(int exit, String out, String err) {}

    private Said validate(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of(folder.toString(), "--data", folder.resolve("data").toString()));
        arguments.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new ValidateCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println(failure.getMessage());
                    return ExitCodes.USAGE;
                })
                .execute(arguments.toArray(String[]::new));
        return new Said(exit, out.toString(), err.toString());
    }

    private void bundle(String properties, String route) throws IOException {
        Files.writeString(
                folder.resolve("application.properties"), "bridge.connection.default.type=impactiveai\n" + properties);
        Files.createDirectories(folder.resolve("routes"));
        Files.writeString(folder.resolve("routes/deals.yaml"), route);
    }

    @Test
    void a_correct_bundle_is_told_with_what_was_looked_at_and_no_data_folder_is_made() throws IOException {
        bundle("", ROUTE);

        assertThat(validate()).isEqualTo(new Said(0, "no findings: 2 files, 1 route\n", ""));
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void findings_are_written_as_a_compiler_writes_them() throws IOException {
        bundle("bridge.hook.erp.timeout=5s\n", ROUTE.replace("delay", "dealy"));

        Said said = validate();

        assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
        assertThat(said.out().lines())
                .containsExactly(
                        "application.properties:2:1: warning: bridge.hook.erp.* is of a hook that no route names",
                        "routes/deals.yaml:6:9: error: impactiveai: has no option \"dealy\": did you mean \"delay\"?",
                        "1 error, 1 warning in 2 files");
    }

    @Test
    void an_editor_gets_each_finding_with_its_kind() throws IOException {
        bundle("", ROUTE.replace("delay", "dealy"));

        JsonNode rows = new ObjectMapper().readTree(validate("--json").out());

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).toString())
                .isEqualTo("{\"file\":\"routes/deals.yaml\",\"line\":6,\"column\":9,\"severity\":\"error\","
                        + "\"code\":\"unknown-option\",\"message\":\"impactiveai: has no option \\\"dealy\\\": did you mean"
                        + " \\\"delay\\\"?\"}");
    }

    @Test
    void warnings_alone_are_no_failure_unless_they_shall_be() throws IOException {
        bundle("bridge.hook.erp.timeout=5s\n", ROUTE);

        assertThat(validate().exit()).isEqualTo(ExitCodes.DONE);
        assertThat(validate("--strict").exit()).isEqualTo(ExitCodes.FAILED);
        assertThat(validate("--json", "--strict").exit()).isEqualTo(ExitCodes.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--json"})
    void a_folder_without_properties_is_no_bundle(String option) {
        Said said = option.isEmpty() ? validate() : validate(option);

        assertThat(said.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(said.err()).contains("is no bundle");
    }

    @ParameterizedTest
    @CsvSource({"ISO-8859-1, warning, 0", "UTF-16, error, 1"})
    void a_file_that_is_no_utf_8_is_told_with_how_to_save_it(String charset, String severity, int exit)
            throws IOException {
        bundle("", ROUTE);
        Files.writeString(
                folder.resolve("routes/deals.yaml"), ROUTE.replace("a deal", "ein Geschäft"), Charset.forName(charset));

        Said said = validate();

        assertThat(said.exit()).isEqualTo(exit);
        assertThat(said.out())
                .contains("routes/deals.yaml: " + severity + ": this is no UTF-8 text", "save it as UTF-8");
    }

    @Test
    void records_that_cannot_be_looked_at_are_told_and_the_rest_is_checked() throws IOException {
        bundle("", ROUTE.replace("delay", "dealy"));
        Files.createDirectories(folder.resolve("data"));

        Said said = validate();

        assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
        assertThat(said.out()).contains("dealy");
        assertThat(said.err()).contains("fields are checked by the CRM's document alone");
        assertThat(folder.resolve("data")).isEmptyDirectory();
    }
}
