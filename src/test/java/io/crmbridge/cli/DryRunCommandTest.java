package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bundle dry-run} as a person calls it, against a workspace whose figures are known. */
@Timeout(60)
class DryRunCommandTest {
    @TempDir
    private Path folder;

    private Sandbox sandbox;

    private static JsonNode route(Said said, String id) throws IOException {
        for (JsonNode route : said.json().path("routes")) {
            if (route.path("id").asText().equals(id)) {
                return route;
            }
        }
        throw new AssertionError("no route " + id + " in " + said);
    }

    /** Count of each effect by its kind and where it goes. */
    private static Map<String, Integer> effects(Said said, String id) throws IOException {
        Map<String, Integer> effects = new TreeMap<>();
        route(said, id)
                .path("effects")
                .forEach(effect -> effects.put(
                        effect.path("kind").asText() + " " + effect.path("to").asText(),
                        effect.path("count").asInt()));
        return effects;
    }

    private static List<Integer> figures(Said said, String id) throws IOException {
        JsonNode route = route(said, id);
        return Stream.of("fed", "quiet", "failed", "handled")
                .map(figure -> route.path(figure).asInt())
                .toList();
    }

    @BeforeEach
    void begin() throws IOException {
        sandbox = Sandbox.start(SandboxOptions.defaults());
        write("application.properties", """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.base-url=%s
                bridge.connection.default.api-key=%s
                bridge.hook.erp.url=%s
                bridge.hook.erp.allow-private=true
                bridge.mail.office.host=127.0.0.1
                bridge.mail.office.port=%d
                bridge.mail.office.from=crm@example.com
                bridge.mail.office.to=ann@example.com, ben@example.com
                """.formatted(
                        sandbox.baseUrl(),
                        Sandbox.DEFAULT_KEY,
                        sandbox.receiver().url().resolve("erp"),
                        sandbox.mailbox().port()));
    }

