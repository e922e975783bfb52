package io.crmbridge.cli;

import static io.crmbridge.cli.Said.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.deploy.DeployedBundles;
import io.crmbridge.bundle.deploy.Deployer;
import io.crmbridge.bundle.deploy.Running;
import io.crmbridge.bundle.pack.PackedBundles;
import io.crmbridge.cli.AskedDeployments.Asked;
import io.crmbridge.component.Activity;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.DataFolder;
import io.crmbridge.state.Deployment;
import io.crmbridge.state.Deployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** bundle pack, deploy, bundle list, rollback, and run of what is deployed. */
@Timeout(60)
class DeployCommandsTest {
    @TempDir
    private Path temp;

    private Path folder;
    private String data;

    @BeforeEach
    void write() throws IOException {
        folder = PackedBundles.folder(temp.resolve("deals"), "1.0.0", "a", "b");
        data = temp.resolve("data").toString();
    }

    private Said deploy(String... more) {
        return run(with(more, "deploy", folder.toString(), "--data", data));
    }

    private void next() throws IOException {
        Files.delete(PackedBundles.folder(folder, "2.0.0", "c").resolve("routes/a.yaml"));
    }

    @Test
    void a_bundle_is_packed_where_it_is_told() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        String zip = temp.resolve("deals.zip").toString();

