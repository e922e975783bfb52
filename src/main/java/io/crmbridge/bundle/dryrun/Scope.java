package io.crmbridge.bundle.dryrun;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a dry run tries.
 *
 * @param since records that were changed from here on; empty: a sample
 * @param sample so many of each feed, the newest, where there is no {@code since}
 * @param routes ids of those to try
 * @param changed fields that are told to have changed in each record, which a single reading does not show
 * @param show whether the report holds what would be sent, with the records' data
 */
public record Scope(Optional<Instant> since, int sample, Set<String> routes, List<String> changed, boolean show) {
    public Scope {
        routes = Set.copyOf(routes);
        changed = List.copyOf(changed);
    }
}
