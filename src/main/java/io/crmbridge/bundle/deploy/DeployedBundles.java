package io.crmbridge.bundle.deploy;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.pack.Archive;
import io.crmbridge.bundle.pack.SemanticVersion;
import io.crmbridge.state.Deployment;
import io.crmbridge.state.DeploymentTurn;
import io.crmbridge.state.Deployments;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bundles that a data folder keeps, each checked against its manifest before it is used. Thread-safe. */
public final class DeployedBundles {
    private static final Logger LOG = LoggerFactory.getLogger(DeployedBundles.class);

    private final Deployments deployments;
    private final Optional<SemanticVersion> program;

    /** @param program the version of this program; empty where it is not known */
    public DeployedBundles(Deployments deployments, Optional<SemanticVersion> program) {
        this.deployments = deployments;
        this.program = program;
    }

    /**
     * The bundle of a deployment; a folder that somebody has changed is unpacked anew. Waits for whoever deploys now.
     *
     * @throws StoreException when its content is not kept any more, or is damaged
     * @throws io.crmbridge.bundle.BundleException when this program is too old for it
     */
    public Bundle open(Deployment deployment) {
        try (DeploymentTurn turn = deployments.turn()) {
            return unpacked(archive(deployment), turn);
        }
    }

    Archive archive(Deployment deployment) {
        byte[] zip = deployments
                .zip(deployment.sha256())
                .orElseThrow(() -> new StoreException(
                        Kind.UNUSABLE,
                        "the content of deployment %d (%s %s) is not there any more; the last %d are kept: deploy it again, see bundle list"
                                .formatted(
                                        deployment.number(),
                                        deployment.name(),
                                        deployment.version(),
                                        Deployments.KEPT)));
        return archive(zip, deployment.sha256())
                .orElseThrow(() -> new StoreException(
                        Kind.UNUSABLE,
                        "the content of deployment %d (%s %s) is damaged: deploy it again, or roll back to another with rollback --to NUMBER"
                                .formatted(deployment.number(), deployment.name(), deployment.version())));
    }

    /** Empty when the bytes are not those that were kept. */
    private Optional<Archive> archive(byte[] zip, String sha256) {
        return Archive.isOf(zip, sha256) ? Optional.of(Archive.open(zip, program)) : Optional.empty();
    }

    /** Whether the zip is there as it was packed. */
    boolean isKept(String sha256) {
        return deployments.zip(sha256).filter(zip -> Archive.isOf(zip, sha256)).isPresent();
    }

    /** What was kept and is not deployed yet. */
    Optional<Archive> kept(String sha256) {
        return deployments.zip(sha256).flatMap(zip -> archive(zip, sha256));
    }

    Bundle unpacked(Archive archive, DeploymentTurn turn) {
        Path folder = deployments.folder(archive.sha256());
        try {
            if (!archive.isUnpackedIn(folder)) {
                if (Files.exists(folder)) {
                    LOG.warn("{} is not what was deployed any more, and is unpacked anew", folder);
                }
                turn.unpack(archive.sha256(), archive::unpack);
            }
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNAVAILABLE,
                    "%s cannot be read (%s): give this user access"
                            .formatted(folder, e.getClass().getSimpleName()),
                    e);
        }
        return Bundle.at(folder, Map.of());
    }
}
