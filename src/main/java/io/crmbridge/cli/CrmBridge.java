package io.crmbridge.cli;

import io.crmbridge.bundle.BundleException;
import io.crmbridge.crm.CrmException;
import io.crmbridge.sandbox.SandboxException;
import io.crmbridge.state.StoreException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program's commands. */
@Command(
        name = "crm-bridge",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Carries records between CRMs and everything else: nothing is lost, nothing is done twice unmarked.",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            SandboxCommand.class,
            StatusCommand.class,
            RoutesCommand.class,
            DeadLettersCommand.class,
            GapsCommand.class,
            IntentsCommand.class,
            LeadsCommand.class,
            ConnectionCommand.class,
            CatalogueCommand.class,
            AuthCommand.class,
            BundleCommand.class,
            BundleTestCommand.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed, or something was found",
            "2:used or configured wrongly",
            "3:degraded (status --check)",
            "130:interrupted"
        })
public final class CrmBridge implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs a command and returns its exit code. */
    public static int execute(String... arguments) {
        CommandLine program = new CommandLine(new CrmBridge());
        program.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command.getErr()));
        program.setCaseInsensitiveEnumValuesAllowed(true);
        return program.execute(arguments);
    }

    private static int failed(Exception failure, PrintWriter err) {
        if (failure instanceof CommandException known) {
            err.println(known.getMessage());
            return known.exitCode();
        }
        if (failure instanceof BundleException || failure instanceof CrmException) {
            err.println(failure.getMessage());
            return failure instanceof BundleException ? ExitCodes.USAGE : ExitCodes.FAILED;
        }
        if (failure instanceof SandboxException) {
            err.println(failure.getMessage());
            return ExitCodes.USAGE;
        }
        if (failure instanceof StoreException store) {
            err.println(store.getMessage());
            return store.kind() == StoreException.Kind.UNUSABLE ? ExitCodes.USAGE : ExitCodes.FAILED;
        }
        LoggerFactory.getLogger(CrmBridge.class).debug("unexpected", failure);
        err.println("unexpected: %s. This is a fault of the program; run again with CRM_BRIDGE_LOG=debug to see where"
                .formatted(failure));
        return ExitCodes.FAILED;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "which command? For example: run, demo, status");
    }
}
