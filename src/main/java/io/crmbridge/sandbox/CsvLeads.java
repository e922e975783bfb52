package io.crmbridge.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Leads in CSV files as a spreadsheet in Europe writes them, each with one line that is broken. */
final class CsvLeads implements LeadSender {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    /** A byte order mark, by which a spreadsheet knows UTF-8. */
    private static final String START = "\uFEFFfirstName;lastName;email;phone;company;country;source;message\r\n";

    private final LeadPeople people;
    private final Path folder;
    private final int lines;
    private final Clock clock;
    private int files;
    private String waiting;

    CsvLeads(LeadPeople people, Path folder, int lines, Clock clock) {
        this.people = people;
        this.folder = folder;
        this.lines = lines;
        this.clock = clock;
    }

    @Override
    public void send() throws IOException {
        if (waiting == null) {
            waiting = compose();
        }
        if (!waiting.isEmpty()) {
            drop(waiting);
        }
        waiting = null;
    }

    /** Empty where nobody is left. */
    private String compose() {
        String leads = Stream.generate(people::next)
                .limit(lines)
                .flatMap(Optional::stream)
                .map(CsvLeads::line)
                .collect(Collectors.joining());
        return leads.isEmpty() ? "" : START + "This line is broken;\r\n" + leads;
    }

    private static String line(Lead lead) {
        return Stream.of(
                        lead.firstName(),
                        lead.lastName(),
                        lead.email(),
                        lead.phone(),
                        lead.company(),
                        lead.country(),
                        "csv",
                        lead.message())
                .map(CsvLeads::cell)
                .collect(Collectors.joining(";", "", "\r\n"));
    }

    private static String cell(String value) {
        return value.contains(";") || value.contains("\"") ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
    }

    /** Under its own name only when it is whole. */
    private void drop(String text) throws IOException {
        Files.createDirectories(folder);
        String name = "leads-%s-%d.csv".formatted(STAMP.format(clock.instant()), files + 1);
        Path part = folder.resolve("." + name + ".part");
        Files.writeString(part, text);
        Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        files++;
    }
}
