package io.crmbridge.cli;

import io.crmbridge.state.DataFolder;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Option;

/** {@code --data}, shared by all commands on a data folder. */
final class DataOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:CRM_BRIDGE_DATA:-data}",
            description = "The data folder (CRM_BRIDGE_DATA; ${DEFAULT-VALUE}).")
    Path folder;

    /** The store of the last bridge on the folder, wherever that is. */
    Store attach() {
        return Store.attach(folder, settings(), Clock.systemUTC());
    }

    /** Whether a bridge runs on the store now. */
    boolean isServed(Store store) {
        return settings().url().isPresent()
                ? store.nodes().stream().anyMatch(Store.Node::active)
                : DataFolder.isHeld(folder);
    }

    /** Whether anything was ever kept there. */
    boolean isThere() {
        return Files.isDirectory(folder);
    }

    private StoreSettings settings() {
        return StoreSettings.ofFolder(folder, System.getenv());
    }
}
