package io.crmbridge.sandbox.intellivizz;

import java.util.Objects;

/** How the list of one resource of one location misbehaves; each call takes effect with the next page. Thread-safe. */
public final class Listing {
    private boolean ignoresSort;
    private boolean ignoresFilters;
    private int cap = Integer.MAX_VALUE;
    private int pages;
    private Runnable change;

    Listing() {}

    /** The newest change comes first, whatever order is asked for. */
    public synchronized Listing ignoreSort() {
        ignoresSort = true;
        return this;
    }

    /** All rows, whatever filter, since or until is asked for. */
    public synchronized Listing ignoreFilters() {
        ignoresFilters = true;
        return this;
    }

    /** At most so many rows a page, where more are asked for, without a word. */
    public synchronized Listing cap(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("cap must be at least 1, and is " + rows);
        }
        cap = rows;
        return this;
    }

    /** Runs this after each of the next so many pages, before the page is answered: what is read behind them has moved. */
    public synchronized Listing afterPages(int count, Runnable newChange) {
        pages = count;
        change = Objects.requireNonNull(newChange, "newChange");
        return this;
    }

    /** As documented again. */
    public synchronized Listing behave() {
        ignoresSort = false;
        ignoresFilters = false;
        cap = Integer.MAX_VALUE;
        pages = 0;
        return this;
    }

    synchronized Ask bend(Ask ask) {
        Ask bent = ask.limit(Math.min(cap, ask.limit()));
        if (ignoresSort) {
            bent = bent.order(Order.UPDATED_DESC);
        }
        return ignoresFilters
                ? new Ask(
                        bent.resource(),
                        bent.within(),
                        row -> true,
                        bent.order(),
                        bent.after(),
                        bent.offset(),
                        bent.limit())
                : bent;
    }

    void pageWasRead() {
        Runnable due = null;
        synchronized (this) {
            if (pages > 0) {
                pages--;
                due = change;
            }
        }
        if (due != null) {
            due.run();
        }
    }
}
