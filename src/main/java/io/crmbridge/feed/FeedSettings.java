package io.crmbridge.feed;

import java.time.Duration;
import java.util.Set;

/**
 * Settings of all feeds.
 *
 * @param lateness how far below the proven point each poll reads again; what commits later is outside the proof
 * @param ignoreFields fields that do not make a new version
 */
public record FeedSettings(Duration lateness, Set<String> ignoreFields) {
    public static final FeedSettings DEFAULT = new FeedSettings(Duration.ofMinutes(5), Set.of());
}
