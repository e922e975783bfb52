package io.crmbridge.feed;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One step of a history, written and read as a line: {@code update 3 20}, {@code during poll}.
 *
 * @param during happens inside the next delivery, after the target has accepted and before the outcome is known
 */
record FeedAction(boolean during, Verb verb, int a, int b) {

    enum Verb {
        /** a: record, b: seconds its stamp lies back (it commits late). */
        CREATE,
        UPDATE,
        REMOVE,
        /** a: records that change at once, b: 1 with one stamp, 0 a millisecond apart. */
        BURST,
        /** a: record, stamped two days ahead. */
        FUTURE,
        /** a: record, without a stamp. */
        BROKEN,
        /** a: milliseconds; what is due runs. */
        TICK,
        POLL,
        /** Runs every task that waits. */
        WORK,
        /** a: runs this one of the tasks that wait. */
        STEP,
        /** a: outcome, b: how many of the next deliveries end so. */
        OUTCOME,
        /** a: 1 the target is down, 0 it is up. */
        DOWN,
        /** The store writes what it holds back. */
        SAVE,
        /** a: so many of the next moves of a place fail. */
        FAIL_SAVE,
        FAIL_READ,
        FAIL_BEGIN,
        FAIL_COMMIT,
        /** a: 0 now, 1 in the next delivery after and 2 before the target accepts, 3 before and 4 after the next commit. */
        KILL,
        /** Stops in order and starts again. */
        RESTART,
        PURGE,
        /** Replays every dead letter. */
        REPLAY,
        PAUSE,
        RESUME,
        /** a: a fault of the next page. */
        FAULT
    }

    static FeedAction of(Verb verb, int a, int b) {
        return new FeedAction(false, verb, a, b);
    }

    FeedAction inDelivery() {
        return new FeedAction(true, verb, a, b);
    }

    @Override
    public String toString() {
        return "\n" + (during ? "during " : "") + verb.name().toLowerCase(Locale.ROOT) + " " + a + " " + b;
    }

    static List<FeedAction> parse(String script) {
        return script.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(FeedAction::parseLine)
                .toList();
    }

    private static FeedAction parseLine(String line) {
        boolean during = line.startsWith("during ");
        String[] words = (during ? line.substring(7) : line).split("[ ,]+");
        int[] numbers = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
        return new FeedAction(
                during,
                Verb.valueOf(words[0].toUpperCase(Locale.ROOT)),
                numbers.length > 0 ? numbers[0] : 0,
                numbers.length > 1 ? numbers[1] : 0);
    }
}
