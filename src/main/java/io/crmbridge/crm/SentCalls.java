package io.crmbridge.crm;

import io.crmbridge.crm.QuotaLimits.Window;
import io.crmbridge.state.Quotas;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which calls are under way, and when others were answered: each one's time for the short windows, and how many in each minute
 * for the long ones, where a call under way counts in the minute in which it began. Times are microseconds since 1970 and
 * never go back. Not thread-safe.
 */
final class SentCalls {
    /**
     * More than all time limits of a call together. Who has not told by then that it was answered never will. Shorter than any
     * long window, so none forgets what is under way.
     */
    static final Duration LONGEST_CALL = Duration.ofMinutes(5);

    private static final long LONGEST = micros(LONGEST_CALL);
    private static final long MINUTE = micros(Duration.ofMinutes(1));

    private final List<Window> shorts;
    private final List<LongWindow> longs;
    /** Oldest first. */
    private final Set<Call> underWay = new LinkedHashSet<>();
    /** A ring of the latest answers, as many as the largest short window has calls. */
    private final long[] recent;

    private long count;
    private long last = Long.MIN_VALUE;
    private final NavigableMap<Long, Integer> minutes = new TreeMap<>();
    /** Those minutes that are not on record as they are. */
    private final SortedSet<Long> changed = new TreeSet<>();

    /** One that is under way or was. */
    static final class Call {
        private final long since;

        private Call(long since) {
            this.since = since;
        }
    }

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

    private static long minute(long at) {
        return at - Math.floorMod(at, MINUTE);
    }

    Call begin(long now) {
        Call call = new Call(now);
        underWay.add(call);
        count(minute(now), 1);
        return call;
    }

    /** @return false: it had ended before */
    boolean end(Call call, long now) {
        if (!underWay.remove(call)) {
            return false;
        }
        answered(call.since, now);
        return true;
    }

    /** Ends what should have been ended long ago. */
    void expire(long now) {
        while (!underWay.isEmpty() && oldest().since + LONGEST <= now) {
            end(oldest(), now);
        }
    }

    private Call oldest() {
        return underWay.iterator().next();
    }

    private void answered(long since, long at) {
        addRecent(at);
        long began = minute(since);
        long ended = minute(at);
        if (began != ended) {
            if (minutes.getOrDefault(began, 0) > 0) {
                count(began, -1);
            }
            count(ended, 1);
        }
    }

    private void addRecent(long at) {
        last = Math.max(last, at);
        recent[(int) (count++ % recent.length)] = last;
    }

    private void count(long minute, int calls) {
        if (!longs.isEmpty()) {
            minutes.merge(minute, calls, Integer::sum);
            changed.add(minute);
            longs.forEach(window -> window.count(minute, calls));
        }
    }

    /**
     * What is on record. Nobody knows when a call was answered that was under way; so that was now, or when it was to be at the
     * latest. What is dated in the future was called now.
     */
    static SentCalls of(QuotaLimits limits, Quotas.Usage usage, Instant now) {
        SentCalls sent = new SentCalls(limits);
        usage.minutes().forEach((minute, calls) -> sent.count(micros(minute), calls));
        sent.changed.clear();
        for (Instant at : usage.recent()) {
            long answered = Math.min(micros(at), micros(now));
            if (at.isAfter(usage.savedAt())) {
                sent.answered(micros(at) - LONGEST, answered);
            } else {
                sent.addRecent(answered);
            }
        }
        return sent;
    }

    /** When the short windows may have room for one more call; what is not in the future means now. @param share percent of each limit */
    long freeAt(int share) {
        long free = Long.MIN_VALUE;
        for (Window window : shorts) {
            long answers = Math.max(1L, window.calls() * (long) share / 100) - underWay.size();
            if (answers <= 0) {
                free = Math.max(free, oldest().since + LONGEST);
            } else if (count >= answers) {
                free = Math.max(free, recent[(int) ((count - answers) % recent.length)] + micros(window.kept()));
            }
        }
        return free;
    }

    /** A long window without room. @param freeAt when it may have some again */
    record Spent(Window window, long freeAt) {}

    /** The long window without room that has some last; null: each has. @param share percent of each limit */
    Spent spent(long now, int share) {
        forget(now);
        Spent spent = null;
        for (LongWindow window : longs) {
            long free = window.freeAt(now, Math.max(1, window.window.calls() * (long) share / 100));
            if (free > now && (spent == null || free > spent.freeAt())) {
                spent = new Spent(window.window, free);
            }
        }
        return spent;
    }

    private void forget(long now) {
        longs.forEach(window -> window.forget(now));
        longs.stream().mapToLong(window -> window.from).min().ifPresent(from -> {
            minutes.headMap(from).clear();
            changed.headSet(from).clear();
        });
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
            used.put(window, inside + underWay.size());
        }
        forget(now);
        for (LongWindow window : longs) {
            used.put(window.window, window.sum);
        }
        return used;
    }

    /** Those that still count in some short window, and what is under way: see {@link Quotas.Usage}. */
    List<Instant> recent(long now) {
        long kept = shorts.stream().mapToLong(w -> micros(w.kept())).max().orElse(0);
        List<Instant> times = new ArrayList<>();
        for (long i = Math.max(0, count - recent.length); i < count; i++) {
            long at = recent[(int) (i % recent.length)];
            if (at + kept > now) {
                times.add(instant(at));
            }
        }
        underWay.forEach(call -> times.add(instant(call.since + LONGEST)));
        return times;
    }

    /** Of each minute that has changed since it was on record, how many calls count in it. */
    SortedMap<Instant, Integer> changedMinutes() {
        SortedMap<Instant, Integer> counts = new TreeMap<>();
        changed.forEach(minute -> counts.put(instant(minute), minutes.get(minute)));
        return counts;
    }

    /** These minutes are on record; some may have changed again meanwhile. */
    void recorded(SortedMap<Instant, Integer> counts) {
        changed.removeIf(minute -> minutes.get(minute).equals(counts.get(instant(minute))));
    }

    /** Minutes before no longer count. */
    Instant minutesFrom(long now) {
        return instant(now - longs.stream().mapToLong(w -> w.kept).max().orElse(0) - MINUTE);
    }

    private final class LongWindow {
        private final Window window;
        private final long kept;
        /** The first minute that counts. */
        private long from = Long.MIN_VALUE;

        private int sum;

        LongWindow(Window window) {
            this.window = window;
            this.kept = micros(window.kept());
        }

        void count(long minute, int calls) {
            if (minute >= from) {
                sum += calls;
            }
        }

        /** A minute counts until its last moment is old enough. */
        void forget(long now) {
            long first = minute(now - kept - MINUTE) + MINUTE;
            if (first > from) {
                for (int calls : minutes.subMap(from, first).values()) {
                    sum -= calls;
                }
                from = first;
            }
        }

        long freeAt(long now, long limit) {
            long over = sum - limit + 1;
            if (over <= 0) {
                return now;
            }
            for (Map.Entry<Long, Integer> minute : minutes.tailMap(from).entrySet()) {
                over -= minute.getValue();
                if (over <= 0) {
                    return minute.getKey() + MINUTE + kept;
                }
            }
            throw new IllegalStateException("a limit of no calls");
        }
    }
}
