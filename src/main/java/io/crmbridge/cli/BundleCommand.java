package io.crmbridge.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "bundle",
        mixinStandardHelpOptions = true,
        description = "Writes, checks, tries, packs and deploys bundles of routes.",
        subcommands = {BundleTestCommand.class, DryRunCommand.class, CommandLine.HelpCommand.class})
final class BundleCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? `bundle --help` lists them");
    }
}
