package io.crmbridge.feed;

import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads a list that comes in pages. While it is read, rows may come and go, and so slip from one page to another unseen: one
 * call shows what there was at a time, several are believed when two readings in a row show the same.
 */
final class AgreedReading {
    private static final int MOST_READINGS = 6;

    private final FeedContract contract;
    private final Function<Optional<String>, Page> pages;
    private final int mostPages;

    /** @param pages asks for the page after another one, or for the first */
    AgreedReading(FeedContract contract, Function<Optional<String>, Page> pages, int mostPages) {
        this.contract = contract;
        this.pages = pages;
        this.mostPages = mostPages;
    }

    /**
     * @param rows all that any reading showed, the last one's last
     * @param last those of the last one
     * @param begun the CRM's clock at the first call of all
     * @param date at the first call of what is believed: what changed up to then, and not later, is shown
     * @param calls of all readings
     * @param tooLong more pages than were to be read
     * @param agreed whether it is believed
     */
    record Found(
            List<Row> rows,
            List<Row> last,
            Optional<Instant> begun,
            Optional<Instant> date,
            int calls,
            boolean tooLong,
            boolean agreed) {}

    /**
     * @param settled rows stamped later may differ from one reading to the next
     * @throws io.crmbridge.crm.CrmException when the CRM does not answer, or the list goes round in a circle
     */
    Found read(Function<Optional<Instant>, Instant> settled) {
        List<Row> all = new ArrayList<>();
        Optional<Reading> before = Optional.empty();
        Optional<Instant> begun = Optional.empty();
        int calls = 0;
        for (int reading = 0; reading < MOST_READINGS; reading++) {
            Reading now = readOnce();
            begun = reading == 0 ? now.date() : begun;
            all.addAll(now.rows());
            calls += now.calls();
            if (now.tooLong()) {
                return new Found(all, now.rows(), begun, now.date(), calls, true, false);
            }
            if (now.moved()) {
                before = Optional.empty();
                continue;
            }
            Optional<Instant> date = before.map(Reading::date).orElse(now.date());
            Instant until = settled.apply(date);
            if (now.calls() == 1
                    || before.isPresent() && before.get().shows(until).equals(now.shows(until))) {
                return new Found(all, now.rows(), begun, date, calls, false, true);
            }
            before = Optional.of(now);
        }
        return new Found(all, List.of(), begun, begun, calls, false, false);
    }

    private record Reading(List<Row> rows, Optional<Instant> date, int calls, boolean tooLong, boolean moved) {
        Set<String> shows(Instant until) {
            Set<String> shown = new HashSet<>();
            for (Row row : rows) {
                if (row.stamp().map(at -> !at.isAfter(until)).orElse(true)) {
                    shown.add(row.id().map(id -> id + " " + row.version()).orElseGet(row::mark));
                }
            }
            return shown;
        }
    }

    private Reading readOnce() {
        Progress progress = new Progress(contract);
        List<Row> rows = new ArrayList<>();
        Page page = pages.apply(Optional.empty());
        Optional<Instant> date = page.date();
        int calls = 1;
        progress.check(page);
        rows.addAll(page.rows());
        while (page.next().isPresent()) {
            if (calls == mostPages) {
                return new Reading(rows, date, calls, true, false);
            }
            page = pages.apply(page.next());
            calls++;
            rows.addAll(page.rows());
            if (page.moved()) {
                return new Reading(rows, date, calls, false, true);
            }
            progress.check(page);
        }
        return new Reading(rows, date, calls, false, false);
    }
}
