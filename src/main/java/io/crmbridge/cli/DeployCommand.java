package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.deploy.DeployAnswer;
import io.crmbridge.bundle.pack.Archive;
import io.crmbridge.bundle.pack.Packer.Packed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "deploy",
        description = {
            "Deploys a bundle to a data folder, or to a running bridge.",
            "A bridge that runs there takes it up at once: routes that did not change run on, and every route keeps its"
                    + " place. Where none runs, `run` takes it up. A bundle with findings is refused, and nothing changes."
        })
final class DeployCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ZIP|DIR",
            description = "What bundle pack made, or a bundle's folder, which is packed first.")
    private Path bundle;

    @Mixin
    private DeployTarget target;

    @Option(
            names = "--version",
            paramLabel = "VERSION",
            description = "Of a folder: its version, such as 1.2.0; wins over bridge.bundle.version.")
    private String version;

    @Option(names = "--who", paramLabel = "NAME", description = "Who deploys, for the history (this user).")
    private String who;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** Not with the standard ones, of which one is the program's version. */
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        DeployTarget.Place place = target.place();
        String name = DeployTarget.who(who);
        DeployAnswer answer;
        if (Files.isDirectory(bundle)) {
            Bundle folder = Bundle.at(bundle, Map.of());
            try {
                answer = place.deploy(packed(folder), name);
            } catch (BundleException e) {
                answer = DeployAnswer.refused(e.findings());
            }
        } else {
            answer = place.deploy(zip(), name);
        }
        return new DeployReport(spec.commandLine(), json).print(answer);
    }

    private byte[] packed(Bundle folder) throws IOException {
        Packed packed = BundlePackCommand.pack(folder, version);
        if (!json) {
            BundlePackCommand.leftOut(spec.commandLine().getOut(), packed);
        }
        return packed.archive().zip();
    }

    private byte[] zip() throws IOException {
        if (version != null) {
            throw new CommandException(ExitCodes.USAGE, "--version is for a folder: a zip has its version");
        }
        if (!Files.isRegularFile(bundle)) {
            throw new CommandException(
                    ExitCodes.USAGE, "%s is neither a zip nor a folder: name what is to be deployed".formatted(bundle));
        }
        if (Files.size(bundle) > Archive.MOST_ZIPPED) {
            throw new CommandException(
                    ExitCodes.FAILED, "%s is larger than %d MB".formatted(bundle, Archive.MOST_ZIPPED >> 20));
        }
        return Files.readAllBytes(bundle);
    }
}
