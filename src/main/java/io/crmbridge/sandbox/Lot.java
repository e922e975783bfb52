package io.crmbridge.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * Which of the requests that match a fault it strikes. A chance is drawn from the seed and the request's own content, so
 * that the same requests are struck in every run, in whatever order and on however many connections they come; an equal
 * request that comes again is drawn again. Thread-safe once its fault is armed.
 */
final class Lot {
    private final Map<Long, Integer> repetitions = new HashMap<>();
    private long times = Long.MAX_VALUE;
    private int every = 1;
    private double chance = 1;
    private long seed;
    private long matched;
    private long hits;

    /** @param early for a fault that strikes before or after the commit: which */
    record Draw(boolean early) {}

    void times(long count) {
        times = count;
    }

    void every(int nth) {
        every = nth;
    }

    void chance(double probability, long newSeed) {
        chance = probability;
        seed = newSeed;
    }

    synchronized long hits() {
        return hits;
    }

    /** The draw of a request that matches, or null where it is spared. */
    synchronized Draw draw(Request request) {
        if (hits >= times || ++matched % every != 0) {
            return null;
        }
        if (chance == 1) {
            return new Draw(hits++ % 2 == 0);
        }
        long content = request.fingerprint();
        int repetition = repetitions.merge(content, 1, Integer::sum);
        Random random = new Random(seed * 31 + content + repetition * 0x9E3779B97F4A7C15L);
        // The first numbers of neighbouring seeds are alike.
        random.nextLong();
        if (random.nextDouble() >= chance) {
            return null;
        }
        hits++;
        return new Draw(random.nextBoolean());
    }

    /** What a fault may look at. @param target the path and the query @param body read only where a chance is drawn */
    record Request(String method, String path, String target, Supplier<byte[]> body) {
        long fingerprint() {
            CRC32 head = new CRC32();
            head.update((method + " " + target).getBytes(StandardCharsets.UTF_8));
            CRC32 content = new CRC32();
            content.update(body.get());
            return head.getValue() << 32 | content.getValue();
        }
    }
}
