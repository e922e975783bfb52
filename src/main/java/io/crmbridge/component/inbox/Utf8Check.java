package io.crmbridge.component.inbox;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Tells whether bytes, however many, are UTF-8. */
final class Utf8Check {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 13);
    private final CharBuffer unused = CharBuffer.allocate(1 << 13);
    private boolean utf8 = true;

    void add(byte[] more, int from, int to) {
        int at = from;
        while (utf8 && at < to) {
            int some = Math.min(bytes.remaining(), to - at);
            bytes.put(more, at, some);
            at += some;
            decode(false);
        }
    }

    /** Whether they are so far; a character that is not whole yet counts as one. */
    boolean isUtf8SoFar() {
        return utf8;
    }

    /** Whether they were. */
    boolean end() {
        if (utf8) {
            decode(true);
        }
        return utf8;
    }

    private void decode(boolean end) {
        bytes.flip();
        CoderResult result;
        do {
            unused.clear();
            result = decoder.decode(bytes, unused, end);
        } while (result.isOverflow());
        bytes.compact();
        utf8 = !result.isError();
    }
}
