package io.crmbridge.bundle.deploy;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.Swap;
import java.nio.file.Path;
import java.util.Optional;

/** What runs on a data folder when something is deployed there. */
public sealed interface Running {

    /** No bridge: what is deployed runs at the next start. */
    record Nothing() implements Running {}

    /**
     * A bridge that takes up what is deployed.
     *
     * @param bundle what it was started with
     * @param sha256 of that, where it was deployed; empty where it is a folder, because nothing was deployed
     */
    record Bridge(Swap.Host host, Bundle bundle, Optional<String> sha256) implements Running {}

    /** A bridge that was told to run a folder, and will run it again when it is started again. */
    record OwnFolder(Path folder) implements Running {}
}
