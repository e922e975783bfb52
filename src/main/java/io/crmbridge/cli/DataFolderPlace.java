package io.crmbridge.cli;

import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.deploy.DeployAnswer;
import io.crmbridge.bundle.deploy.Deployer;
import io.crmbridge.bundle.deploy.ListedDeployment;
import io.crmbridge.bundle.deploy.Running;
import io.crmbridge.cli.AskedDeployments.Asked;
import io.crmbridge.state.DataFolder;
import io.crmbridge.state.Deployments;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.StoreException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Deploys to a data folder: what runs there is asked to do it, else it is done here, and runs at the next start. */
final class DataFolderPlace implements DeployTarget.Place {
    /** Each route ends its current change before another takes its place. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DataOption data;
    private final Clock clock = Clock.systemUTC();
    private final Deployments deployments;

    DataFolderPlace(DataOption data) {
        this.data = data;
        this.deployments = new Deployments(data.folder, clock);
    }

    @Override
    public DeployAnswer deploy(byte[] zip, String who) {
        return act(
                deployer -> deployer.deploy(zip, who),
                AskedDeployments.DEPLOY,
                deployer -> new Asked(holder(), deployer.keep(zip).sha256(), null, who));
    }

    @Override
    public DeployAnswer rollback(OptionalLong to, String who) {
        return act(
                deployer -> deployer.rollback(to, who),
                AskedDeployments.ROLLBACK,
                deployer -> new Asked(holder(), null, to.isPresent() ? to.getAsLong() : null, who));
    }

    private DeployAnswer act(Function<Deployer, DeployAnswer> here, String name, Function<Deployer, Asked> there) {
        if (!DataFolder.isHeld(data.folder)) {
            try {
                return alone(() -> withStore(store -> here.apply(deployer(store))));
            } catch (StoreException e) {
                if (!DataFolder.isHeld(data.folder)) {
                    throw e;
                }
                // A bridge has started meanwhile.
            }
        }
        Asked asked;
        try {
            asked = there.apply(deployer(Optional.empty()));
        } catch (BundleException e) {
            return DeployAnswer.refused(e.findings());
        }
        try (Store store = data.attach()) {
            String answer = RunningBridge.ask(store, name, asked.json(), PATIENCE);
            return DeployAnswer.of(answer);
        } catch (IllegalArgumentException noAnswer) {
            return DeployAnswer.refused("the running bridge could not do it; its log says why");
        }
    }

    private String holder() {
        return DataFolder.holder(data.folder);
    }

    /** No bridge starts meanwhile, which would run what was deployed before. */
    private DeployAnswer alone(Supplier<DeployAnswer> work) {
        DataFolder mine = DataFolder.hold(data.folder, clock);
        try {
            return work.get();
        } finally {
            mine.close();
        }
    }

    private Deployer deployer(Optional<Store> store) {
        return new Deployer(deployments, store, new Running.Nothing(), System.getenv(), Version.semantic());
    }

    private <T> T withStore(Function<Optional<Store>, T> work) {
        Optional<Store> store;
        try {
            store = data.isThere() ? Optional.of(data.attach()) : Optional.empty();
        } catch (StoreException e) {
            if (e.kind() != Kind.UNUSABLE) {
                throw e;
            }
            // None has run there yet; what else is wrong with it shows when one is started.
            store = Optional.empty();
        }
        try {
            return work.apply(store);
        } finally {
            store.ifPresent(Store::close);
        }
    }

    @Override
    public List<ListedDeployment> list() {
        Optional<String> runs = Optional.empty();
        if (DataFolder.isHeld(data.folder)) {
            try (Store store = data.attach()) {
                runs = Optional.of(RunningBridge.ask(
                                store, AskedDeployments.RUNS, new Asked(holder(), null, null, "").json()))
                        .filter(sha256 -> !sha256.isEmpty());
            }
        }
        return ListedDeployment.of(deployments.history(), runs);
    }
}
