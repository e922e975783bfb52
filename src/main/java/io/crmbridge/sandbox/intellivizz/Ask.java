package io.crmbridge.sandbox.intellivizz;

import java.util.function.Predicate;

/**
 * What a caller wants of a list.
 *
 * @param within the rows that the list is of, whatever is asked: those of one contact, of one conversation
 * @param filter which of them were asked for
 * @param order null: as they were stored
 * @param after null: from the first on
 */
record Ask(
        Resource resource,
        Predicate<Row> within,
        Predicate<Row> filter,
        Order order,
        Position after,
        int offset,
        int limit) {
    static Ask of(Resource resource) {
        return new Ask(resource, row -> true, row -> true, null, null, 0, Integer.MAX_VALUE);
    }

    Ask within(Predicate<Row> newWithin) {
        return new Ask(resource, newWithin, filter, order, after, offset, limit);
    }

    Ask filter(Predicate<Row> more) {
        return new Ask(resource, within, filter.and(more), order, after, offset, limit);
    }

    Ask order(Order newOrder) {
        return new Ask(resource, within, filter, newOrder, after, offset, limit);
    }

    Ask after(Position position) {
        return new Ask(resource, within, filter, order, position, offset, limit);
    }

    Ask offset(int rows) {
        return new Ask(resource, within, filter, order, after, rows, limit);
    }

    Ask limit(int rows) {
        return new Ask(resource, within, filter, order, after, offset, rows);
    }
}