        Said said = run("bundle", "pack", folder.toString(), "--out", zip);

        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .contains(zip + ": deals 1.0.0, 3 files, ")
                .contains("left out, because it does not belong to a bundle: notes.txt");
        JsonNode json = run("bundle", "pack", folder.toString(), "--out", zip, "--version", "3.0.0-rc.1", "--json")
                .json();
        assertThat(json.get("version").asText()).isEqualTo("3.0.0-rc.1");
        assertThat(json.get("leftOut").get(0).asText()).isEqualTo("notes.txt");
        assertThat(json.get("files")).hasSize(3);
    }

    @Test
    void what_cannot_be_packed_is_told() throws IOException {
        assertThat(run("bundle", "pack", temp.toString())).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(ExitCodes.USAGE);
            assertThat(said.err()).contains("is no bundle");
        });
        assertThat(run("bundle", "pack", folder.toString(), "--version", "one")).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(ExitCodes.USAGE);
            assertThat(said.err()).contains("\"one\" is no semantic version");
        });
        assertThat(run("bundle", "pack", folder.toString(), "--out", temp + "/none/x.zip"))
                .satisfies(said -> {
                    assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
                    assertThat(said.err())
                            .contains("name another file with --out")
                            .doesNotContain("fault of the program");
                });
        PackedBundles.route(folder, "b", "impactiveai:dealz");
        assertThat(run("bundle", "pack", folder.toString())).satisfies(said -> {
            assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
            assertThat(said.err()).contains("routes/b.yaml:4", "did you mean \"deals\"?", "nothing is packed");
        });
    }

    @Test
    void what_is_deployed_while_nothing_runs_is_listed_and_rolled_back() throws IOException {
        assertThat(run("bundle", "list", "--data", data).out()).contains("nothing is deployed; deploy DIR does it");

        Said first = deploy("--who", "ann");
        assertThat(first.exit()).isZero();
        assertThat(first.out())
                .contains("deployed deals 1.0.0, as deployment 1")
                .contains("new: a, b")
                .contains("No bridge runs on this data folder");
        assertThat(deploy().out()).contains("nothing changed", "as deployment 1");

        next();
        assertThat(deploy("--who", "ben").out()).contains("new: c", "gone: a").doesNotContain("changed: b");
        Said list = run("bundle", "list", "--data", data);
        assertThat(list.out())
                .containsPattern("2 +current +\\S+Z +ben +deploy +deals +2\\.0\\.0 +[0-9a-f]{12} +\\+1 -1 +\\+1 ~1 -1")
                .containsPattern("1 + \\S+Z +ann +deploy +deals +1\\.0\\.0");

        assertThat(run("rollback", "--data", data, "--who", "cem").out())
                .contains("rolled back to deals 1.0.0, as deployment 3");
        JsonNode json = run("bundle", "list", "--data", data, "--json").json();
        assertThat(json.findValuesAsText("version")).containsExactly("1.0.0", "2.0.0", "1.0.0");
        assertThat(json.at("/0/action").asText()).isEqualTo("rollback");
        assertThat(json.at("/0/who").asText()).isEqualTo("cem");
        assertThat(json.at("/0/current").asBoolean()).isTrue();
        assertThat(json.at("/0/running").asBoolean()).isFalse();

        assertThat(run("bundle", "rollback", "--to", "2", "--data", data, "--json")
                        .json()
                        .at("/deployment/number")
                        .asInt())
                .isEqualTo(4);
    }

    @Test
    void what_is_refused_ends_with_1_and_changes_nothing() throws IOException {
        deploy();
        PackedBundles.route(folder, "b", "impactiveai:dealz");

        Said said = deploy();
        assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
        assertThat(said.err())
                .contains("routes/b.yaml:4", "nothing is deployed: what was deployed before is unchanged");
        Said json = deploy("--json");
        assertThat(json.exit()).isEqualTo(ExitCodes.FAILED);
        assertThat(json.json().at("/outcome").asText()).isEqualTo("refused");
        assertThat(json.json().at("/findings/0/line").asInt()).isEqualTo(4);

        Path zip = Files.writeString(temp.resolve("x.zip"), "no zip");
        assertThat(run("deploy", zip.toString(), "--data", data).err()).contains("cannot be read as a zip");
        assertThat(run("rollback", "--data", data)).satisfies(back -> {
            assertThat(back.exit()).isEqualTo(ExitCodes.FAILED);
            assertThat(back.err()).contains("no deployment before the current one");
        });
        assertThat(run("bundle", "list", "--data", data, "--json").json()).hasSize(1);
    }

    @Test
    void what_is_used_wrongly_ends_with_2() {
        Map<String, String[]> wrong = Map.of(
                "neither a zip nor a folder",
                        new String[] {"deploy", temp.resolve("none").toString()},
                "is no bundle", new String[] {"deploy", temp.toString()},
                "--token is of no use without --url", new String[] {"rollback", "--token", "x"},
                "is no web address", new String[] {"rollback", "--url", "here", "--token", "x"},
                "--url is no web address: write for example http://127.0.0.1:8080",
                        new String[] {"bundle", "list", "--url", "127.0.0.1:8080", "--token", "x"},
                "in the open", new String[] {"bundle", "list", "--url", "http://203.0.113.9:8080", "--token", "x"},
                "--who: ", new String[] {"rollback", "--who", " "});
        wrong.forEach((sentence, line) -> {
            Said said = run(line);
            assertThat(said.exit()).as(sentence).isEqualTo(ExitCodes.USAGE);
            assertThat(said.err()).contains(sentence);
        });
        Said nobody = run("bundle", "list", "--url", "http://127.0.0.1:1", "--token", "x");
        assertThat(nobody.exit()).isEqualTo(ExitCodes.FAILED);
        assertThat(nobody.err()).contains("does not answer").doesNotContain("fault of the program");
    }

    @Test
    void commands_that_read_a_bundle_read_the_deployed_one_unless_a_folder_is_named() throws IOException {
        Files.writeString(
                folder.resolve("application.properties"),
                "bridge.connection.other.type=impactiveai\nbridge.connection.other.api-key=x\n",
                StandardOpenOption.APPEND);
        deploy();
        Path named = PackedBundles.folder(temp.resolve("named"), "1.0.0");

        assertThat(run("connection", "list", "--data", data, "--json").json().findValuesAsText("name"))
                .containsExactly("default", "other");
        assertThat(run("connection", "list", "--data", data, "--bundle", named.toString(), "--json")
                        .json()
                        .findValuesAsText("name"))
                .containsExactly("default");
    }

    @Test
    void a_bridge_that_was_overtaken_by_a_deploy_while_it_started_knows_it() throws IOException {
        deploy();
        DataOption option = new DataOption();
        option.folder = Path.of(data);
        BundleOption.Chosen chosen = new BundleOption().choose(option);
        assertThat(chosen.isStill(option)).isTrue();

        next();
        deploy();

        assertThat(chosen.isStill(option)).isFalse();
        assertThat(new BundleOption().choose(option))
                .hasToString("deals 2.0.0, deployment 2 of %s by %s"
                        .formatted(
                                new Deployments(Path.of(data), Clock.systemUTC())
                                        .current()
                                        .orElseThrow()
                                        .at(),
                                System.getProperty("user.name")));
    }

    /** A CRM, a bridge that takes deployments, and its routes. */
    private BridgeProcess bridge(Sandbox sandbox) throws IOException {
        Files.writeString(
                folder.resolve("application.properties"),
                "bridge.connection.default.base-url=%s\nbridge.connection.default.api-key=%s\n"
                        .formatted(sandbox.baseUrl(), Sandbox.DEFAULT_KEY),
                StandardOpenOption.APPEND);
        assertThat(deploy("--who", "ann").exit()).isZero();
        Deployments deployments = new Deployments(Path.of(data), Clock.systemUTC());
        Deployment deployed = deployments.current().orElseThrow();
        Bundle bundle = new DeployedBundles(deployments, Optional.empty()).open(deployed);
        return BridgeProcess.start(
                bundle,
                Path.of(data),
                0,
                Map.of(),
                Activity.NONE,
                forWhom -> false,
                host -> new Running.Bridge(host, bundle, Optional.of(deployed.sha256())));
    }

    private void changed() throws IOException {
        Files.delete(folder.resolve("routes/a.yaml"));
        PackedBundles.route(folder, "b", "impactiveai:companies");
        PackedBundles.route(folder, "c", "impactiveai:deals");
        Path properties = folder.resolve("application.properties");
        Files.writeString(properties, Files.readString(properties).replace("version=1.0.0", "version=2.0.0"));
    }

    @Test
    void a_running_bridge_takes_up_what_is_deployed_and_rolled_back_in_its_data_folder_and_over_http()
            throws IOException {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSeedRecords(1));
                BridgeProcess bridge = bridge(sandbox)) {
            assertThat(run("bundle", "list", "--data", data).out()).contains("current, runs");
            changed();

            Said deployed = deploy();
            assertThat(deployed.exit()).isZero();
            assertThat(deployed.out())
                    .contains("the place a in deals is left behind", "subscription=a on the source of c")
                    .contains("deployed deals 2.0.0, as deployment 2")
                    .contains("started: c", "replaced: b", "stopped: a");
            assertThat(bridge.reading().routes()).containsExactlyInAnyOrder("b", "c");

            String token = Files.readString(Path.of(data, "api-token")).strip();
            String[] http = {"--url", bridge.address(), "--token", token};
            assertThat(run(with(http, "rollback", "--who", "ben & co")).out())
                    .contains("rolled back to deals 1.0.0, as deployment 3", "started: a", "stopped: c");
            assertThat(bridge.reading().routes()).containsExactlyInAnyOrder("a", "b");
            assertThat(run(with(http, "bundle", "list")).out())
                    .containsPattern("3 +current, runs +\\S+ +ben & co +rollback");
            assertThat(run(with(http, "deploy", folder.toString())).out())
                    .contains("deployed deals 2.0.0, as deployment 4", "replaced: b");

            Said back = run("rollback", "--to", "1", "--data", data);
            assertThat(back.out()).contains("rolled back to deals 1.0.0, as deployment 5", "stopped: c");

            Said wrong = run("rollback", "--url", bridge.address(), "--token", "wrong");
            assertThat(wrong.exit()).isEqualTo(ExitCodes.USAGE);
            assertThat(wrong.err()).contains("does not take the token", "api-token");
        }
        assertThat(run("bundle", "list", "--data", data).out()).doesNotContain("runs");
    }

    @Test
    void a_bridge_that_shares_a_database_does_nothing_for_the_data_folder_of_another() throws IOException {
        deploy();
        Path mine = Files.createDirectories(temp.resolve("mine"));
        Deployments deployments = new Deployments(Path.of(data), Clock.systemUTC());
        AskedDeployments asked = new AskedDeployments(
                mine, new Deployer(deployments, Optional.empty(), new Running.Nothing(), Map.of(), Optional.empty()));
        DataFolder held = DataFolder.hold(mine, Clock.systemUTC());
        try {
            String ofMine = new Asked(DataFolder.holder(mine), null, 1L, "ann").json();
            String ofAnother = new Asked("process 7, since then", null, 1L, "ann").json();

            assertThat(asked.carryOut(AskedDeployments.ROLLBACK, ofMine)).contains("\"outcome\":\"unchanged\"");
            assertThat(asked.carryOut(AskedDeployments.ROLLBACK, ofAnother))
                    .contains("\"outcome\":\"refused\"", "stands by");
            assertThat(asked.carryOut(AskedDeployments.DEPLOY, ofAnother)).contains("\"outcome\":\"refused\"");
            assertThat(asked.carryOut(AskedDeployments.RUNS, ofAnother)).isEmpty();
        } finally {
            held.close();
        }
    }

    private static String[] with(String[] more, String... line) {
        return Stream.concat(Arrays.stream(line), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void a_bridge_that_was_told_its_folder_refuses_a_deploy_and_says_why() throws IOException {
        Path own = PackedBundles.folder(temp.resolve("own"), "1.0.0", "a");
        try (BridgeProcess bridge = BridgeProcess.start(
                Bundle.at(own, Map.of("bridge.connection.default.base-url", "http://127.0.0.1:1")),
                Path.of(data),
                0,
                Map.of(),
                Activity.NONE)) {
            Said said = deploy();

            assertThat(said.exit()).isEqualTo(ExitCodes.FAILED);
            assertThat(said.err())
                    .contains("was told to run the folder " + own)
                    .contains("Start it without, and deploy then")
                    .contains("nothing is deployed");
            assertThat(bridge.reading().routes()).containsExactly("a");
        }
    }

    @Test
    void run_runs_what_is_deployed_and_says_so_unless_a_folder_is_named() throws IOException {
        Path properties = folder.resolve("application.properties");
        Files.writeString(
                properties, Files.readString(properties) + "bridge.connection.default.base-url=http://127.0.0.1:1\n");
        deploy("--who", "ann");

        Said said = run("run", "--data", data, "--port", "0", "--for", "100ms");
        assertThat(said.exit()).isZero();
        assertThat(said.out())
                .containsPattern("Bundle: deals 1\\.0\\.0, deployment 1 of \\S+Z by ann")
                .contains("Routes: 2 run, 0 paused, 0 off.");

        PackedBundles.route(folder, "b", "impactiveai:dealz");
        Said named = run("run", "--bundle", folder.toString(), "--data", data, "--port", "0", "--for", "100ms");
        assertThat(named.out()).contains("Bundle: folder " + folder);
        assertThat(named.err()).contains("routes/b.yaml:4");
    }
}
