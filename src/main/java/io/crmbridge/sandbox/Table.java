package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The rows of one resource, kept sorted so that a page costs its own length only. Guarded by its workspace's lock. */
final class Table {
    private final Map<String, Row> byCreation = new LinkedHashMap<>();
    private final TreeSet<Row> byNewest = new TreeSet<>(Row.NEWEST_FIRST);

    void put(Row row) {
        Row previous = byCreation.put(row.id(), row);
        if (previous != null) {
            byNewest.remove(previous);
        }
        byNewest.add(row);
    }

    Row remove(String id) {
        Row previous = byCreation.remove(id);
        if (previous != null) {
            byNewest.remove(previous);
        }
        return previous;
    }

    Row get(String id) {
        return byCreation.get(id);
    }

    int size() {
        return byCreation.size();
    }

    /** In the order of creation, oldest first. */
    Collection<Row> rows() {
        return Collections.unmodifiableCollection(byCreation.values());
    }

    /** Newest first, strictly after {@code since} where it is not null. */
    List<Row> newest(Instant since, int limit) {
        List<Row> page = new ArrayList<>(Math.min(limit, byNewest.size()));
        for (Row row : byNewest) {
            if (page.size() == limit || (since != null && !row.stamp().isAfter(since))) {
                break;
            }
            page.add(row);
        }
        return page;
    }

    /** The newest stamp that is not after {@code limit}, or null. */
    Instant newestStampUntil(Instant limit) {
        Row row = byNewest.ceiling(new Row("", limit, Long.MAX_VALUE, Map.of(), true));
        return row == null ? null : row.stamp();
    }
}
