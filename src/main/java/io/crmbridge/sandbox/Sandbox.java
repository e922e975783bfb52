package io.crmbridge.sandbox;

import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.javalin.Javalin;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Stand-ins of the two CRMs over real HTTP, with a webhook receiver and a mail server beside them, on the loopback address.
 *
 * <p>{@link #intellivizz()} is the one, ImpactiveAI the other. Under {@link #baseUrl()}: {@code /api/zapier/*} and {@code /api/agent/*} as the CRM's API document says,
 * {@code /control/*} to make it misbehave, and pages at {@code /}, {@code /mail} and {@code /form}. "Every request must include an x-api-key header";
 * a workspace is seen by its own key only. Every answer carries a {@code Date} header from the clock of the options.
 * Nothing is written to disk but the files of {@link #startLeads}. Thread-safe.
 */
public final class Sandbox implements AutoCloseable {
    /** The key of {@link #workspace()}. */
    public static final String DEFAULT_KEY = "icrm_00000000000000000000000000000000";

    private final SandboxOptions options;
    private final Workspaces workspaces;
    private final Faults faults = new Faults();
    private final Waits waits = new Waits();
    private final WebhookReceiver receiver;
    private final Mailbox mailbox;
    private final Activity activity;
    private final SequenceTimer sequences;
    private final Leads leads;
    private final Javalin server;
    private volatile FormTarget form = FormTarget.DEFAULT;
    private IntellivizzSandbox intellivizz;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Sandbox(SandboxOptions options) {
        this.options = options;
        receiver = WebhookReceiver.start(options.receiverPort(), options.clock());
        try {
            mailbox = Mailbox.start(options.mailPort(), options.imapPort(), options.clock());
        } catch (RuntimeException e) {
            receiver.close();
            throw e;
        }
        workspaces = new Workspaces(options, new Outbox(mailbox.port()));
        addWorkspace("ws_sandbox", "Sandbox workspace", DEFAULT_KEY);
        mailbox.readBy(
                mail -> workspaces.all().forEach(workspace -> workspace.stores().receive(mail)));
        activity = new Activity(workspace(), options.seed());
        sequences = new SequenceTimer(workspaces);
        leads = new Leads(options.clock(), options.seed());
        try {
            server = WebServer.start("sandbox CRM", options.port(), options.clock(), routes -> {
                WebServer.blameRequest(routes);
                new WorkspaceKeys(workspaces).addTo(routes, new FaultFilter(faults, options.clock(), waits));
                new ZapierApi().addTo(routes);
                new ContactsApi().addTo(routes);
                new SequencesApi().addTo(routes);
                new EnrollmentsApi().addTo(routes);
                new BookingsApi().addTo(routes);
                new ControlApi(workspaces, faults, receiver).addTo(routes);
                new SequenceControlApi(workspaces).addTo(routes);
                new MailApi(mailbox).addTo(routes);
                new Page(() -> form).addTo(routes);
            });
        } catch (RuntimeException e) {
            receiver.close();
            mailbox.close();
            throw e;
        }
        sequences.start(options.sendEach());
        if (options.intellivizzPort() != 0) {
            try {
                intellivizz();
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }
    }

    /** Starts its servers; throws {@link SandboxException} with a sentence where a port is taken. */
    public static Sandbox start(SandboxOptions options) {
        return new Sandbox(options);
    }

    /** {@code http://127.0.0.1:PORT}, without a slash at its end. */
    public URI baseUrl() {
        return URI.create("http://%s:%d".formatted(WebServer.HOST, server.port()));
    }

    /** The webhook target on its own port. */
    public WebhookReceiver receiver() {
        return receiver;
    }

    /** The mail server on its own port. */
    public Mailbox mailbox() {
        return mailbox;
    }

    /** The default workspace, id {@code ws_sandbox}, key {@link #DEFAULT_KEY}. */
    public Workspace workspace() {
        return workspaces.first();
    }

    /** Adds a workspace, seeded like the first; throws IllegalArgumentException where the id or the key is in use. */
    public Workspace addWorkspace(String id, String name, String apiKey) {
        Workspace workspace = workspaces.add(id, name, apiKey);
        SeedData.fill(workspace.records(), options.seedRecords());
        if (options.seedRecords() > 0) {
            SeedSequences.fill(workspace);
        }
        return workspace;
    }

    /**
     * The other CRM, on its own port: started with the sandbox where its port is given, and else by the first call of this. Throws
     * {@link SandboxException} where the port is taken.
     */
    public synchronized IntellivizzSandbox intellivizz() {
        if (intellivizz == null) {
            if (closed.get()) {
                throw new IllegalStateException("The sandbox is closed.");
            }
            intellivizz = IntellivizzSandbox.start(
                    options.intellivizzPort(), options.clock(), options.seedRecords(), options.seed());
        }
        return intellivizz;
    }

    /** The rules by which {@code /api/*} misbehaves. */
    public Faults faults() {
        return faults;
    }

    /**
     * Records of the default workspace change by themselves at this rate (above 0, at most 1,000 a second), on a daemon
     * thread, in an order that the seed decides; one in ten changes is a new record until a resource has 1,000, and
     * about one in three deal changes is won. With them come replies, bookings, enrolments and the mails of sequences,
     * once in six changes; and once in twenty, somebody who got a mail of a sequence answers STOP above its text, or
     * thanks for it, or has it come back. Called again: the new rate.
     */
    public void startActivity(double changesPerSecond) {
        activity.start(changesPerSecond);
    }

    /**
     * Leads come in by themselves from now on, by posted forms, CSV files and mails, on a daemon thread: people who do not
     * exist, whom the seed decides. Some post the form twice, with their address in capitals and blanks around it; some
     * are machines and fill in the field that people do not see. What does not get through, because the bridge is not
     * there yet, is sent again with the same {@code Idempotency-Key}. Called again: these instead, from the first on.
     */
    public void startLeads(LeadOptions leadOptions) {
        leads.start(leadOptions, baseUrl(), mailbox.port());
    }

    /** The inbox that the form at {@code /form} posts to; {@code http://127.0.0.1:8080/inbox/leads} unless set. */
    public void formPostsTo(URI inbox) {
        form = new FormTarget(inbox);
    }

    /** Closes its ports and every connection within a second; delays end early. Does nothing when closed. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            activity.close();
            sequences.close();
            leads.close();
            waits.end();
            receiver.close();
            mailbox.close();
            server.stop();
            closeIntellivizz();
        }
    }

    private synchronized void closeIntellivizz() {
        if (intellivizz != null) {
            intellivizz.close();
        }
    }
}
