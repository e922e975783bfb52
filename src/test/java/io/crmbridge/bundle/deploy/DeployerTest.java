package io.crmbridge.bundle.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import io.crmbridge.bundle.deploy.DeployAnswer.Outcome;
import io.crmbridge.bundle.pack.Archive;
import io.crmbridge.bundle.pack.PackedBundles;
import io.crmbridge.state.Deployment;
import io.crmbridge.state.Deployment.Action;
import io.crmbridge.state.Deployment.Difference;
import io.crmbridge.state.DeploymentTurn;
import io.crmbridge.state.Deployments;
import io.crmbridge.state.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A deploy is done or it is not, and what is refused changes nothing. */
@Timeout(60)
class DeployerTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-01T10:00:00Z"), ZoneOffset.UTC);
    private static final OptionalLong BEFORE = OptionalLong.empty();

    @TempDir
    private static Path deals;

    private static byte[] one;
    private static byte[] two;

    @TempDir
    private Path temp;

    private final RecordingHost host = new RecordingHost();
    private Path data;
    private Deployments deployments;

    @BeforeAll
    static void pack() throws IOException {
        one = PackedBundles.pack(PackedBundles.folder(deals, "1.0.0", "a", "b")).zip();
        Files.delete(deals.resolve("routes/a.yaml"));
        PackedBundles.route(deals, "b", "impactiveai:companies");
        two = PackedBundles.pack(PackedBundles.folder(deals, "2.0.0", "c")).zip();
    }

    @BeforeEach
    void begin() throws IOException {
        data = Files.createDirectories(temp.resolve("data"));
        deployments = new Deployments(data, CLOCK);
    }

    private Deployer offline() {
        return new Deployer(deployments, Optional.empty(), new Running.Nothing(), Map.of(), Optional.empty());
    }

    /** Beside a bridge that was started in a folder where nothing was deployed. */
    private Deployer live() throws IOException {
        Path folder = PackedBundles.folder(temp.resolve("own"), "0.1.0", "x");
        Running bridge = new Running.Bridge(host, Bundle.at(folder, Map.of()), Optional.empty());
        return new Deployer(deployments, Optional.empty(), bridge, Map.of(), Optional.empty());
    }

    private Bundle current() {
        return new DeployedBundles(deployments, Optional.empty())
                .open(deployments.current().orElseThrow());
    }

    private String version() {
        return deployments.current().orElseThrow().version();
    }

    @Test
    void what_is_deployed_is_recorded_with_who_when_and_what_it_changed() {
        DeployAnswer first = offline().deploy(one, "ann");
        assertThat(first.outcome()).isEqualTo(Outcome.DEPLOYED);
        assertThat(first.swap()).isNull();
        assertThat(first.deployment().routes()).isEqualTo(new Difference(List.of("a", "b"), List.of(), List.of()));

        Deployment second = offline().deploy(two, "ben").deployment();
        assertThat(second.number()).isEqualTo(2);
        assertThat(second.at()).isEqualTo("2026-05-01T10:00:00Z");
        assertThat(second.who()).isEqualTo("ben");
        assertThat(second.action()).isEqualTo(Action.DEPLOY);
        assertThat(second.name() + " " + second.version()).isEqualTo("deals 2.0.0");
        assertThat(second.routes()).isEqualTo(new Difference(List.of("c"), List.of("b"), List.of("a")));
        assertThat(second.files())
                .isEqualTo(new Difference(
                        List.of("routes/c.yaml"),
                        List.of("application.properties", "routes/b.yaml"),
                        List.of("routes/a.yaml")));
        assertThat(deployments.current()).contains(second);
        assertThat(current().folder().resolve("routes/c.yaml")).exists();
    }

    @Test
    void the_same_content_changes_nothing_and_is_not_recorded() {
        offline().deploy(one, "ann");

        DeployAnswer again = offline().deploy(one, "ben");

        assertThat(again.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(again.deployment().who()).isEqualTo("ann");
        assertThat(deployments.history()).hasSize(1);
        assertThat(offline().rollback(OptionalLong.of(1), "ben").outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void a_running_bridge_takes_it_up_before_it_is_recorded() throws IOException {
        Deployer deployer = live();
        host.during(() -> assertThat(deployments.current()).isEmpty());
        assertThat(deployer.runs()).isEmpty();

        DeployAnswer answer = deployer.deploy(one, "ann");

        assertThat(answer.outcome()).isEqualTo(Outcome.DEPLOYED);
        assertThat(answer.swap().started()).containsExactly("a", "b");
        assertThat(host.taken())
                .extracting(Bundle::folder)
                .containsExactly(current().folder());
        assertThat(deployer.runs()).contains(answer.deployment().sha256());
        assertThat(deployer.list()).singleElement().satisfies(it -> {
            assertThat(it.current()).isTrue();
            assertThat(it.running()).isTrue();
        });
        assertThat(DeployAnswer.of(answer.json())).isEqualTo(answer);
    }

    @Test
    void where_a_route_does_not_start_nothing_is_recorded() throws IOException {
        Deployer deployer = live();
        deployer.deploy(one, "ann");
        host.during(() -> assertThat(version()).isEqualTo("1.0.0"));
        host.failsWith(new Finding("routes/c.yaml", 4, "it does not start"));

        DeployAnswer answer = deployer.deploy(two, "ann");

        assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer.findings()).extracting(Finding::message).containsExactly("it does not start");
        assertThat(deployments.history()).hasSize(1);
        assertThat(deployer.runs()).contains(deployments.current().orElseThrow().sha256());
    }

    @Test
    void what_cannot_be_recorded_does_not_go_on_running() throws IOException {
        Deployer deployer = live();
        deployer.deploy(one, "ann");
        Path history = data.resolve("bundles/deployments.jsonl");
        String before = Files.readString(history);
        host.during(() -> {
            try {
                // From the middle of the swap on the history cannot be written.
                if (Files.isRegularFile(history)) {
                    Files.delete(history);
                    Files.createDirectories(history.resolve("in the way"));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        DeployAnswer answer = deployer.deploy(two, "ann");

        assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer.error()).contains("deployments.jsonl cannot be", "free space on its disk");
        Files.delete(history.resolve("in the way"));
        Files.delete(history);
        Files.writeString(history, before);
        assertThat(host.taken()).hasSize(3);
        assertThat(host.taken().get(2).folder()).isEqualTo(current().folder());
        assertThat(version()).isEqualTo("1.0.0");
    }

    @Test
    void a_bundle_with_findings_is_refused_and_what_ran_still_does() throws IOException {
        Deployer deployer = live();
        deployer.deploy(one, "ann");
        // It was packed where fast polls are allowed, and is deployed where they are not.
        Path folder = PackedBundles.folder(temp.resolve("fast"), "3.0.0");
        PackedBundles.route(folder, "c", "impactiveai:deals?delay=1s");
        Files.writeString(
                folder.resolve("application.properties"), "bridge.allow-fast-poll=true\n", StandardOpenOption.APPEND);
        byte[] fast = PackedBundles.pack(folder).zip();
        Deployer elsewhere = new Deployer(
                deployments,
                Optional.empty(),
                new Running.Bridge(host, current(), Optional.empty()),
                Map.of("BRIDGE_ALLOW_FAST_POLL", "false"),
                Optional.empty());

        DeployAnswer answer = elsewhere.deploy(fast, "ann");

        assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.file()).isEqualTo("routes/c.yaml");
            assertThat(finding.message()).contains("bridge.allow-fast-poll");
        });
        assertThat(host.taken()).hasSize(1);
        assertThat(version()).isEqualTo("1.0.0");
    }

    @Test
    void a_rollback_is_a_deployment_and_can_be_rolled_back() throws IOException {
        Deployer deployer = live();
        deployer.deploy(one, "ann");
        deployer.deploy(two, "ann");

        Deployment back = deployer.rollback(BEFORE, "ben").deployment();
        assertThat(back.number()).isEqualTo(3);
        assertThat(back.action()).isEqualTo(Action.ROLLBACK);
        assertThat(back.version()).isEqualTo("1.0.0");
        assertThat(back.routes()).isEqualTo(new Difference(List.of("a"), List.of("b"), List.of("c")));

        assertThat(deployer.rollback(BEFORE, "ben").deployment().version()).isEqualTo("2.0.0");
        assertThat(deployer.rollback(OptionalLong.of(1), "ben").deployment().version())
                .isEqualTo("1.0.0");
        assertThat(deployments.history()).hasSize(5);
        assertThat(host.taken()).hasSize(5);
    }

    @Test
    void a_rollback_to_nothing_is_told() {
        assertThat(offline().rollback(BEFORE, "ann").error()).contains("nothing is deployed");
        offline().deploy(one, "ann");
        assertThat(offline().rollback(BEFORE, "ann").error()).contains("no deployment before the current one");
        assertThat(offline().rollback(OptionalLong.of(7), "ann").error())
                .contains("there is no deployment 7: there are 1 to 1");
        assertThat(offline().rollback(OptionalLong.of(0), "ann").error()).contains("there is no deployment 0");
    }

    @Test
    void a_rollback_to_what_is_pruned_or_damaged_is_told() throws IOException {
        offline().deploy(one, "ann");
        offline().deploy(two, "ann");
        Path zip = data.resolve("bundles/" + deployments.history().get(0).sha256() + ".zip");
        Files.writeString(zip, "damaged");
        assertThat(offline().rollback(BEFORE, "ann").error()).contains("deployment 1 (deals 1.0.0) is damaged");
        Files.delete(zip);
        assertThat(offline().rollback(BEFORE, "ann").error())
                .contains("deployment 1 (deals 1.0.0) is not there any more; the last 20 are kept");
        assertThat(version()).isEqualTo("2.0.0");
    }

    @Test
    void a_folder_that_unchanged_routes_still_read_is_kept_however_many_deployments_follow() throws IOException {
        host.keepsReadingTheFirst();
        Deployer deployer = live();
        Path first = deployments.folder(deployer.deploy(one, "ann").deployment().sha256());
        deployer.deploy(two, "ann");
        Path second = deployments.folder(deployments.current().orElseThrow().sha256());

        for (int i = 1; i <= Deployments.KEPT; i++) {
            deployer.deploy(
                    PackedBundles.pack(PackedBundles.folder(deals, "3.0." + i, "c"))
                            .zip(),
                    "ann");
        }

        assertThat(second).doesNotExist();
        assertThat(first).isDirectory();
    }

    @Test
    void a_bridge_that_was_told_to_run_a_folder_takes_nothing() {
        Deployer deployer =
                new Deployer(deployments, Optional.empty(), new Running.OwnFolder(temp), Map.of(), Optional.empty());

        assertThat(deployer.deploy(one, "ann").error())
                .contains("was told to run the folder " + temp, "by --bundle or --dev", "would run that folder again");
        assertThat(deployer.rollback(BEFORE, "ann").outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(deployments.history()).isEmpty();
    }

    @Test
    void a_zip_that_is_not_to_be_trusted_is_refused() {
        DeployAnswer answer = offline().deploy(new byte[] {1, 2, 3}, "ann");

        assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("cannot be read as a zip"));
        assertThatThrownBy(() -> offline().keep(new byte[] {1, 2, 3})).isInstanceOf(BundleException.class);
    }

    @Test
    void what_was_kept_is_deployed_by_its_checksum_and_what_was_not_is_told() throws IOException {
        String sha256 = offline().keep(one).sha256();
        assertThat(deployments.history()).isEmpty();

        assertThat(live().deployKept(sha256, "ann").outcome()).isEqualTo(Outcome.DEPLOYED);
        assertThat(live().deployKept("0".repeat(64), "ann").error()).contains("not in the data folder of the bridge");
    }

    @Test
    void of_two_deploys_at_once_one_waits_for_the_other() throws Exception {
        Deployer deployer = live();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        host.during(() -> {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        CompletableFuture<DeployAnswer> first = CompletableFuture.supplyAsync(() -> deployer.deploy(one, "ann"));
        begun.await();
        CompletableFuture<DeployAnswer> second = new CompletableFuture<>();
        Thread other = new Thread(() -> second.complete(offline().deploy(two, "ben")));
        other.start();
        await().until(() -> other.getState() == Thread.State.WAITING);
        assertThat(second).isNotDone();

        goOn.countDown();

        assertThat(first.join().deployment().number()).isEqualTo(1);
        assertThat(second.join().deployment().number()).isEqualTo(2);
        assertThat(second.join().deployment().routes().changed()).containsExactly("b");
    }

    /** As a kill leaves it, after each step of a deploy. */
    @Test
    void whatever_step_a_kill_comes_after_the_old_one_or_the_new_one_runs() throws IOException {
        offline().deploy(one, "ann");
        Archive archive = Archive.open(two, Optional.empty());
        Path bundles = data.resolve("bundles");

        Files.write(bundles.resolve(archive.sha256() + ".zip.part"), new byte[] {1});
        assertThat(current().folder().resolve("routes/a.yaml")).exists();

        try (DeploymentTurn turn = deployments.turn()) {
            turn.keep(archive.sha256(), two);
        }
        assertThat(current().folder().resolve("routes/a.yaml")).exists();

        Files.createDirectories(bundles.resolve(archive.sha256() + ".part/routes"));
        Files.writeString(bundles.resolve(archive.sha256() + ".part/routes/c.yaml"), "half");
        assertThat(current().folder().resolve("routes/a.yaml")).exists();

        Files.writeString(bundles.resolve("deployments.jsonl"), "{\"number\":2,\"at\":\"20", StandardOpenOption.APPEND);
        assertThat(current().folder().resolve("routes/a.yaml")).exists();

        assertThat(offline().deploy(two, "ann").outcome()).isEqualTo(Outcome.DEPLOYED);
        assertThat(current().folder().resolve("routes/c.yaml"))
                .hasContent(Files.readString(deals.resolve("routes/c.yaml")));
    }

    @Test
    void a_folder_that_somebody_changed_is_unpacked_anew_and_a_damaged_zip_is_told() throws IOException {
        Deployment deployment = offline().deploy(one, "ann").deployment();
        Path folder = deployments.folder(deployment.sha256());
        Files.writeString(folder.resolve("routes/a.yaml"), "nonsense");
        Files.writeString(folder.resolve("routes/more.yaml"), "nonsense");

        assertThat(current().folder()).isEqualTo(folder.toAbsolutePath());
        assertThat(folder.resolve("routes/a.yaml")).content().contains("id: a");
        assertThat(folder.resolve("routes/more.yaml")).doesNotExist();

        Files.write(data.resolve("bundles/" + deployment.sha256() + ".zip"), two);
        assertThatThrownBy(this::current)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("deployment 1 (deals 1.0.0) is damaged");
        assertThat(offline().deploy(one, "ann").outcome()).as("the way out").isEqualTo(Outcome.UNCHANGED);
        assertThat(current().folder().resolve("routes/a.yaml")).exists();
        assertThat(offline().deploy(two, "ann").outcome()).as("another one").isEqualTo(Outcome.DEPLOYED);
    }
}
