package io.crmbridge.cli;

import io.crmbridge.state.Store;
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

    Store attach() {
        return Store.attach(folder, Clock.systemUTC());
    }
}
