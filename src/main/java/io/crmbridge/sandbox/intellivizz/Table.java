package io.crmbridge.sandbox.intellivizz;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The rows of one resource. Those by their last change are kept sorted, because feeds ask for them. Guarded by its records' lock. */
final class Table {
    private final Map<String, Row> byCreation = new LinkedHashMap<>();
    private final TreeSet<Row> byUpdate = new TreeSet<>(Order.UPDATED_ASC.comparator());

    void put(Row row) {
        Row previous = byCreation.put(row.id(), row);
        if (previous != null) {
            byUpdate.remove(previous);
        }
        byUpdate.add(row);
    }

    Row remove(String id) {
        Row previous = byCreation.remove(id);
        if (previous != null) {
            byUpdate.remove(previous);
        }
        return previous;
    }

    Row get(String id) {
        return byCreation.get(id);
    }

    /** @param order null: as they were stored */
    Collection<Row> rows(Order order) {
        if (order == null) {
            return byCreation.values();
        }
        return switch (order) {
            case UPDATED_ASC -> byUpdate;
            case UPDATED_DESC -> byUpdate.descendingSet();
            case ADDED_ASC, ADDED_DESC -> {
                List<Row> sorted = new ArrayList<>(byCreation.values());
                sorted.sort(order.comparator());
                yield sorted;
            }
        };
    }
}
