package io.crmbridge.cli;

import io.crmbridge.sandbox.Mailbox;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.sandbox.intellivizz.Location;
import io.crmbridge.sandbox.intellivizz.WebhookSigner;
import java.io.PrintWriter;
import java.net.URI;
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
                "Runs stand-ins of both CRMs, a webhook receiver and a mail server, to try routes without a workspace.")
final class SandboxCommand implements Callable<Integer> {
    private static final String APP = "app_sandbox";
    private static final String SECRET = "not-a-secret";

    @Option(
            names = "--port",
            defaultValue = "8090",
            description = "Port on 127.0.0.1; 0 for any free one (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--intellivizz-port",
            defaultValue = "8091",
            description = "Port of Intellivizz on 127.0.0.1; 0 for any free one (${DEFAULT-VALUE}).")
    private int intellivizzPort;

    @Option(
            names = "--receiver-port",
            defaultValue = "0",
            description = "Port of the webhook receiver on 127.0.0.1; 0 for any free one (${DEFAULT-VALUE}).")
    private int receiverPort;

    @Option(
            names = "--activity",
            paramLabel = "RATE",
            defaultValue = "1",
            description = "Changes a second that the records make by themselves (${DEFAULT-VALUE}).")
    private double activity;

    @Option(
            names = "--inbox",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080/inbox/leads",
            description = "The bridge's inbox that the page with the form posts to (${DEFAULT-VALUE}).")
    private URI inbox;

    @Option(
            names = "--oauth-redirect",
            paramLabel = "URI",
            defaultValue = "http://127.0.0.1:8089/callback",
            description =
                    "Where Intellivizz's OAuth app sends a browser back to, bridge.oauth.<app>.redirect-uri (${DEFAULT-VALUE}).")
    private URI redirect;

    @Option(
            names = "--webhooks",
            paramLabel = "URL",
            description =
                    "Where Intellivizz tells of what happens to its records, signed; an inbox of the bridge, for example.")
    private URI webhooks;

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
                Sandbox sandbox = Sandbox.start(SandboxOptions.defaults()
                        .withPort(port)
                        .withReceiverPort(receiverPort)
                        .withIntellivizzPort(intellivizzPort)
                        .withSeedRecords(60))) {
            IntellivizzSandbox intellivizz = sandbox.intellivizz();
            formPostsTo(sandbox);
            intellivizz.oauth().addApp(APP, SECRET, redirect);
            webhooks(intellivizz);
            if (activity > 0) {
                sandbox.startActivity(activity);
                intellivizz.startActivity(activity);
            }
            out.println("Sandbox CRM: " + sandbox.baseUrl() + "  key: " + Sandbox.DEFAULT_KEY);
            out.println("Webhook receiver: " + sandbox.receiver().url());
            out.println("Mail server: 127.0.0.1:" + sandbox.mailbox().port() + "  its mailbox: " + sandbox.baseUrl()
                    + "/mail");
            out.println("Mails to " + Mailbox.READ_ADDRESS + " by IMAP: 127.0.0.1:"
                    + sandbox.mailbox().imapPort() + "  user: " + Mailbox.IMAP_USERNAME + "  password: "
                    + Mailbox.IMAP_PASSWORD);
            out.println("Form that sends a lead: " + sandbox.baseUrl() + "/form  to " + inbox
                    + " (which takes it with bridge.inbox.leads.cors=" + sandbox.baseUrl() + ")");
            out.println("Run a bundle against it: IMPACTIVEAI_BASE_URL=" + sandbox.baseUrl() + " IMPACTIVEAI_API_KEY="
                    + Sandbox.DEFAULT_KEY + " crm-bridge run");
            Location location = intellivizz.location();
            out.println("Sandbox Intellivizz: " + intellivizz.baseUrl() + "  location: " + location.id() + "  key: "
                    + location.key() + "  agency: " + IntellivizzSandbox.AGENCY + "  its key: "
                    + intellivizz.agencyKey());
            out.println("Run a bundle against it: INTELLIVIZZ_BASE_URL=" + intellivizz.baseUrl()
                    + " INTELLIVIZZ_API_KEY=" + location.key() + " INTELLIVIZZ_LOCATION_ID=" + location.id()
                    + " crm-bridge run");
            out.println("An OAuth app of it: bridge.oauth.<app>.client-id=" + APP + "  .client-secret=" + SECRET
                    + "  .base-url=" + intellivizz.baseUrl() + "  .redirect-uri=" + redirect);
            out.println("  and a catalogue of the app and its connection with: oauth: { authorize: \""
                    + intellivizz.baseUrl() + "/v2/oauth/chooselocation\" }");
            if (webhooks != null) {
                out.println("Webhooks to " + webhooks + ", which takes them with bridge.inbox.<name>.signature=custom"
                        + "  .signature-header=x-wh-signature  .secret=" + SECRET);
            }
            out.flush();
            interruption.await(Optional.ofNullable(limit));
        }
        return ExitCodes.DONE;
    }

    private void webhooks(IntellivizzSandbox intellivizz) {
        if (webhooks != null) {
            if (!String.valueOf(webhooks.getScheme()).matches("https?") || webhooks.getHost() == null) {
                throw new CommandException(
                        ExitCodes.USAGE, "--webhooks is no URL as in http://127.0.0.1:8080/inbox/leads");
            }
            intellivizz.webhooksTo(webhooks, WebhookSigner.hmac(SECRET));
        }
    }

    private void formPostsTo(Sandbox sandbox) {
        try {
            sandbox.formPostsTo(inbox);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, "--inbox: " + e.getMessage());
        }
    }
}
