package io.crmbridge.feed;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Which feeds of a resource a route is on, where the CRM has one for each record of a listing.
 *
 * @param listing feed of the records whose ids are the keys of the feeds, for example sequences
 * @param chosen id or name of one of them, or {@code *} for all
 * @param sweepFor for a feed of former members: how long after one left it is read; empty for any other feed
 * @param hint made of a wrong name and the right ones: which of them may be meant
 */
public record Choice(
        String listing,
        String chosen,
        Optional<Duration> sweepFor,
        BiFunction<String, Collection<String>, String> hint) {

    public boolean isAll() {
        return chosen.equals("*");
    }
}
