package io.crmbridge.crm;

import io.crmbridge.crm.QuotaLimits.Window;
import io.crmbridge.state.Quotas;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * When calls were made: each one's time for the short windows, and how many in each minute for the long ones. Times are
 * microseconds since 1970 and never go back. Not thread-safe.
 */
final class SentCalls {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos() / 1_000;

    private final List<Window> shorts;
    private final List<LongWindow> longs;
    /** A ring of the latest calls, as many as the largest short window has. */
    private final long[] recent;

    private long count;
    private long last = Long.MIN_VALUE;
    private final SortedMap<Long, Integer> changed = new TreeMap<>();

    SentCalls(QuotaLimits limits) {
        this.shorts = limits.windows().stream().filter(w -> !w.isLong()).toList();
        this.longs = limits.windows().stream()
                .filter(Window::isLong)
                .map(LongWindow::new)
                .toList();
        this.recent = new long[shorts.stream().mapToInt(Window::calls).max().orElse(1)];
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static long micros(Duration time) {
        return time.toNanos() / 1_000;
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    void add(long at) {
        addRecent(at);
        long minute = last - Math.floorMod(last, MINUTE);
        for (LongWindow window : longs) {
            window.add(minute, 1);
        }
        if (!longs.isEmpty()) {
            changed.merge(minute, 1, Integer::sum);
        }
    }

    private void addRecent(long at) {
        last = Math.max(last, at);
        recent[(int) (count++ % recent.length)] = last;
    }

    /** What is on record; what is dated in the future was called now. */
    static SentCalls of(QuotaLimits limits, Quotas.Usage usage, Instant now) {
        SentCalls sent = new SentCalls(limits);
        usage.minutes().forEach((minute, calls) -> {
            sent.longs.forEach(window -> window.add(micros(minute), calls));
            // Only the latest may still change.
            sent.changed.clear();
            sent.changed.put(micros(minute), calls);
        });
        usage.recent().forEach(at -> sent.addRecent(Math.min(micros(at), micros(now))));
        return sent;
    }

    /** When the short windows have room for one more call; what is not in the future means now. @param share percent of each limit */
    long freeAt(int share) {
        long free = Long.MIN_VALUE;
        for (Window window : shorts) {
            long limit = Math.max(1L, window.calls() * (long) share / 100);
            if (count >= limit) {
                free = Math.max(free, recent[(int) ((count - limit) % recent.length)] + micros(window.kept()));
            }
        }
        return free;
    }

    /** A long window without room. @param freeAt when it has some again */
    record Spent(Window window, long freeAt) {}

    /** The long window without room that has some last; null: each has. @param share percent of each limit */
    Spent spent(long now, int share) {
        Spent spent = null;
        for (LongWindow window : longs) {
            long free = window.freeAt(now, Math.max(1, window.window.calls() * (long) share / 100));
            if (free > now && (spent == null || free > spent.freeAt())) {
                spent = new Spent(window.window, free);
            }
        }
        return spent;
    }

    /** How many calls count in each window. In the order of the limits: the short ones, then the long ones. */
    SortedMap<Window, Integer> used(long now) {
        SortedMap<Window, Integer> used = new TreeMap<>((a, b) -> a.time().equals(b.time())
                ? a.text().compareTo(b.text())
                : a.time().compareTo(b.time()));
        for (Window window : shorts) {
            int inside = 0;
            while (inside < Math.min(count, recent.length)
                    && recent[(int) ((count - 1 - inside) % recent.length)] + micros(window.kept()) > now) {
                inside++;
            }
            used.put(window, inside);
        }
        for (LongWindow window : longs) {
            window.forget(now);
            used.put(window.window, window.sum);
        }
        return used;
    }

    /** Those that still count in some short window, oldest first. */
    List<Instant> recent(long now) {
        long kept = shorts.stream().mapToLong(w -> micros(w.kept())).max().orElse(0);
        List<Instant> times = new ArrayList<>();
        for (long i = Math.max(0, count - recent.length); i < count; i++) {
            long at = recent[(int) (i % recent.length)];
            if (at + kept > now) {
                times.add(instant(at));
            }
        }
        return times;
    }

    /** Of each minute that has changed since it was on record, how many calls began in it. */
    SortedMap<Instant, Integer> changedMinutes() {
        SortedMap<Instant, Integer> minutes = new TreeMap<>();
        changed.forEach((minute, calls) -> minutes.put(instant(minute), calls));
        return minutes;
    }

    /** These minutes are on record; only the last of them may change once more. */
    void recorded(SortedMap<Instant, Integer> minutes) {
        if (!minutes.isEmpty()) {
            changed.headMap(micros(minutes.lastKey())).clear();
        }
    }

    /** Minutes before no longer count. */
    Instant minutesFrom(long now) {
        return instant(now - longs.stream().mapToLong(w -> w.kept).max().orElse(0) - MINUTE);
    }

    private static final class LongWindow {
        private final Window window;
        private final long kept;
        private final Deque<long[]> minutes = new ArrayDeque<>();
        private int sum;

        LongWindow(Window window) {
            this.window = window;
            this.kept = micros(window.kept());
        }

        void add(long minute, int calls) {
            long[] latest = minutes.peekLast();
            if (latest == null || latest[0] < minute) {
                minutes.add(new long[] {minute, calls});
            } else {
                latest[1] += calls;
            }
            sum += calls;
        }

        /** A minute counts until its last moment is old enough. */
        void forget(long now) {
            while (!minutes.isEmpty() && minutes.peek()[0] + MINUTE + kept <= now) {
                sum -= (int) minutes.poll()[1];
            }
        }

        long freeAt(long now, long limit) {
            forget(now);
            long over = sum - limit + 1;
            if (over <= 0) {
                return now;
            }
            for (long[] minute : minutes) {
                over -= minute[1];
                if (over <= 0) {
                    return minute[0] + MINUTE + kept;
                }
            }
            throw new IllegalStateException("a limit of no calls");
        }
    }
}
