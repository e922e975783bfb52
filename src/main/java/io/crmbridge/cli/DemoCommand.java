package io.crmbridge.cli;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.console.Status;
import io.crmbridge.sandbox.LeadOptions;
import io.crmbridge.sandbox.Mailbox;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.state.DataFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Runs the bundle of this folder against a sandbox CRM in the same process, and shows what happens.")
final class DemoCommand implements Callable<Integer> {
    private static final Duration SUMMARY_EACH = Duration.ofSeconds(5);
    private static final String SECRET = "whsec_c2FuZGJveC1vbmx5LW5vdC1hLXNlY3JldA==";

    private static final Path USUAL = Path.of("target/demo-data");
    /** In a folder that may be wiped. */
    private static final String MADE = "made-by-demo.txt";

    /** Routes that mail or enrol people, and so are switched off where it is not for show. */
    private static final List<String> OFF_OTHERWISE = List.of(
            "contact-to-chat",
            "leads",
            "leads-csv",
            "leads-mail",
            "replies-stop",
            "contact-replies-stop",
            "replies-collect",
            "replies-digest",
            "enrollments-failing",
            "enrollments-failing-mail",
            "booking-to-sequence",
            "form-to-lead");

    @Option(
            names = "--bundle",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "The bundle's folder (the current one).")
    private Path bundle;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "target/demo-data",
            description = "The demo's own data folder, wiped at each start (${DEFAULT-VALUE}).")
    private Path data;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port of the ops page; another free one if it is taken.")
    private int port;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = Durations.class,
            description = "End by itself after this time, for example 20s.")
    private Duration limit;

    @Option(
            names = "--activity",
            paramLabel = "RATE",
            defaultValue = "2",
            description = "Changes a second that the sandbox's records make by themselves (${DEFAULT-VALUE}).")
    private double activity;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        wipe();
        try (Interruption interruption = new Interruption()) {
            Status last;
            try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSeedRecords(60));
                    BridgeProcess bridge = start(sandbox, out)) {
                out.printf("Sandbox CRM (change a record there and watch it arrive): %s%n", sandbox.baseUrl());
                out.printf("Sandbox of Intellivizz: %s%n", sandbox.intellivizz().baseUrl());
                out.printf("Mailbox (mails arrive here, and nowhere else): %s/mail%n", sandbox.baseUrl());
                out.printf("Form (send a lead): %s/form%n", sandbox.baseUrl());
                out.printf("Ops page: %s%n", bridge.address());
                out.printf("Files: %s%n", bridge.exports().toAbsolutePath());
                out.printf("Data (wiped at each start): %s%n", data.toAbsolutePath());
                out.println(
                        limit == null
                                ? "Ctrl-C stops it."
                                : "It stops by itself after " + limit.toSeconds() + " s; Ctrl-C stops it sooner.");
                out.println();
                out.flush();
                sandbox.startActivity(activity);
                sandbox.intellivizz().startActivity(activity);
                URI inbox = URI.create(bridge.address()).resolve("inbox/leads");
                sandbox.formPostsTo(inbox);
                sandbox.startLeads(LeadOptions.to(inbox, leadsFolder()));
                watch(interruption, bridge, out);
                bridge.stopRoutes();
                last = Status.of(bridge.store(), true);
                out.println();
                out.printf(
                        "The webhook receiver got %d calls, the mailbox %d mails. Files written:%n",
                        sandbox.receiver().count(), sandbox.mailbox().count());
                files(bridge.exports(), out);
            } catch (RuntimeException e) {
                // Camel does not start in a JVM that is ending, which is no fault.
                if (!interruption.isAsked()) {
                    throw e;
                }
                return ExitCodes.DONE;
            }
            out.println("Summary: delivered "
                    + last.routes().stream()
                            .mapToLong(r -> r.delivered() == null ? 0 : r.delivered())
                            .sum());
            StatusCommand.routes(out, RouteTotals.of(last.routes()));
            out.flush();
        }
        return ExitCodes.DONE;
    }

    private BridgeProcess start(Sandbox sandbox, PrintWriter out) {
        Map<String, String> overrides = new TreeMap<>(Map.of(
                "bridge.connection.default.base-url",
                sandbox.baseUrl().toString(),
                "bridge.connection.default.api-key",
                Sandbox.DEFAULT_KEY,
                "bridge.allow-fast-poll",
                "true",
                "bridge.hook.erp.url",
                sandbox.receiver().url().resolve("erp").toString(),
                "bridge.hook.erp.secret",
                SECRET,
                "bridge.hook.erp.allow-private",
                "true",
                "poll.delay",
                "1s",
                "export.roll",
                "5s"));
        overrides.put("bridge.mail.office.host", "127.0.0.1");
        overrides.put(
                "bridge.mail.office.port", Integer.toString(sandbox.mailbox().port()));
        overrides.put("bridge.mail.office.from", "CRM Bridge <bridge@example.com>");
        overrides.put("bridge.mail.office.to", "sales@example.com");
        overrides.put("chat.webhook", sandbox.receiver().url().resolve("chat").toString());
        OFF_OTHERWISE.forEach(route -> overrides.put("bridge.route." + route + ".enabled", "true"));
        for (String hook : List.of("companies", "projects", "replies", "opportunities")) {
            overrides.put(
                    "bridge.hook." + hook + ".url",
                    sandbox.receiver().url().resolve(hook).toString());
            overrides.put("bridge.hook." + hook + ".allow-private", "true");
        }
        overrides.put("report.cron", "0/10 * * * * ?");
        overrides.put("overdue.cron", "5/10 * * * * ?");
        overrides.put("weekly.cron", "8/15 * * * * ?");
        overrides.put("digest.cron", "3/15 * * * * ?");
        overrides.put("failing.cron", "6/15 * * * * ?");
        overrides.put("booking.sequence", "Welcome");
        leads(overrides, sandbox);
        intellivizz(overrides, sandbox.intellivizz());
        // What the demo does is not for a store or a database that others work with.
        overrides.put("bridge.store.url", "");
        overrides.put("bridge.datasource.warehouse.url", "");
        // Whoever tries the demo may have a real server in the environment.
        overrides.put("bridge.mail.office.username", "");
        overrides.put("bridge.mail.office.password", "");
        Bundle demo = Bundle.at(bundle, overrides);
        Screen screen = new Screen(out);
        try {
            return BridgeProcess.start(demo, data, port, Map.of(), screen);
        } catch (CommandException portTaken) {
            return BridgeProcess.start(demo, data, 0, Map.of(), screen);
        }
    }

    /** The other CRM, whose sandbox has the documented limits: polled so that they are not in the way. */
    private static void intellivizz(Map<String, String> overrides, IntellivizzSandbox crm) {
        overrides.put("bridge.connection.intellivizz.base-url", crm.baseUrl().toString());
        overrides.put("bridge.connection.intellivizz.api-key", crm.location().key());
        overrides.put(
                "bridge.connection.intellivizz.location-id", crm.location().id());
        overrides.put("intellivizz.poll.delay", "3s");
        overrides.put("intellivizz.form", "*");
    }

    /** Where leads come from: the form of the sandbox, a folder and a mailbox. */
    private void leads(Map<String, String> overrides, Sandbox sandbox) {
        overrides.put("bridge.inbox.leads.cors", sandbox.baseUrl().toString());
        overrides.put("bridge.inbox.leads.honeypot", "website");
        overrides.put("leads.folder", leadsFolder().toAbsolutePath().toString());
        overrides.put("leads.mail.url", "imap:127.0.0.1:" + sandbox.mailbox().imapPort());
        overrides.put("leads.mail.delay", "1000");
        overrides.put("leads.mail.username", Mailbox.IMAP_USERNAME);
        overrides.put("leads.mail.password", Mailbox.IMAP_PASSWORD);
    }

    private Path leadsFolder() {
        return data.resolve("leads");
    }

    /** Shows a summary now and then, until Ctrl-C or the end. */
    private void watch(Interruption interruption, BridgeProcess bridge, PrintWriter out) {
        Instant end = limit == null ? Instant.MAX : Instant.now().plus(limit);
        while (true) {
            Duration left = limit == null ? SUMMARY_EACH : Duration.between(Instant.now(), end);
            boolean last = left.compareTo(SUMMARY_EACH) < 0;
            Duration wait = last ? left : SUMMARY_EACH;
            if (interruption.await(Optional.of(wait.isNegative() ? Duration.ZERO : wait)) || last) {
                return;
            }
            synchronized (out) {
                out.println();
                StatusCommand.routes(
                        out, RouteTotals.of(Status.of(bridge.store(), true).routes()));
                out.println();
                out.flush();
            }
        }
    }

    private static void files(Path folder, PrintWriter out) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    out.printf("  %s (%d lines)%n", folder.relativize(file), lines(file));
                }
            }
        }
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private void wipe() throws IOException {
        if (Files.exists(data)) {
            empty();
        }
        Files.createDirectories(data);
        Files.writeString(data.resolve(MADE), "The demo wipes this folder at each start.\n");
    }

    private void empty() throws IOException {
        if (DataFolder.isHeld(data)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "%s is not wiped, because it is in use by a running bridge: stop that one, or name another folder with --data"
                            .formatted(data));
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(data)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        if (!Files.isRegularFile(data.resolve(MADE)) && !data.equals(USUAL) && all.size() > 1) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "%s is not wiped, because no demo has made it: name an empty folder with --data".formatted(data));
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
