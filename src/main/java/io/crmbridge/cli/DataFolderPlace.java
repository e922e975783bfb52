package io.crmbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.deploy.DeployAnswer;
import io.crmbridge.bundle.deploy.Deployer;
import io.crmbridge.bundle.deploy.ListedDeployment;
import io.crmbridge.bundle.deploy.Running;
import io.crmbridge.state.DataFolder;
import io.crmbridge.state.Deployments;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.StoreException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** Deploys to a data folder: what runs there is asked to do it, else it is done here, and runs at the next start. */
final class DataFolderPlace implements DeployTarget.Place {
    /** Commands to the running bridge; the first two take {@link Asked} as JSON. */
    static final String DEPLOY = "deploy";

    static final String ROLLBACK = "rollback";
    static final String RUNS = "deployed";

    /** Each route ends its current change before another takes its place. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataOption data;
    private final Clock clock = Clock.systemUTC();
    private final Deployments deployments;

    DataFolderPlace(DataOption data) {
        this.data = data;
        this.deployments = new Deployments(data.folder, clock);
    }

    /**
     * What a running bridge is asked.
     *
     * @param sha256 of what was kept to be deployed; null for a rollback
     * @param to number of a deployment; null for the one before the current one
     */
    record Asked(String sha256, Long to, String who) {
        static DeployAnswer carriedOut(String name, String argument, Deployer deployer) throws JsonProcessingException {
            Asked asked = JSON.readValue(argument, Asked.class);
            return name.equals(DEPLOY)
                    ? deployer.deployKept(asked.sha256(), asked.who())
                    : deployer.rollback(
                            asked.to() == null ? OptionalLong.empty() : OptionalLong.of(asked.to()), asked.who());
        }

        private String json() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("sha256", sha256);
            fields.put("to", to);
            fields.put("who", who);
            try {
                return JSON.writeValueAsString(fields);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("texts and numbers can be written", e);
            }
        }
    }

    @Override
    public DeployAnswer deploy(byte[] zip, String who) {
        return act(
                deployer -> deployer.deploy(zip, who),
                DEPLOY,
                deployer -> new Asked(deployer.keep(zip).sha256(), null, who));
    }

    @Override
    public DeployAnswer rollback(OptionalLong to, String who) {
        return act(
                deployer -> deployer.rollback(to, who),
                ROLLBACK,
                deployer -> new Asked(null, to.isPresent() ? to.getAsLong() : null, who));
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
                runs = Optional.of(RunningBridge.ask(store, RUNS, "")).filter(sha256 -> !sha256.isEmpty());
            }
        }
        return ListedDeployment.of(deployments.history(), runs);
    }
}
