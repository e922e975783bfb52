package io.crmbridge.sandbox.intellivizz;

import java.util.List;
import java.util.Map;

/**
 * What a list answers.
 *
 * @param total how many rows match, on all pages
 * @param more whether there are some behind the last of these
 * @param order how they are really sorted, or null for as they were stored
 */
record Slice(List<Row> rows, int total, boolean more, Order order) {
    List<Map<String, Object>> fields() {
        return rows.stream().map(Row::fields).toList();
    }

    /** Of the last row, or null where there is none. */
    Position last() {
        return rows.isEmpty() || order == null ? null : order.of(rows.get(rows.size() - 1));
    }

    /** Behind which the next page begins, or null on the last page. */
    String nextCursor() {
        return more ? last().cursor() : null;
    }
}
