package io.crmbridge.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/** What has been called with each connection's credential, so that its limits hold over a restart. Thread-safe. */
public interface Quotas {

    /**
     * @param limits those that it was counted for, as text
     * @param recent when each of the latest calls was answered, oldest first; of one under way, when it will have been at the
     *     latest, which is after {@code savedAt}
     * @param minutes how many calls were answered, or begun and are under way, in each minute, by its beginning
     * @param slowed empty where the CRM never answered that there were too many
     * @param spentAt when a call was last held back because a long window was used up
     * @param clean nothing is called after this: false while a bridge runs, and after it was killed
     */
    record Usage(
            String limits,
            List<Instant> recent,
            SortedMap<Instant, Integer> minutes,
            Optional<Slowed> slowed,
            Optional<Instant> spentAt,
            Instant savedAt,
            boolean clean) {}

    /**
     * What followed from the CRM's last answer that there were too many calls.
     *
     * @param share percent of each limit that was used from then on
     * @param refusals such answers in a row
     * @param until nobody calls before
     */
    record Slowed(int share, int refusals, Instant at, Instant until) {}

    Optional<Usage> load(long sourceId);

    /**
     * Returns at once; it is written when the answer completes, and then survives a kill. A power cut may lose the last
     * seconds.
     *
     * @param usage its minutes are those that changed since the last time, the others stay
     * @param minutesFrom what was before is forgotten
     */
    CompletionStage<Void> save(long sourceId, Usage usage, Instant minutesFrom);

    /** Forgets all of a connection that has no limits any more. Returns at once, as {@link #save} does. */
    CompletionStage<Void> forget(long sourceId);

    /** By the number of the connection's source. */
    Map<Long, Usage> all();
}
