package io.crmbridge.state;

import java.util.Arrays;

/**
 * The last known version of one record.
 *
 * @param seq where the log has its body
 * @param rawHash of the row as it came last
 * @param recent the record's last versions, newest first: up to five marks of {@link #MARK} bytes each
 */
public record MirrorRow(String recordId, long seq, byte[] rawHash, byte[] recent) {
    public static final int MARK = 16;
    private static final int KEPT = 5;

    /** The raw hash of what never came as a row of the feed: a record that is gone, or one that was seen in another shape. */
    public static byte[] noRow() {
        return new byte[32];
    }

    /** Whether the last version did not come as a row of the feed. */
    public boolean isNoRow() {
        return Arrays.equals(rawHash, noRow());
    }

    /** Whether this is the mark of the last version. */
    public boolean isLast(byte[] mark) {
        return recent.length >= MARK && Arrays.equals(recent, 0, MARK, mark, 0, MARK);
    }

    /** Whether this version with this content is one of the record's last five, so a stale read of it is not news. */
    public boolean saw(byte[] mark) {
        for (int at = 0; at + MARK <= recent.length; at += MARK) {
            if (Arrays.equals(recent, at, at + MARK, mark, 0, MARK)) {
                return true;
            }
        }
        return false;
    }

    /** The marks after this one more. */
    public static byte[] remember(byte[] recent, byte[] mark) {
        int length = Math.min(recent.length + MARK, KEPT * MARK);
        byte[] next = Arrays.copyOf(mark, length);
        System.arraycopy(recent, 0, next, MARK, length - MARK);
        return next;
    }
}
