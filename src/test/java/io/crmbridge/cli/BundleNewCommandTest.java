package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BundleNewCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private record Said(int exit, String out) {}

    private static Said run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine program = new CommandLine(new CrmBridge());
        program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));
        program.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(failure.getMessage());
            return ((CommandException) failure).exitCode();
        });
        return new Said(program.execute(arguments), out.toString());
    }

    @Test
    void it_says_what_was_made_and_what_to_do_next() {
        String made = folder.resolve("to-erp").toString();

        Said said = run("bundle", "new", "to-erp", "--from", "deal-won", "--dir", made);

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .startsWith(made + ": A deal that is won goes to the ERP's webhook")
                .contains("\n  mappings/deal-to-erp.jslt\n", "\n  routes/deal-won.yaml\n")
                .contains("\n  ERP_WEBHOOK_URL=...\n  IMPACTIVEAI_API_KEY=...\n")
                .contains("IMPACTIVEAI_BASE_URL, ERP_WEBHOOK_SECRET\n")
                .endsWith("  crm-bridge run --dev --bundle " + made + "\n");
        assertThat(Path.of(made, "routes", "deal-won.yaml")).isRegularFile();
        assertThat(run("bundle", "new", "to-erp", "--from", "deal-won", "--dir", made)
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void patterns_are_listed_for_people_and_programs() throws IOException {
        assertThat(run("bundle", "new", "--list").out())
                .startsWith("PATTERN")
                .contains("deal-won ", "A deal that is won goes to the ERP's webhook");

        JsonNode listed = JSON.readTree(run("bundle", "new", "--list", "--json").out());
        assertThat(listed).hasSizeGreaterThan(20).allSatisfy(pattern -> {
            assertThat(pattern.path("routes")).isNotEmpty();
            assertThat(pattern.path("files").toString()).contains("application.properties");
        });
    }

    @Test
    void what_is_typed_wrongly_ends_with_2() {
        assertThat(run("bundle", "new")).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.out()).contains("--list");
        });
        assertThat(run("bundle", "new", "x", "--from", "replys")).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(2);
            assertThat(said.out()).contains("did you mean \"replies\"?");
        });
    }

    @Test
    void the_schemas_are_written_where_it_is_said() {
        Said said = run("bundle", "schema", "--out", folder.resolve("schemas").toString());

        assertThat(said.exit()).isZero();
        assertThat(said.out().lines().map(Path::of))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file).isRegularFile());
    }
}
