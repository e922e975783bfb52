package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.Swap;
import io.crmbridge.bundle.deploy.DeployedBundles;
import io.crmbridge.bundle.deploy.Running;
import io.crmbridge.state.Deployment;
import io.crmbridge.state.Deployments;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --bundle}, shared by all commands that read the bundle that runs. */
final class BundleOption {
    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            description =
                    "The bundle's folder. Unless it is given: what is deployed in the data folder, else the current folder.")
    private Path folder;

    /**
     * @param deployment empty where it is a folder that somebody edits
     * @param fixed whether that folder was asked for, so that nothing that is deployed takes its place
     */
    record Chosen(Bundle bundle, Optional<Deployment> deployment, boolean fixed) {

        /** Whether the same would be chosen now. */
        boolean isStill(DataOption data) {
            return fixed || deployments(data).current().equals(deployment);
        }

        /** What a deploy meets while this runs. */
        Running running(Swap.Host host) {
            return fixed
                    ? new Running.OwnFolder(bundle.folder())
                    : new Running.Bridge(host, bundle, deployment.map(Deployment::sha256));
        }

        @Override
        public String toString() {
            return deployment
                    .map(it -> "%s %s, deployment %d of %s by %s"
                            .formatted(it.name(), it.version(), it.number(), it.at(), it.who()))
                    .orElse("folder " + bundle.folder());
        }
    }

    /** The folder, whatever is deployed. */
    Chosen folder() {
        return new Chosen(at(), Optional.empty(), true);
    }

    /** @throws io.crmbridge.state.StoreException when what is deployed cannot be used */
    Chosen choose(DataOption data) {
        if (folder != null) {
            return folder();
        }
        Deployments deployments = deployments(data);
        return deployments
                .current()
                .map(deployment -> new Chosen(
                        new DeployedBundles(deployments, Version.semantic()).open(deployment),
                        Optional.of(deployment),
                        false))
                .orElseGet(() -> new Chosen(at(), Optional.empty(), false));
    }

    private Bundle at() {
        return Bundle.at(folder == null ? Path.of(".") : folder, Map.of());
    }

    private static Deployments deployments(DataOption data) {
        return new Deployments(data.folder, Clock.systemUTC());
    }
}
