package io.crmbridge.feed;

import java.time.Duration;
import java.util.Set;

/**
 * Settings of all feeds and connections.
 *
 * @param lateness how far below the proven point each poll reads again; what commits later is outside the proof
 * @param ignoreFields fields that do not make a new version
 * @param settle how long a CRM may take to carry out a write whose answer is missing, before it is looked up
 */
public record FeedSettings(Duration lateness, Set<String> ignoreFields, Duration settle) {
    public static final FeedSettings DEFAULT =
            new FeedSettings(Duration.ofMinutes(5), Set.of(), Duration.ofSeconds(30));
}
