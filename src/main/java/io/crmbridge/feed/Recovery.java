package io.crmbridge.feed;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After a gap: another list of the same records, which shows more than a page. It is read once, or again with the next
 * poll where it failed. Its rows have another shape, and perhaps no stamp. Not thread-safe.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Crm crm;
    private final FeedContract list;
    private boolean due;

    /** @param whole every record is shown with its stamp, so that no version which could still be had is missing */
    record Found(List<Row> rows, boolean whole) {}

    Recovery(Crm crm, FeedContract list) {
        this.crm = crm;
        this.list = list;
    }

    /**
     * @param gap whether one has just opened
     * @param page what the page has already shown
     * @param known ids of all records that are known
     */
    Optional<Found> read(boolean gap, List<Row> page, Supplier<Set<String>> known) {
        due |= gap;
        if (!due) {
            return Optional.empty();
        }
        try {
            List<Row> rows = crm.page(list, Optional.empty()).rows();
            due = false;
            Set<String> shown = ids(page);
            List<Row> others = rows.stream()
                    .filter(row ->
                            row.id().isPresent() && !shown.contains(row.id().get()))
                    .toList();
            return Optional.of(new Found(others, isWhole(rows, shown, known.get())));
        } catch (CrmException e) {
            LOG.warn("{}; it is read with the next poll", e.getMessage());
            return Optional.of(new Found(List.of(), false));
        }
    }

    private boolean isWhole(List<Row> rows, Set<String> shown, Set<String> known) {
        Set<String> all = new HashSet<>(known);
        all.addAll(shown);
        return rows.size() < list.cap()
                && !Roll.mayBeCutOff(rows.size())
                && rows.stream().allMatch(Row::isWhole)
                && ids(rows).containsAll(all);
    }

    private static Set<String> ids(List<Row> rows) {
        return rows.stream().flatMap(row -> row.id().stream()).collect(Collectors.toSet());
    }
}
