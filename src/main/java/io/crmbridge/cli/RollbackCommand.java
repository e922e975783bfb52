package io.crmbridge.cli;

import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = {
            "Deploys again what was deployed before.",
            "A rollback is a deployment like any other: it is recorded, and can itself be rolled back. Routes and their"
                    + " configuration go back, places in the log and what was delivered do not."
        })
final class RollbackCommand implements Callable<Integer> {
    @Option(
            names = "--to",
            paramLabel = "NUMBER",
            description = "The number of a deployment, see bundle list (the one before the current one).")
    private Long to;

    @Mixin
    private DeployTarget target;

    @Option(names = "--who", paramLabel = "NAME", description = "Who rolls back, for the history (this user).")
    private String who;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OptionalLong number = to == null ? OptionalLong.empty() : OptionalLong.of(to);
        return new DeployReport(spec.commandLine(), json).print(target.place().rollback(number, DeployTarget.who(who)));
    }
}
