package io.crmbridge.sandbox;

import java.util.Random;
import java.util.UUID;

/**
 * Ids that look like the CRM's own, the same in every run with one seed. They are texts inside the sandbox, and as JSON
 * what their style says. Guarded by the lock of whoever draws them.
 */
final class Ids {
    private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 25;
    private static final int LONGEST_NUMBER = 18;

    private final Random random;
    private volatile IdStyle style;
    private volatile boolean numbersGiven;
    private long number;

    Ids(long seed, IdStyle style) {
        random = new Random(seed);
        style(style);
    }

    /** For the ids to come; those that were given stay as they are. */
    final void style(IdStyle newStyle) {
        style = newStyle;
        numbersGiven |= newStyle == IdStyle.INTEGER;
    }

    IdStyle style() {
        return style;
    }

    String next() {
        return switch (style) {
            case CUID -> cuid();
            case UUID -> uuid();
            case INTEGER -> Long.toString(++number);
        };
    }

    /** As JSON shows it. */
    Object shown(Object id) {
        return numbersGiven
                        && id instanceof String text
                        && text.length() <= LONGEST_NUMBER
                        && text.matches("[1-9][0-9]*")
                ? (Object) Long.valueOf(text)
                : id;
    }

    /** Whether a caller may send ids as numbers. */
    boolean areNumbers() {
        return numbersGiven;
    }

    private String cuid() {
        StringBuilder id = new StringBuilder(LENGTH).append('c');
        while (id.length() < LENGTH) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    private String uuid() {
        long high = random.nextLong() & ~0xF000L | 0x4000L;
        long low = random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }
}
