package io.crmbridge.crm;

import io.crmbridge.state.Quotas.Slowed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a quota gives way where the CRM answers that there were too many calls, though by our count there were not: nobody
 * calls for as long as the CRM says, or else for 10 s and twice as long each time; then the short windows are used to four fifths
 * of what they were, and each quiet minute from the fifth on gives a twentieth back. Immutable.
 *
 * <p>Long windows are not lowered: they set no pace, and a day that looks spent too early helps nobody.
 */
record Slowdown(Optional<Slowed> last) {
    static final Slowdown NONE = new Slowdown(Optional.empty());
    private static final int ALL = 100;
    private static final int LEAST = 20;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
    private static final Duration QUIET = Duration.ofMinutes(5);

    Instant quietUntil() {
        return last.map(Slowed::until).orElse(Instant.EPOCH);
    }

    /** Percent of each limit that may be used. */
    int share(Instant now) {
        return last.map(slowed -> share(slowed, now)).orElse(ALL);
    }

    private static int share(Slowed slowed, Instant now) {
        long quiet = Duration.between(slowed.until(), now).toMinutes() - QUIET.toMinutes() + 1;
        return (int) Math.min(ALL, slowed.share() + 5 * Math.max(0, quiet));
    }

    Slowdown after(Optional<Duration> retryAfter, Instant now) {
        Optional<Duration> asked = retryAfter.filter(time -> time.compareTo(Duration.ZERO) > 0);
        boolean pauses = now.isBefore(quietUntil());
        if (pauses && asked.isEmpty()) {
            return this;
        }
        // Calls that were under way together are answered together, and mean one thing.
        if (pauses
                || last.filter(slowed -> now.isBefore(slowed.at().plus(FIRST_PAUSE)))
                        .isPresent()) {
            Slowed same = last.orElseThrow();
            Instant until = now.plus(asked.orElseGet(() -> pause(same.refusals())));
            return new Slowdown(Optional.of(new Slowed(
                    same.share(), same.refusals(), same.at(), until.isAfter(same.until()) ? until : same.until())));
        }
        int refusals = 1
                + last.filter(slowed -> now.isBefore(slowed.until().plus(QUIET)))
                        .map(Slowed::refusals)
                        .orElse(0);
        Instant until = now.plus(asked.orElseGet(() -> pause(refusals)));
        return new Slowdown(Optional.of(new Slowed(Math.max(LEAST, share(now) * 4 / 5), refusals, now, until)));
    }

    private static Duration pause(int refusals) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(refusals - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
