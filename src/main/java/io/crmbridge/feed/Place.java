package io.crmbridge.feed;

import java.util.StringJoiner;
import java.util.TreeSet;

/**
 * A subscription's place: a low watermark, and what is done above it. Settled means done, parked or dead. Guarded by its
 * runner's lock.
 */
final class Place {
    private final TreeSet<Long> open = new TreeSet<>();
    private final TreeSet<Long> settledAbove = new TreeSet<>();
    private long readTo;
    private long position;

    Place(long position, String doneAbove) {
        this.position = position;
        this.readTo = position;
        for (String range : doneAbove.isEmpty() ? new String[0] : doneAbove.split(",")) {
            int dash = range.indexOf('-');
            long from = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
            long to = dash < 0 ? from : Long.parseLong(range.substring(dash + 1));
            for (long seq = from; seq <= to; seq++) {
                settledAbove.add(seq);
            }
        }
    }

    /** Up to where the log was read. */
    long readTo() {
        return readTo;
    }

    long position() {
        return position;
    }

    /** Notes that the log was read up to here. */
    void read(long seq) {
        readTo = Math.max(readTo, seq);
    }

    boolean isSettled(long seq) {
        return seq <= position || settledAbove.contains(seq);
    }

    void opened(long seq) {
        open.add(seq);
    }

    boolean isOpen(long seq) {
        return open.contains(seq);
    }

    void settle(long seq) {
        open.remove(seq);
        settledAbove.add(seq);
    }

    /** Moves the watermark up to what is still open. */
    void advance() {
        position = open.isEmpty() ? Math.max(position, readTo) : Math.max(position, open.first() - 1);
        settledAbove.headSet(position, true).clear();
    }

    String doneAbove() {
        StringJoiner ranges = new StringJoiner(",");
        long from = -1;
        long to = -1;
        for (long seq : settledAbove) {
            if (seq == to + 1 && from >= 0) {
                to = seq;
            } else {
                add(ranges, from, to);
                from = seq;
                to = seq;
            }
        }
        add(ranges, from, to);
        return ranges.toString();
    }

    private static void add(StringJoiner ranges, long from, long to) {
        if (from >= 0) {
            ranges.add(from == to ? Long.toString(from) : from + "-" + to);
        }
    }
}
