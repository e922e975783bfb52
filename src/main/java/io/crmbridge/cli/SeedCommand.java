package io.crmbridge.cli;

import io.crmbridge.component.Completeness;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Seeds;
import io.crmbridge.state.Seeds.Contact;
import io.crmbridge.state.Seeds.Loading;
import io.crmbridge.state.Seeds.Seed;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "seed",
        mixinStandardHelpOptions = true,
        description =
                "Takes an export of all contacts from the CRM's own screen, so that a new lead is known to be new in a"
                        + " workspace of more contacts than the API shows. Only hashes of the addresses are kept.")
final class SeedCommand implements Callable<Integer> {
    private static final int CHUNK = 20_000;
    private static final String FEED = "contacts";

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data;

    @Parameters(paramLabel = "FILE", description = "A CSV of all contacts, with their ids and e-mail addresses.")
    private Path file;

    @Option(names = "--connection", paramLabel = "NAME", description = "The connection (default).")
    private String connection = "default";

    @Option(
            names = "--exported-at",
            paramLabel = "TIME",
            description =
                    "When the export was begun, such as 2026-05-01T10:00:00Z, without a zone that of this machine; the"
                            + " file's own time unless it is set. Set it where the file was saved again since.")
    private String exportedAt;

    @Option(names = "--id-column", paramLabel = "NAME", description = "Where it is none of the usual names.")
    private String idColumn;

    @Option(names = "--email-column", paramLabel = "NAME", description = "Where it is none of the usual names.")
    private String emailColumn;

    @Option(
            names = "--all-contacts",
            description = "It is all contacts, though many that the bridge has seen are not in it: they were deleted.")
    private boolean allContacts;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /** @param why new leads of unknown addresses are held all the same; empty where they are not */
    private record Report(
            String connection,
            String exportedAt,
            long taken,
            long withoutId,
            long withoutAddress,
            int missing,
            boolean suffices,
            String why) {}

    @Override
    public Integer call() throws IOException {
        Report report;
        try (Store store = data.attach();
                ContactsExport export =
                        ContactsExport.open(file, Optional.ofNullable(idColumn), Optional.ofNullable(emailColumn))) {
            report = load(store, export);
        } catch (NoSuchFileException e) {
            throw new CommandException(ExitCodes.USAGE, "there is no file " + file);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Output.json(out, report);
        } else {
            print(out, report);
        }
        return report.suffices ? ExitCodes.DONE : ExitCodes.FAILED;
    }

    private Report load(Store store, ContactsExport export) throws IOException {
        long source = LeadsCommand.source(store, connection);
        Instant exported = exported();
        Optional<FeedState> contacts = store.sources().feed(source, FEED);
        SeedSample sample = new SeedSample(store, contacts.map(FeedState::id), exported);
        long withoutId = 0;
        Seed seed;
        try (Loading loading = store.seeds().begin(source, exported)) {
            List<Contact> chunk = new ArrayList<>();
            for (Optional<Contact> next = export.next(); next.isPresent(); next = export.next()) {
                Contact contact = next.get();
                withoutId += contact.id().equals(Seeds.NO_ID) ? 1 : 0;
                sample.met(contact);
                chunk.add(contact);
                if (chunk.size() == CHUNK) {
                    loading.add(chunk);
                    chunk.clear();
                }
            }
            loading.add(chunk);
            check(sample);
            seed = loading.finish();
        }
        String why = insufficient(store, contacts, seed);
        return new Report(
                connection,
                exported.toString(),
                seed.contacts(),
                withoutId,
                export.withoutAddress(),
                sample.missing(),
                why.isEmpty(),
                why);
    }

    private Instant exported() throws IOException {
        Instant time = exportedAt == null ? Files.getLastModifiedTime(file).toInstant() : time(exportedAt);
        if (time.isAfter(Instant.now())) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "%s is in the future: say with --exported-at when the export was begun".formatted(time));
        }
        return time;
    }

    /** @throws CommandException when it is none */
    static Instant time(String text) {
        try {
            return DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from)
                            instanceof LocalDateTime local
                    ? local.atZone(ZoneId.systemDefault()).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new CommandException(
                    ExitCodes.USAGE, "\"%s\" is no time: write for example 2026-05-01T10:00:00Z".formatted(text));
        }
    }

    private void check(SeedSample sample) {
        if (sample.isOfOtherIds()) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "the ids in %s are not those by which the CRM's API knows its contacts, and nothing was taken: choose"
                                    .formatted(file)
                            + " another column with --id-column, or take the column out");
        }
        if (sample.isOfSomeContacts() && !allContacts) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "%d of %d contacts that the bridge had seen before are not in %s, and nothing was taken: export all contacts,"
                                    .formatted(sample.missing(), sample.expected(), file)
                            + " without a filter; if they were deleted, say --all-contacts");
        }
    }

    private String insufficient(Store store, Optional<FeedState> contacts, Seed seed) {
        if (contacts.flatMap(FeedState::proven).isEmpty()) {
            return "the bridge has not read the contacts of this connection yet: whether it suffices shows when it has run";
        }
        List<String> unseen = Completeness.unseen(store, connection, contacts.get(), Optional.of(seed));
        return unseen.isEmpty()
                ? ""
                : "%s, and the export is not at least %d min younger: while the bridge runs, export all contacts again now,"
                                .formatted(String.join("; ", unseen), Seed.LATENESS.toMinutes())
                        + " or in %d min if that was just now, and seed that".formatted(Seed.LATENESS.toMinutes());
    }

    private static void print(PrintWriter out, Report report) {
        out.println("%d contacts of the export of %s are taken".formatted(report.taken, report.exportedAt));
        if (report.withoutId > 0) {
            out.println("%d of its lines have no id: a lead with such an address is held".formatted(report.withoutId));
        }
        if (report.withoutAddress > 0) {
            out.println("%d lines without an address are skipped".formatted(report.withoutAddress));
        }
        if (report.missing > 0) {
            out.println(
                    "%d contacts that the bridge had seen before are not in it: unless they were deleted, it is not whole"
                            .formatted(report.missing));
        }
        out.println(
                report.suffices
                        ? "new leads are created without asking"
                        : "new leads are held as before: " + report.why);
    }
}
