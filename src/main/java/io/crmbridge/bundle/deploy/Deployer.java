package io.crmbridge.bundle.deploy;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.BundleReader.Reading;
import io.crmbridge.bundle.Finding;
import io.crmbridge.bundle.Swap;
import io.crmbridge.bundle.pack.Archive;
import io.crmbridge.bundle.pack.SemanticVersion;
import io.crmbridge.state.Deployment;
import io.crmbridge.state.Deployment.Action;
import io.crmbridge.state.Deployment.Difference;
import io.crmbridge.state.DeploymentTurn;
import io.crmbridge.state.Deployments;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys bundles to a data folder and rolls back. One at a time, over threads and processes: others wait. What is refused,
 * for whatever reason, leaves everything as it was. Thread-safe.
 */
public final class Deployer {
    private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);

    private final Deployments deployments;
    private final DeployedBundles bundles;
    private final Optional<Store> store;
    private final Running running;
    private final Map<String, String> environment;
    private final Optional<SemanticVersion> program;
    private volatile Optional<String> runs;

    /**
     * @param store whose places are compared with the bundle's routes; empty where no bridge has run yet
     * @param environment its BRIDGE_ variables win over a bundle's properties
     * @param program the version of this program; empty where it is not known
     */
    public Deployer(
            Deployments deployments,
            Optional<Store> store,
            Running running,
            Map<String, String> environment,
            Optional<SemanticVersion> program) {
        this.deployments = deployments;
        this.bundles = new DeployedBundles(deployments, program);
        this.store = store;
        this.running = running;
        this.environment = environment;
        this.program = program;
        this.runs = running instanceof Running.Bridge bridge ? bridge.sha256() : Optional.empty();
    }

    /** A version of the bundle, with what is known of it. */
    private record Version(Bundle bundle, Map<String, String> files, Map<String, String> routes) {}

    /**
     * Puts a zip beside the deployments, so that it can be deployed by its checksum.
     *
     * @throws BundleException when it is not to be trusted
     */
    public Archive keep(byte[] zip) {
        Archive archive = Archive.open(zip, program);
        try (DeploymentTurn turn = deployments.turn()) {
            turn.keep(archive.sha256(), archive.zip());
        }
        return archive;
    }

    /** @param who asks for it */
    public DeployAnswer deploy(byte[] zip, String who) {
        return answer(turn -> {
            Archive archive = Archive.open(zip, program);
            return take(archive, Action.DEPLOY, who, turn);
        });
    }

    /** Deploys what was kept. */
    public DeployAnswer deployKept(String sha256, String who) {
        return answer(
                turn -> bundles.kept(sha256)
                        .map(archive -> take(archive, Action.DEPLOY, who, turn))
                        .orElseGet(
                                () -> DeployAnswer.refused(
                                        "the bundle is not in the data folder of the bridge that runs: that one has another; deploy to its data folder, or over HTTP with --url")));
    }

    /** @param to the number of a deployment; empty: the one before the current one */
    public DeployAnswer rollback(OptionalLong to, String who) {
        return answer(turn -> {
            List<Deployment> history = deployments.history();
            long number = to.orElse(history.size() - 1L);
            if (number < 1 || number > history.size()) {
                return DeployAnswer.refused(
                        history.isEmpty()
                                ? "nothing is deployed, so there is nothing to roll back"
                                : to.isEmpty()
                                        ? "there is no deployment before the current one"
                                        : "there is no deployment %d: there are 1 to %d, see bundle list"
                                                .formatted(number, history.size()));
            }
            return take(bundles.archive(history.get((int) number - 1)), Action.ROLLBACK, who, turn);
        });
    }

    private DeployAnswer answer(Function<DeploymentTurn, DeployAnswer> work) {
        if (running instanceof Running.OwnFolder own) {
            return DeployAnswer.refused(
                    "this bridge was told to run the folder %s, by --bundle or --dev: started again it would run that folder again. Start it without, and deploy then"
                            .formatted(own.folder()));
        }
        try (DeploymentTurn turn = deployments.turn()) {
            return work.apply(turn);
        } catch (BundleException e) {
            return DeployAnswer.refused(e.findings());
        } catch (StoreException e) {
            return DeployAnswer.refused(e.getMessage());
        }
    }

    private DeployAnswer take(Archive archive, Action action, String who, DeploymentTurn turn) {
        Optional<Deployment> current = deployments.current();
        if (!bundles.isKept(archive.sha256())) {
            turn.keep(archive.sha256(), archive.zip());
        }
        Bundle bundle = bundles.unpacked(archive, turn);
        if (current.filter(it -> it.sha256().equals(archive.sha256())).isPresent()) {
            return DeployAnswer.unchanged(current.get());
        }
        Reading reading = BundleReader.read(bundle, environment);
        if (!reading.findings().isEmpty()) {
            return DeployAnswer.refused(reading.findings());
        }
        Optional<Version> before = before(current, turn);
        List<OrphanedPlace> places =
                store.map(it -> OrphanedPlace.of(it, reading)).orElse(List.of());
        List<String> warnings = warnings(reading);
        Optional<Swap> swap = running instanceof Running.Bridge bridge
                ? Optional.of(bridge.host().swap(bundle))
                : Optional.empty();
        if (swap.filter(it -> !it.failures().isEmpty()).isPresent()) {
            return DeployAnswer.refused(swap.get().failures());
        }
        Deployment deployment;
        try {
            deployment = turn.record(
                    who,
                    action,
                    archive.manifest().name(),
                    archive.manifest().version(),
                    archive.sha256(),
                    Difference.between(
                            before.map(Version::files).orElse(Map.of()),
                            archive.manifest().files()),
                    Difference.between(before.map(Version::routes).orElse(Map.of()), reading.fingerprints()));
        } catch (StoreException e) {
            takeBack(before);
            throw e;
        }
        runs = Optional.of(archive.sha256());
        if (swap.isPresent()) {
            LOG.info(
                    "{} of {} {} by {} is deployment {}",
                    action == Action.DEPLOY ? "deploy" : "rollback",
                    deployment.name(),
                    deployment.version(),
                    who,
                    deployment.number());
        }
        turn.prune(Stream.of(current.stream().map(Deployment::sha256), Stream.of(archive.sha256()), stillRead())
                .flatMap(Function.identity())
                .collect(Collectors.toSet()));
        return new DeployAnswer(
                DeployAnswer.Outcome.DEPLOYED, deployment, swap.orElse(null), warnings, places, List.of(), null);
    }

    /** What routes are of that have not changed since it was deployed, however long ago. */
    private Stream<String> stillRead() {
        return running instanceof Running.Bridge bridge
                ? bridge.host().folders().stream()
                        .map(folder -> folder.getFileName().toString())
                : Stream.of();
    }

    private List<String> warnings(Reading reading) {
        List<String> warnings = new ArrayList<>();
        store.flatMap(it -> OrphanedPlace.ofAnotherName(it, reading)).ifPresent(warnings::add);
        reading.warnings().stream().map(Finding::toString).forEach(warnings::add);
        return warnings;
    }

    /** What cannot be recorded must not run, for after a restart it would not. */
    private void takeBack(Optional<Version> before) {
        if (running instanceof Running.Bridge bridge) {
            bridge.host().swap(before.map(Version::bundle).orElse(bridge.bundle()));
        }
    }

    /** Empty where nothing was deployed, or what was is not whole any more. */
    private Optional<Version> before(Optional<Deployment> current, DeploymentTurn turn) {
        return current.flatMap(deployment -> {
            try {
                Archive archive = bundles.archive(deployment);
                Bundle bundle = bundles.unpacked(archive, turn);
                return Optional.of(new Version(
                        bundle,
                        archive.manifest().files(),
                        BundleReader.read(bundle, environment).fingerprints()));
            } catch (BundleException | StoreException e) {
                LOG.warn(
                        "what the deployment before had is not known, so all of this one counts as new: {}",
                        e.getMessage());
                return Optional.empty();
            }
        });
    }

    /** Every deployment, newest first. */
    public List<ListedDeployment> list() {
        return ListedDeployment.of(deployments.history(), runs());
    }

    /** SHA-256 of the deployed bundle that the bridge of this process runs; empty where it runs none. */
    public Optional<String> runs() {
        return running instanceof Running.Bridge ? runs : Optional.empty();
    }
}
