package io.crmbridge.component.export;

import io.crmbridge.state.ExportLedger;
import io.crmbridge.state.ExportLedger.ExportFile;
import io.crmbridge.state.ExportLedger.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows into files below one folder, each exactly once: the part file is written and fsynced, then one transaction
 * records the keys and the new length; after a crash what lies beyond that length is cut off, and a row whose key is known is
 * not written again. Thread-safe; rows of one file are written one after the other.
 */
public final class Exporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Exporter.class);

    private final Path folder;
    private final ExportLedger ledger;
    private final Clock clock;
    private final Map<String, Slot> slots = new HashMap<>();
    private final Map<String, Roll> expected = new ConcurrentHashMap<>();

    /** Finishes what a crash left: cuts part files, completes renames. */
    public Exporter(Path folder, ExportLedger ledger, Clock clock) throws IOException {
        this.folder = folder.toAbsolutePath().normalize();
        this.ledger = ledger;
        this.clock = clock;
        for (ExportFile file : ledger.unfinished()) {
            slots.computeIfAbsent(file.slot(), Slot::new).restore(file);
        }
    }

    public Path folder() {
        return folder;
    }

    /**
     * Writes the rows that are not in a file yet.
     *
     * @param name of the file below the folder, from trusted and made-safe parts only
     * @param keys one a row; empty: the rows have no key and are all written
     */
    void write(String name, RowFormat format, Roll roll, List<Map<String, Object>> rows, List<String> keys)
            throws IOException {
        Slot slot;
        synchronized (slots) {
            slot = slots.computeIfAbsent(name, Slot::new);
        }
        slot.write(format, roll, rows, keys);
    }

    /** Tells which files a route writes and when they roll, so that one left by an earlier run is finished in its time. */
    void expect(String pattern, Roll roll) {
        expected.put(pattern, roll);
    }

    /** Names that a pattern makes, with this date or with any. */
    private static Pattern names(String pattern, String date) {
        return Pattern.compile(
                Pattern.quote(pattern).replace("{date}", date).replaceAll("\\{(feed|connection)}", "\\\\E.+\\\\Q"));
    }

    /** Finishes files whose time has come although no row arrives. */
    public void sweep() {
        List<Slot> all;
        synchronized (slots) {
            all = List.copyOf(slots.values());
        }
        for (Slot slot : all) {
            try {
                slot.finishIfOld();
            } catch (IOException | RuntimeException e) {
                LOG.error("an export file could not be finished: {}", e.toString());
            }
        }
    }

    @Override
    public void close() {
        List<Slot> all;
        synchronized (slots) {
            all = List.copyOf(slots.values());
        }
        all.forEach(Slot::close);
    }

    /** The current file of one name. */
    private final class Slot {
        private final String name;
        private ExportFile file;
        private PartFile part;
        private List<String> columns = List.of();
        private Roll lastRoll;
        /** The ledger may know more of this name than this object: at the beginning, and after a failure. */
        private boolean uncertain = true;

        Slot(String name) {
            this.name = name;
        }

        synchronized void write(RowFormat format, Roll roll, List<Map<String, Object>> rows, List<String> keys)
                throws IOException {
            try {
                append(format, roll, rows, keys);
            } catch (IOException | RuntimeException e) {
                forget();
                throw e;
            }
        }

        private void append(RowFormat format, Roll roll, List<Map<String, Object>> rows, List<String> keys)
                throws IOException {
            lastRoll = roll;
            List<Map<String, Object>> fresh = rows;
            List<String> freshKeys = keys;
            if (!keys.isEmpty()) {
                Set<String> known = ledger.known(keys);
                if (!known.isEmpty()) {
                    fresh = new ArrayList<>();
                    freshKeys = new ArrayList<>();
                    for (int i = 0; i < rows.size(); i++) {
                        if (!known.contains(keys.get(i))) {
                            fresh.add(rows.get(i));
                            freshKeys.add(keys.get(i));
                        }
                    }
                }
            }
            if (fresh.isEmpty()) {
                return;
            }
            resume();
            if (file != null && (roll.isOld(file, clock.instant()) || !format.fits(columns, fresh))) {
                finish();
            }
            if (file == null) {
                begin(format, fresh);
            }
            long length = part.append(format.rows(columns, fresh), file.bytes());
            ledger.written(file.id(), freshKeys, length, file.entries() + fresh.size());
            file = new ExportFile(
                    file.id(),
                    file.slot(),
                    file.path(),
                    file.columns(),
                    file.state(),
                    length,
                    file.entries() + fresh.size(),
                    file.openedAt());
            if (roll.isFull(file, file.entries(), file.bytes())) {
                finish();
            }
        }

        /** Goes on with what an earlier run or a failure left. */
        private void resume() throws IOException {
            if (uncertain) {
                for (ExportFile left : ledger.unfinished()) {
                    if (left.slot().equals(name)) {
                        restore(left);
                    }
                }
                uncertain = false;
            }
        }

        /** Completes a rename, or cuts off what was not recorded and goes on from there. */
        synchronized void restore(ExportFile left) throws IOException {
            uncertain = false;
            PartFile found = new PartFile(folder.resolve(left.path()));
            if (left.state() == State.CLOSING) {
                found.finish();
                ledger.closed(left.id());
            } else if (found.cutTo(left.bytes())) {
                file = left;
                part = found;
                columns = left.columns().map(text -> List.of(text.split("\n"))).orElse(List.of());
            } else {
                if (left.entries() > 0) {
                    LOG.error(
                            "the part file of {} is missing or shorter than recorded; its {} rows were finished or removed"
                                    + " by someone else, a new file begins",
                            left.path(),
                            left.entries());
                }
                ledger.closed(left.id());
            }
        }

        /** What is true stands in the ledger alone. */
        private void forget() {
            try {
                close();
            } catch (UncheckedIOException e) {
                LOG.debug("a part file did not close after a failure", e);
            }
            part = null;
            file = null;
            uncertain = true;
        }

        private void begin(RowFormat format, List<Map<String, Object>> rows) throws IOException {
            columns = format.columns(rows).orElse(List.of());
            Path target = PartFile.free(folder, name);
            file = ledger.open(
                    name,
                    folder.relativize(target).toString(),
                    columns.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", columns)));
            part = new PartFile(target);
            part.create();
            byte[] header = format.header(columns);
            if (header.length > 0) {
                long length = part.append(header, 0);
                file = new ExportFile(
                        file.id(), file.slot(), file.path(), file.columns(), file.state(), length, 0, file.openedAt());
            }
        }

        synchronized void finishIfOld() throws IOException {
            if (file != null && file.entries() > 0 && isOld()) {
                finish();
            }
        }

        private boolean isOld() {
            Optional<String> pattern = expected.keySet().stream()
                    .filter(known -> names(known, "\\E.+\\Q").matcher(name).matches())
                    .findFirst();
            Roll roll = pattern.map(expected::get).orElse(lastRoll);
            if (roll == null) {
                // No route writes it any more.
                return true;
            }
            String today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
            boolean past = pattern.filter(
                            known -> !names(known, today).matcher(name).matches())
                    .isPresent();
            return past || roll.isOld(file, clock.instant());
        }

        private void finish() throws IOException {
            ledger.closing(file.id());
            part.finish();
            ledger.closed(file.id());
            file = null;
            part = null;
        }

        synchronized void close() {
            if (part != null) {
                try {
                    part.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                part = null;
                file = null;
                uncertain = true;
            }
        }
    }
}
