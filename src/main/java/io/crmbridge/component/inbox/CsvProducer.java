package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Inbox;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Inboxes.Receipt;
import io.crmbridge.state.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the good lines of a CSV file, each once however often the file is read and under whatever name, and tells the
 * others. It is read as a stream.
 */
final class CsvProducer extends Appending {
    private static final Logger LOG = LoggerFactory.getLogger(CsvProducer.class);
    private static final Duration BETWEEN_SIGNS = Duration.ofSeconds(10);

    CsvProducer(InboxEndpoint endpoint, BridgeServices services, Optional<Expression> key) {
        super(endpoint, services, key);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        try (CsvContent content = CsvContent.of(exchange)
                .orElseThrow(() -> permanent("format=csv takes a file, its bytes or its text"))) {
            try {
                take(exchange, content);
            } catch (Exception e) {
                // A file: route puts aside without a word what fails.
                LOG.warn(
                        e instanceof TargetException
                                ? e.getMessage()
                                : "inbox %s: %s failed: %s".formatted(name(), content.name(), reason(e)));
                throw e;
            }
        }
    }

    private static String reason(Exception e) {
        return e instanceof StoreException ? e.getMessage() : e.getClass().getSimpleName();
    }

    private void take(Exchange exchange, CsvContent content) throws IOException, TargetException {
        try (CsvFaults faults = CsvFaults.of(content)) {
            Instant begun = now();
            String stamp = content.stamp();
            CsvSurvey survey = survey(content);
            unchanged(content, stamp);
            Taken taken = new Taken(exchange, content.name(), survey.sha256(), faults);
            if (survey.text()) {
                taken.all(new CsvLines(new PhysicalLines(survey.read(content.open()))));
            } else {
                faults.add(0, "this is no CSV: it holds bytes that no text has, as a spreadsheet's own file does");
            }
            unchanged(content, stamp);
            Optional<Path> errors = faults.finish();
            String where = errors.map(file -> ", told in " + file).orElse("");
            if (taken.lines() == 0) {
                throw permanent("there is no good line in %s%s".formatted(content.name(), where));
            }
            told(exchange, begun, taken.accepted > 0 ? "appended" : "known already");
            exchange.getMessage().setBody(summary(taken, content.name(), faults.lines(), errors));
            LOG.info(
                    "inbox {}: {}: {} lines, {} accepted, {} duplicates, {} faulty{}",
                    name(),
                    content.name(),
                    taken.lines() + faults.lines(),
                    taken.accepted,
                    taken.duplicates,
                    faults.lines(),
                    where);
        }
    }

    private static Map<String, Object> summary(Taken taken, String file, int faulty, Optional<Path> errors) {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("file", file);
        summary.put("lines", taken.lines() + faulty);
        summary.put("accepted", taken.accepted);
        summary.put("duplicates", taken.duplicates);
        summary.put("faulty", faulty);
        errors.ifPresent(path -> summary.put("errors", path.toString()));
        return summary;
    }

    private static CsvSurvey survey(CsvContent content) throws IOException {
        try (InputStream bytes = content.open()) {
            return CsvSurvey.of(bytes);
        }
    }

    /** A file that is still being written would lose what comes after its reading. */
    private void unchanged(CsvContent content, String stamp) throws IOException, TargetException {
        if (!content.stamp().equals(stamp)) {
            String reason = "inbox %s: %s was changed while it was read: set readLock=changed on the file: route"
                    .formatted(name(), content.name());
            throw new TargetException(new Outcome.Passing(reason, Optional.empty()), reason, null);
        }
    }

    /** What has been taken of one file. */
    private final class Taken {
        private static final int MOST = 500;
        private static final int MOST_CHARACTERS = 1 << 21;

        private final Exchange exchange;
        private final String file;
        private final String sha256;
        private final CsvFaults faults;
        private final InboxRules.Rules rules = rules();
        private final List<Inbox.Entry> waiting = new ArrayList<>();
        private int characters;
        private int accepted;
        private int duplicates;
        private Instant sign = now();

        Taken(Exchange exchange, String file, String sha256, CsvFaults faults) {
            this.exchange = exchange;
            this.file = file;
            this.sha256 = sha256;
            this.faults = faults;
        }

        int lines() {
            return accepted + duplicates;
        }

        void all(CsvLines lines) throws IOException {
            try (lines) {
                Optional<CsvLines.Read> head = lines.head();
                if (head.isEmpty()) {
                    faults.add(0, "there is no line in it");
                    return;
                }
                Optional<String> fault = head.get().isRight()
                        ? ofNames(head.get().cells())
                        : Optional.of(head.get().fault());
                if (fault.isPresent()) {
                    faults.add(head.get().line(), fault.get());
                    return;
                }
                List<String> names = head.get().cells();
                for (Optional<CsvLines.Read> line = lines.next(); line.isPresent(); line = lines.next()) {
                    take(names, line.get());
                }
                append();
                if (lines() + faults.lines() == 0) {
                    faults.add(0, "there is nothing below the line of names");
                }
            }
        }

        private void take(List<String> names, CsvLines.Read line) throws IOException {
            if (!line.isRight()) {
                faults.add(line.line(), line.fault());
                return;
            }
            ObjectNode entry = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < names.size(); i++) {
                String cell = line.cells().get(i);
                if (!cell.isEmpty()) {
                    entry.put(names.get(i), cell);
                    characters += cell.length();
                }
            }
            List<Fault> wrong = rules.schema().faults(line.line(), entry, true);
            if (!wrong.isEmpty()) {
                faults.add(line.line(), wrong);
                return;
            }
            try {
                waiting.add(new Inbox.Entry(
                        entry,
                        key(exchange, entry),
                        Optional.of("csv %s %s %d".formatted(name(), sha256, line.line()))));
            } catch (TargetException e) {
                faults.add(line.line(), "key= cannot be evaluated for it");
            }
            if (waiting.size() == MOST || characters > MOST_CHARACTERS) {
                append();
            }
        }

        private void append() {
            if (!waiting.isEmpty()) {
                List<Receipt> receipts =
                        inbox().accept(waiting, rules.settings().dedupe());
                int fresh = (int) receipts.stream().filter(Receipt::isNew).count();
                accepted += fresh;
                duplicates += receipts.size() - fresh;
                waiting.clear();
                characters = 0;
            }
            if (sign.plus(BETWEEN_SIGNS).isBefore(now())) {
                sign = now();
                LOG.info("inbox {}: {}: {} lines so far", name(), file, lines() + faults.lines());
            }
        }
    }

    /** What is wrong with the names of the columns. */
    private static Optional<String> ofNames(List<String> names) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> names.get(i).contains("@")
                        ? "the first line names no fields: column %d has an address in it".formatted(i + 1)
                        : names.get(i).isEmpty()
                                ? "column %d has no name".formatted(i + 1)
                                : names.indexOf(names.get(i)) < i
                                        ? "column %d has the name of column %d"
                                                .formatted(i + 1, names.indexOf(names.get(i)) + 1)
                                        : "")
                .filter(fault -> !fault.isEmpty())
                .findFirst();
    }
}
