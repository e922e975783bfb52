package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;

/**
 * One stored version of a record.
 *
 * @param stamp its place in the list: updatedAt, or the time it was put where updatedAt cannot be read
 * @param sequence number of the write, which orders equal stamps
 * @param raw given as it is and served as it is, without resolved names
 */
record Row(String id, Instant stamp, long sequence, Map<String, Object> fields, boolean raw) {
    static final Comparator<Row> NEWEST_FIRST =
            Comparator.comparing(Row::stamp).thenComparingLong(Row::sequence).reversed();

    /** As its fields say it, or else its place in the list. */
    Instant createdAt() {
        return Stamps.parse(fields.get("createdAt")).orElse(stamp);
    }
}
