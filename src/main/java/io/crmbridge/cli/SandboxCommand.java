package io.crmbridge.cli;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description =
                "Runs a stand-in of the CRM, a webhook receiver and a mail server, to try routes without a workspace.")
final class SandboxCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            defaultValue = "8090",
            description = "Port on 127.0.0.1; 0 for any free one (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--activity",
            paramLabel = "RATE",
            defaultValue = "1",
            description = "Changes a second that the records make by themselves (${DEFAULT-VALUE}).")
    private double activity;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "End by itself after this time.")
    private Duration limit;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Interruption interruption = new Interruption();
                Sandbox sandbox =
                        Sandbox.start(SandboxOptions.defaults().withPort(port).withSeedRecords(60))) {
            if (activity > 0) {
                sandbox.startActivity(activity);
            }
            out.println("Sandbox CRM: " + sandbox.baseUrl() + "  key: " + Sandbox.DEFAULT_KEY);
            out.println("Webhook receiver: " + sandbox.receiver().url());
            out.println("Mail server: 127.0.0.1:" + sandbox.mailbox().port() + "  its mailbox: " + sandbox.baseUrl()
                    + "/mail");
            out.println("Run a bundle against it: IMPACTIVEAI_BASE_URL=" + sandbox.baseUrl() + " IMPACTIVEAI_API_KEY="
                    + Sandbox.DEFAULT_KEY + " crm-bridge run");
            out.flush();
            interruption.await(Optional.ofNullable(limit));
        }
        return ExitCodes.DONE;
    }
}
