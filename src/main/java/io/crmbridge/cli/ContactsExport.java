package io.crmbridge.cli;

import io.crmbridge.component.MirrorIndex;
import io.crmbridge.component.inbox.CsvFile;
import io.crmbridge.state.Seeds;
import io.crmbridge.state.Seeds.Contact;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** A CSV of all contacts, as the CRM's own screen exports it: the address and the id of each. */
final class ContactsExport implements Closeable {
    private static final List<String> IDS = List.of("id", "contactid", "recordid");
    private static final List<String> EMAILS =
            List.of("email", "emailaddress", "mail", "primaryemail", "contactemail", "workemail");

    private final Path file;
    private final String stamp;
    private final CsvFile lines;
    private final int email;
    private final Optional<Integer> id;
    private long withoutAddress;

    private ContactsExport(Path file, CsvFile lines, Optional<String> idColumn, Optional<String> emailColumn)
            throws IOException {
        this.file = file;
        this.stamp = stamp(file);
        this.lines = lines;
        this.email = column(emailColumn, EMAILS)
                .orElseThrow(() ->
                        usage("%s has no column with a usual name for the e-mail address: name it with --email-column"
                                .formatted(file)));
        this.id = column(idColumn, IDS);
    }

    /** @param idColumn empty: found by a usual name */
    static ContactsExport open(Path file, Optional<String> idColumn, Optional<String> emailColumn) throws IOException {
        CsvFile lines = CsvFile.open(file)
                .orElseThrow(
                        () -> usage("%s is no CSV with a line of names: export the contacts as CSV".formatted(file)));
        try {
            return new ContactsExport(file, lines, idColumn, emailColumn);
        } catch (CommandException | IOException e) {
            lines.close();
            throw e;
        }
    }

    private static CommandException usage(String message) {
        return new CommandException(ExitCodes.USAGE, message);
    }

    private static String stamp(Path file) throws IOException {
        return Files.size(file) + " " + Files.getLastModifiedTime(file);
    }

    private Optional<Integer> column(Optional<String> named, List<String> usual) {
        if (named.isPresent()) {
            return Optional.of(only(named.get())
                    .orElseThrow(() -> usage("%s has no column \"%s\"".formatted(file, named.get()))));
        }
        return usual.stream().flatMap(name -> only(name).stream()).findFirst();
    }

    private Optional<Integer> only(String name) {
        List<Integer> columns = IntStream.range(0, lines.names().size())
                .filter(i -> plain(lines.names().get(i)).equals(plain(name)))
                .boxed()
                .toList();
        if (columns.size() > 1) {
            throw usage("%s has %d columns \"%s\": name them differently, and choose with --email-column or --id-column"
                    .formatted(file, columns.size(), name));
        }
        return columns.stream().findFirst();
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /** How many lines had no address so far. */
    long withoutAddress() {
        return withoutAddress;
    }

    /** The next one with an address; empty at the end. */
    Optional<Contact> next() throws IOException {
        for (Optional<CsvFile.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            if (!line.get().fault().isEmpty()) {
                // Who stands in it would count as nobody.
                throw new CommandException(
                        ExitCodes.FAILED,
                        "line %d of %s is broken, and nothing was taken: it %s"
                                .formatted(line.get().number(), file, line.get().fault()));
            }
            List<String> cells = line.get().cells();
            String address = MirrorIndex.plain(cells.get(email));
            if (!address.isEmpty()) {
                return Optional.of(
                        new Contact(address, id.map(at -> cells.get(at).strip()).orElse(Seeds.NO_ID)));
            }
            withoutAddress++;
        }
        if (!stamp(file).equals(stamp)) {
            throw new CommandException(
                    ExitCodes.FAILED, "%s was changed while it was read, and nothing was taken".formatted(file));
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
