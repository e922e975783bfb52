package io.crmbridge.component;

import io.crmbridge.state.FeedState;
import io.crmbridge.state.Seeds.Seed;
import io.crmbridge.state.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the mirror of a feed is known to be whole and fresh. */
public final class Completeness {
    private static final Duration LEAST_STALE = Duration.ofMinutes(10);

    private final BridgeServices services;
    private final String connection;
    private final Duration delay;

    /** @param delay at which the feed is polled */
    public Completeness(BridgeServices services, String connection, Duration delay) {
        this.services = services;
        this.connection = connection;
        this.delay = delay;
    }

    /** @param lasting no poll will mend it, only a person can */
    public record Incomplete(String reason, boolean lasting) {}

    public Optional<Incomplete> of(FeedState state) {
        return of(state, Optional.empty());
    }

    /** @param seed an export of all records, which makes up for what the feed has not seen before it */
    public Optional<Incomplete> of(FeedState state, Optional<Seed> seed) {
        List<String> reasons = unseen(services.store().orElseThrow(), connection, state, seed);
        boolean lasting = !reasons.isEmpty();
        Instant fresh = state.freshAt().orElseThrow();
        Duration stale = delay.multipliedBy(2).compareTo(LEAST_STALE) > 0 ? delay.multipliedBy(2) : LEAST_STALE;
        if (fresh.isBefore(services.clock().instant().minus(stale))) {
            reasons.add("the last successful poll was at %s, more than %d min ago%s"
                    .formatted(
                            fresh,
                            stale.toMinutes(),
                            state.error().map(why -> " (" + why + ")").orElse("")));
        } else if (state.proven().isEmpty() || !state.lastPollAt().orElse(fresh).isAfter(fresh)) {
            // A poll that is fresh and has an error got a page that proves nothing.
            state.error().ifPresent(reasons::add);
        }
        return reasons.isEmpty() ? Optional.empty() : Optional.of(new Incomplete(String.join("; ", reasons), lasting));
    }

    /** What neither the feed has seen nor an export of all its records shows, and no poll will mend. */
    public static List<String> unseen(Store store, String connection, FeedState state, Optional<Seed> seed) {
        List<String> reasons = new ArrayList<>();
        state.historyFrom()
                .filter(from -> !state.historyComplete() && !covers(seed, from))
                .ifPresent(from -> reasons.add(
                        "what was last changed before %s was never seen (unknown history)".formatted(from)));
        long gaps = store.sources().gaps(false).stream()
                .filter(gap -> gap.connection().equals(connection) && gap.feed().equals(state.name()))
                .filter(gap -> !covers(seed, gap.to()))
                .count();
        if (gaps > 0) {
            reasons.add(gaps == 1 ? "a gap is open (`gaps list`)" : gaps + " gaps are open (`gaps list`)");
        }
        return reasons;
    }

    private static boolean covers(Optional<Seed> seed, Instant until) {
        return seed.filter(export -> export.covers(until)).isPresent();
    }
}
