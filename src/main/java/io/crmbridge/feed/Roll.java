package io.crmbridge.feed;

import io.crmbridge.crm.Row;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The records of a feed that lists all: who is not listed any more is gone. Not thread-safe.
 *
 * <p>Not everything that is missing is believed. Nothing is gone while a row has no id, which may be the missing one, or
 * while the list has a round number of rows, as a list that was cut off has. Where more than half are missing at once, all
 * of them included, the next list must say the same.
 */
final class Roll {
    private static final int CUT_OFF_AT = 50;

    private final Set<String> present;
    private Set<String> suspects = Set.of();

    Roll(Collection<String> present) {
        this.present = new HashSet<>(present);
    }

    /** @param doubt why something that is missing is not believed to be gone */
    record Call(Set<String> gone, Optional<String> doubt) {
        static final Call ALL_THERE = new Call(Set.of(), Optional.empty());
    }

    int size() {
        return present.size();
    }

    /** A list that a server cuts off has a round number of rows. */
    static boolean mayBeCutOff(int rows) {
        return rows > 0 && rows % CUT_OFF_AT == 0;
    }

    Set<String> missing(List<Row> rows) {
        Set<String> missing = new TreeSet<>(present);
        rows.forEach(row -> row.id().ifPresent(missing::remove));
        return missing;
    }

    /** @param rows of the whole list, broken ones included */
    Call call(List<Row> rows) {
        Set<String> missing = missing(rows);
        if (missing.isEmpty()) {
            suspects = Set.of();
            return Call.ALL_THERE;
        }
        long nameless = rows.stream().filter(row -> row.id().isEmpty()).count();
        if (nameless > 0) {
            return doubt(
                    "%d are not listed any more and %d rows have no id, so they may be the same", missing, nameless);
        }
        if (mayBeCutOff(rows.size())) {
            return doubt("%d are not listed any more, but a list of just %d may be cut off", missing, rows.size());
        }
        Set<String> gone = new TreeSet<>(missing);
        gone.retainAll(suspects);
        Set<String> rest = new TreeSet<>(missing);
        rest.removeAll(gone);
        if (rest.size() * 2 <= present.size() - gone.size()) {
            suspects = Set.of();
            return new Call(missing, Optional.empty());
        }
        suspects = missing;
        Call doubt = doubt("%d of %d are not listed any more: believed when the next poll says the same", rest, size());
        return new Call(gone, doubt.doubt());
    }

    private static Call doubt(String text, Set<String> missing, Object more) {
        return new Call(Set.of(), Optional.of(text.formatted(missing.size(), more)));
    }

    /** What a poll has learnt is in the log. */
    void learnt(List<Row> listed, Collection<String> gone) {
        listed.forEach(row -> row.id().ifPresent(present::add));
        present.removeAll(gone);
    }
}
