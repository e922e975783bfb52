package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.crm.intellivizz.Catalogue;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** catalogue list, catalogue import. */
class CatalogueCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private record Said(int exit, String out, String err) {
        JsonNode json() throws IOException {
            return JSON.readTree(out);
        }
    }

    private static Said run(String... arguments) {
        String[] line =
                Stream.concat(Stream.of("catalogue"), Stream.of(arguments)).toArray(String[]::new);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new CrmBridge())
                // As on standard output: what is not flushed at the end is never seen.
                .setOut(new PrintWriter(new BufferedWriter(out), true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((failure, failed, parsed) -> {
                    failed.getErr().println(failure.getMessage());
                    return failure instanceof CommandException known ? known.exitCode() : -1;
                });
        return new Said(command.execute(line), out.toString(), err.toString());
    }

    private static String collection(String name) {
        return "src/test/resources/io/crmbridge/crm/intellivizz/" + name + ".postman_collection.json";
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void the_operations_are_listed_with_their_origin() throws IOException {
        Said table = run("list");
        assertThat(table.exit()).isEqualTo(ExitCodes.DONE);
        assertThat(table.out().lines().toList())
                .hasSize(Catalogue.standard().all().size() + 1)
                .anySatisfy(line ->
                        assertThat(line).matches("contacts +get +GET /contacts/\\{id} +contacts\\.read +assumed"))
                .anySatisfy(line -> assertThat(line)
                        .matches("members +list +GET /memberships/members +memberships\\.read +unknown"));

        JsonNode json = run("list", "--resource", "locations", "--json").json();
        assertThat(json).hasSize(2);
        assertThat(json.get(1).get("call").asText()).isEqualTo("GET /locations/search");
        assertThat(json.get(1).get("agency").asBoolean()).isTrue();
        assertThat(json.get(1).get("origin").asText()).isEqualTo("assumed");
    }

    @Test
    void the_catalogue_of_a_connection_is_listed_and_a_wrong_name_is_told_with_the_nearest() throws IOException {
        Files.writeString(folder.resolve("application.properties"), """
                bridge.connection.mine.type=intellivizz
                bridge.connection.mine.api-key=k
                bridge.connection.mine.location-id=l
                bridge.connection.mine.catalogue=own.yaml
                """);
        Files.writeString(folder.resolve("own.yaml"), """
                resources: { contacts: { operations: { get: { call: "GET /people/{id}" } } } }
                """);

        Said listed = run("list", "--bundle", folder.toString(), "--connection", "mine", "--resource", "contacts");
        assertThat(listed.exit()).isEqualTo(ExitCodes.DONE);
        assertThat(listed.out()).containsPattern("get +GET /people/\\{id} +contacts\\.read +collection");

        Said wrong = run("list", "--bundle", folder.toString(), "--connection", "mien");
        assertThat(wrong.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(wrong.err()).contains("no connection \"mien\" of type intellivizz: did you mean \"mine\"?");
    }

    @Test
    void a_catalogue_of_ones_own_is_listed_and_its_mistakes_are_told() throws IOException {
        Files.writeString(folder.resolve("mine.yaml"), """
                resources: { contacts: { operations: { get: { call: "GET /people/{id}", note: As told. } } } }
                """);
        JsonNode get = run("list", "--resource", "contacts", "--catalogue", file("mine.yaml"), "--json")
                .json()
                .get(1);
        assertThat(get.get("call").asText()).isEqualTo("GET /people/{id}");
        assertThat(get.get("origin").asText()).isEqualTo("collection");
        assertThat(get.get("note").asText()).isEqualTo("As told.");

        Files.writeString(folder.resolve("mine.yaml"), "resurces: {}\n");
        Said wrong = run("list", "--catalogue", file("mine.yaml"));
        assertThat(wrong.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(wrong.err()).contains("mine.yaml, line 1: a catalogue has no \"resurces\"");
    }

    @Test
    void a_resource_that_does_not_exist_is_told_with_the_nearest() {
        Said said = run("list", "--resource", "contact");

        assertThat(said.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(said.err())
                .contains("no resource \"contact\": did you mean \"contacts\"?; there are contacts, tags");
    }

    @Test
    void an_import_writes_a_catalogue_and_tells_what_it_did() {
        Said said = run("import", "--postman", collection("flat"), "--out", file("catalogues/mine.yaml"));

        assertThat(said.exit()).isEqualTo(ExitCodes.DONE);
        assertThat(said.out())
                .contains("Intellivizz API: 13 requests, 12 operations changed, 0 as assumed")
                .contains("contacts get: \"Get Contact\", GET /v2/contacts/{contactId}, because the path has the shape")
                .contains("Requests that fit no operation (3)")
                .contains("Written to " + file("catalogues/mine.yaml"));
        assertThat(Catalogue.read(folder.resolve("catalogues/mine.yaml")).version())
                .isEqualTo("2024-05-01");
    }

    @Test
    void what_a_person_must_decide_on_ends_with_1_and_secrets_are_told_by_place() {
        Said said = run("import", "--postman", collection("nested"), "--out", file("mine.yaml"));

        assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
        assertThat(said.out())
                .contains("Decide by hand (2)")
                .contains("to take it, write resources: { workflows: { operations: { list:")
                .contains("Contacts / Get contact: header Authorization")
                .contains("the collection: prerequest")
                .doesNotContain("SECRET");
        assertThat(folder.resolve("mine.yaml")).exists();
    }

    @Test
    void a_dry_run_writes_nothing_and_prints_the_catalogue() throws IOException {
        Said said = run("import", "--postman", collection("snake"), "--out", file("mine.yaml"), "--dry-run");
        assertThat(said.exit()).isEqualTo(ExitCodes.DONE);
        assertThat(said.out()).contains("Nothing is written").contains("call: GET /learning/members");

        JsonNode json = run(
                        "import", "--postman", collection("snake"), "--out", file("mine.yaml"), "--dry-run", "--json")
                .json();
        assertThat(json.get("written").isNull()).isTrue();
        assertThat(json.get("report").get("unchanged").get(0).get("operation").asText())
                .isEqualTo("pipelines list");
        assertThat(json.get("catalogue").asText()).contains("resources:");
        assertThat(folder.resolve("mine.yaml")).doesNotExist();
    }

    @Test
    void a_file_that_is_there_is_written_over_only_by_force() throws IOException {
        Path mine = folder.resolve("mine.yaml");
        Files.writeString(mine, "# mine\n".repeat(5_000));

        Said said = run("import", "--postman", collection("flat"), "--out", mine.toString());
        assertThat(said.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(said.err()).contains("mine.yaml is there already: give --force");
        assertThat(mine).content().startsWith("# mine");

        assertThat(run("import", "--postman", collection("flat"), "--out", mine.toString(), "--force")
                        .exit())
                .isEqualTo(ExitCodes.DONE);
        assertThat(mine).content().doesNotContain("# mine");
        assertThat(Catalogue.read(mine).version()).isEqualTo("2024-05-01");
    }

    @Test
    void what_is_no_collection_is_told() throws IOException {
        Files.writeString(folder.resolve("old.json"), "{\"requests\": []}");

        Said said = run("import", "--postman", file("old.json"), "--out", file("mine.yaml"));

        assertThat(said.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(said.err()).contains("is a collection v1; a Postman collection v2.1 is expected");
        assertThat(run().exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(run("import").exit()).isEqualTo(ExitCodes.USAGE);
    }
}
