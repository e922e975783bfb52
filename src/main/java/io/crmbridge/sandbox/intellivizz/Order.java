package io.crmbridge.sandbox.intellivizz;

import java.time.Instant;
import java.util.Comparator;
import java.util.function.Function;

/** How a list is sorted; equal stamps by id. */
enum Order {
    UPDATED_ASC(Row::stamp, false),
    UPDATED_DESC(Row::stamp, true),
    ADDED_ASC(Row::added, false),
    ADDED_DESC(Row::added, true);

    private final Function<Row, Instant> by;
    private final Comparator<Row> comparator;

    Order(Function<Row, Instant> by, boolean descending) {
        this.by = by;
        Comparator<Row> ascending = Comparator.comparing(by).thenComparing(Row::id);
        comparator = descending ? ascending.reversed() : ascending;
    }

    Comparator<Row> comparator() {
        return comparator;
    }

    Position of(Row row) {
        return new Position(by.apply(row).toEpochMilli(), row.id());
    }

    /** Whether the row comes behind this place. */
    boolean isBehind(Row row, Position position) {
        Instant at = Instant.ofEpochMilli(position.millis());
        return comparator.compare(row, new Row(position.id(), at, at, row.fields())) > 0;
    }
}