    @AfterEach
    void end() {
        sandbox.close();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve("bundle").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void routeTo(String id, String from, String... to) throws IOException {
        StringBuilder steps = new StringBuilder();
        for (String uri : to) {
            steps.append("        - to:\n            uri: \"").append(uri).append("\"\n");
        }
        route(id, from, steps.toString());
    }

    private void route(String id, String from, String steps) throws IOException {
        write("routes/" + id + ".yaml", """
                - route:
                    id: %s
                    from:
                      uri: "%s"
                      steps:
                %s""".formatted(id, from, steps));
    }

    private Said dryRun(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "bundle",
                "dry-run",
                folder.resolve("bundle").toString(),
                "--data",
                folder.resolve("data").toString()));
        arguments.addAll(Arrays.asList(options));
        return Said.run(arguments.toArray(String[]::new));
    }

    private void assertThatNothingLeft() throws IOException {
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            assertThat(sandbox.workspace().requests(method, "/")).as(method).isZero();
        }
        assertThat(sandbox.receiver().count()).isZero();
        assertThat(sandbox.mailbox().count()).isZero();
        assertThat(folder.resolve("data")).doesNotExist();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private String create(String resource, Map<String, Object> fields) {
        return sandbox.workspace().create(resource, fields);
    }

    private static Map<String, Object> person(String name) {
        return Map.of("firstName", name, "lastName", "Lee", "email", name.toLowerCase(Locale.ROOT) + "@example.com");
    }

    private static final String WON = """
                    - filter:
                        expression:
                          simple:
                            expression: "${body[stageName]} == 'Won'"
                        steps:
                          - to:
                              uri: map:deal
                          - to:
                              uri: hook:erp
            """;

    @Test
    void deliveries_are_told_with_their_right_figures_and_none_is_made() throws Exception {
        for (String name : List.of("Roof", "Door")) {
            create("deals", Map.of("name", name, "stageName", "Won", "amount", 7));
        }
        create("deals", Map.of("name", "Wall", "stageName", "Lost", "amount", 7));
        create("deals", Map.of("name", "Secret floor", "stageName", "Won"));
        for (int i = 0; i < 5; i++) {
            create("companies", Map.of("name", "Company " + i));
        }
        write("mappings/deal.jslt", "if (.amount) {\"id\": .id} else error(\"it has no amount\")");
        route("won", "impactiveai:deals", WON);
        routeTo("mails", "impactiveai:deals", "smtp:office");
        routeTo("rows", "impactiveai:companies?batchSize=2", "export:companies.csv?columns=id,name");
        routeTo("files", "impactiveai:companies", "file:" + folder.resolve("out") + "?fileName=all.txt");
        routeTo(
                "report",
                "quartz:report?cron=0+0+6+?+*+*",
                "impactiveai:companies?operation=snapshot",
                "export:r.csv?as=attachment&columns=id",
                "smtp:office");
        routeTo("entries", "inbox:leads", "hook:erp");
        routeTo("off", "impactiveai:deals", "hook:nowhere");

        Said said = dryRun("--json");

        assertThat(said.err()).doesNotContain("Secret floor");
        assertThat(said.out()).doesNotContain("Secret floor", "Company");
        assertThat(figures(said, "won")).containsExactly(4, 1, 1, 0);
        assertThat(effects(said, "won")).containsExactly(Map.entry("webhook hook:erp", 2));
        assertThat(route(said, "won").path("failures").path(0).path("reason").asText())
                .isEqualTo("mapping deal failed");
        assertThat(figures(said, "mails")).containsExactly(4, 0, 0, 0);
        assertThat(effects(said, "mails")).containsExactly(Map.entry("mail smtp:office", 4));
        assertThat(route(said, "mails")
                        .path("effects")
                        .path(0)
                        .path("addresses")
                        .asInt())
                .isEqualTo(2);
        assertThat(figures(said, "rows")).containsExactly(5, 0, 0, 0);
        assertThat(effects(said, "rows"))
                .hasSize(1)
                .containsValue(5)
                .allSatisfy((to, count) -> assertThat(to).startsWith("row companies"));
        assertThat(effects(said, "files").values()).containsExactly(5);
        assertThat(figures(said, "report")).containsExactly(1, 0, 0, 0);
        assertThat(effects(said, "report")).containsExactly(Map.entry("mail smtp:office", 1));
        assertThat(figures(said, "entries")).containsExactly(0, 0, 0, 0);
        assertThat(route(said, "entries").path("notes").path(0).asText()).contains("inbox:leads", "not tried");
        assertThat(said.json().path("off").path("off").asText()).contains("nowhere");
        assertThat(said.json().path("crmCalls").path("default").asLong())
                .isEqualTo(sandbox.workspace().requests("/"))
                .isPositive();
        assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
        assertThatNothingLeft();
    }

    @Test
    void writes_to_the_crm_are_looked_up_as_real_ones_and_none_is_made() throws Exception {
        create("contacts", person("Ann"));
        create("companies", Map.of("name", "Ann"));
        create("companies", Map.of("name", "Ben"));
        create("companies", Map.of("name", "Cid"));
        write(
                "mappings/contact.jslt",
                "{\"firstName\": .name, \"lastName\": \"Lee\", \"title\": \"Boss\", \"email\": lowercase(.name) + \"@example.com\"}");
        routeTo(
                "upserts",
                "impactiveai:companies",
                "map:contact",
                "impactiveai:contacts?operation=upsert&matchBy=email");

        Said said = dryRun("--json");

        assertThat(figures(said, "upserts")).containsExactly(3, 0, 0, 0);
        assertThat(effects(said, "upserts"))
                .containsExactly(
                        Map.entry("create impactiveai:contacts", 2), Map.entry("update impactiveai:contacts", 1));
        assertThat(said.exit()).isEqualTo(ExitCodes.DONE);
        assertThatNothingLeft();
    }

    @Test
    void who_would_be_enrolled_and_who_not_is_told_with_the_sequence() throws Exception {
        create("contacts", person("Ann"));
        String there = create("contacts", person("Ben"));
        String left = create("contacts", person("Cid"));
        String welcome = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        sandbox.workspace().enroll(welcome, there, left);
        sandbox.workspace().unsubscribe(welcome, left);
        routeTo("enrols", "impactiveai:contacts", "impactiveai:enrollments?operation=enroll&sequence=Welcome");

        Said said = dryRun("--json");

        assertThat(figures(said, "enrols")).containsExactly(3, 0, 0, 0);
        Map<String, Integer> effects = effects(said, "enrols");
        assertThat(effects).containsEntry("enroll sequence Welcome (%s)".formatted(welcome), 1);
        assertThat(effects).containsEntry("left out is on the sequence", 1);
        assertThat(effects).hasSize(3).containsValue(1);
        assertThatNothingLeft();
    }

    @Test
    void a_sample_is_of_the_newest_and_since_of_what_was_changed_then() throws Exception {
        for (int i = 0; i < 6; i++) {
            String at = "2026-03-0%dT10:00:00Z".formatted(i + 1);
            sandbox.workspace()
                    .put(
                            "deals",
                            Map.of(
                                    "id",
                                    "d" + i,
                                    "name",
                                    "D" + i,
                                    "createdAt",
                                    "2026-03-02T10:00:00Z",
                                    "updatedAt",
                                    at));
        }
        route("deals", "impactiveai:deals", """
                        - setBody:
                            expression:
                              simple:
                                expression: "${body[name]} ${header.CamelCrmChange} ${header.CamelCrmChangedFields}"
                        - to:
                            uri: hook:erp
                """);

        assertThat(shown(dryRun("--json", "--show", "--sample", "2")))
                .containsExactly("D4 updated []", "D5 updated []");
        assertThat(shown(dryRun("--json", "--show", "--since", "2026-03-05T00:00Z", "--changed", "name")))
                .containsExactly("D4 updated [name]", "D5 updated [name]");
        assertThat(shown(dryRun("--json", "--show", "--since", "2026-03-02T00:00Z")))
                .hasSize(5)
                .allMatch(text -> text.contains(" created "));
        assertThat(shown(dryRun("--json", "--show", "--since", "1h"))).isEmpty();
        assertThat(dryRun("--since", "yesterday").err())
                .contains("--since=yesterday is no time: write for example 24h");
        assertThatNothingLeft();
    }

    @Test
    void a_route_that_looks_at_what_has_changed_can_be_told_what_had() throws Exception {
        sandbox.workspace()
                .put(
                        "deals",
                        Map.of(
                                "id",
                                "d1",
                                "stageName",
                                "Won",
                                "createdAt",
                                "2026-03-02T10:00:00Z",
                                "updatedAt",
                                "2026-03-05T10:00:00Z"));
        write("mappings/deal.jslt", "{\"id\": .id}");
        route(
                "won",
                "impactiveai:deals",
                WON.replace("== 'Won'", "== 'Won' && ${header.CamelCrmChangedFields} contains 'stageName'"));

        Said alone = dryRun("--json");
        assertThat(figures(alone, "won")).containsExactly(1, 1, 0, 0);
        assertThat(route(alone, "won").path("notes").path(0).asText()).contains("--changed");

        Said told = dryRun("--json", "--changed", "stageName,amount");
        assertThat(figures(told, "won")).containsExactly(1, 0, 0, 0);
        assertThat(route(told, "won").path("notes")).isEmpty();
    }

    private static List<String> shown(Said said) throws IOException {
        List<String> shown = new ArrayList<>();
        route(said, "deals")
                .path("shown")
                .forEach(one -> shown.add(one.path("body").asText()));
        return shown;
    }

    @Test
    void a_person_reads_figures_and_no_data_and_can_try_a_route_that_is_off() throws Exception {
        create("deals", Map.of("name", "Secret floor", "stageName", "Won"));
        write("mappings/deal.jslt", "{\"id\": .id}");
        route("won", "impactiveai:deals", WON);
        Files.writeString(
                folder.resolve("bundle/application.properties"),
                "bridge.route.won.enabled=false\n",
                StandardOpenOption.APPEND);

        Said none = dryRun();
        assertThat(none.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(none.err()).contains("--route", "won");

        Said unknown = dryRun("--route", "wno");
        assertThat(unknown.exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(unknown.err()).contains("no route \"wno\"", "won");

        Said said = dryRun("--route", "won");
        assertThat(said.exit()).isEqualTo(ExitCodes.DONE);
        assertThat(said.out())
                .contains(
                        "won  (impactiveai:deals)",
                        "1 record: 1 sent on, 0 with nothing to send, 0 failed",
                        "1 webhook to hook:erp",
                        "Nothing was sent or written. Calls to read the CRM: 1 by default.")
                .doesNotContain("Secret floor");
        assertThatNothingLeft();
    }

    @Test
    void a_crm_that_cannot_be_read_is_told_and_a_broken_bundle_is_not_tried() throws Exception {
        routeTo("won", "impactiveai:deals", "hook:erp");
        sandbox.faults().on("GET", "/api").status(500).arm();

        Said said = dryRun();
        assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
        assertThat(said.out()).contains("FAIL: its feed cannot be read", "500");

        routeTo("won", "impactiveai:deals", "hoook:erp");
        long before = sandbox.workspace().requests("/");
        assertThat(dryRun().exit()).isEqualTo(ExitCodes.USAGE);
        assertThat(sandbox.workspace().requests("/")).isEqualTo(before);
    }

    @Test
    void an_interruption_ends_it_at_once_and_leaves_nothing_behind() throws Exception {
        routeTo("won", "impactiveai:deals", "hook:erp");
        Path scratch = Files.createDirectory(folder.resolve("tmp"));
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            write("application.properties", """
                    bridge.connection.default.type=impactiveai
                    bridge.connection.default.base-url=http://127.0.0.1:%d
                    bridge.connection.default.api-key=%s
                    bridge.hook.erp.url=https://example.com
                    """.formatted(silent.getLocalPort(), Sandbox.DEFAULT_KEY));
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Djava.io.tmpdir=" + scratch,
                            "-cp",
                            System.getProperty("java.class.path"),
                            "io.crmbridge.App",
                            "bundle",
                            "dry-run",
                            folder.resolve("bundle").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("said.txt").toFile())
                    .start();
            silent.setSoTimeout(40_000);
            try (Socket unanswered = silent.accept()) {
                assertThat(scratches(scratch)).isNotEmpty();
                process.destroy();
                assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
                assertThat(unanswered.isConnected()).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).isEqualTo(143);
        }

        assertThat(scratches(scratch)).isEmpty();
        assertThat(Files.readString(folder.resolve("said.txt")))
                .contains("interrupted; nothing was sent")
                .doesNotContain("Exception", "\tat ");
    }

    private static List<Path> scratches(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("crm-bridge"))
                    .toList();
        }
    }
}
