package io.crmbridge.state;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes to the CRMs, each durable before it is sent. Thread-safe. */
public interface Intents {

    /** The intents of one source under these keys, in their order: those that are on record already, the others newly planned. */
    List<Intent> plan(List<Intent.Plan> plans);

    /**
     * What has happened to intents, durable when it returns.
     *
     * @return the intents as they are now; one to which that cannot happen in its state is unchanged
     */
    List<Intent> happened(Collection<Long> ids, IntentState.Event event, Intent.Note note);

    /** The same event with a note for each of them, in one transaction. */
    List<Intent> happened(IntentState.Event event, Map<Long, Intent.Note> notes);

    Optional<Intent> get(long id);

    /** In their order. */
    List<Intent> get(Collection<Long> ids);

    /** How many are in a state, by their connections; connections with none are left out. */
    Map<String, Long> count(IntentState state);

    /** Newest first. */
    List<Intent> list(Set<IntentState> states, int limit);

    /** Those of a source that were sent and whose outcome is not on record, oldest first. */
    List<Intent> open(long sourceId);

    /** Those of a source that a person wants done and that are planned ({@link Intent#RELEASED}), oldest first. */
    List<Intent> released(long sourceId);

    /** Those of a source that wait to be let through, oldest first. */
    List<Intent> waiting(long sourceId);

    /** Those of an operation that were sent since then and were done, or may have been. */
    List<Intent> sentSince(long sourceId, String resource, String operation, Instant since);

    /** Those of a source that were sent more than once and have been confirmed since then. */
    List<Intent> sentAgain(long sourceId, Instant since);

    /** Ids of records that intents of a source are confirmed to have made. */
    Set<String> made(long sourceId, String resource, Collection<String> recordIds);

    /** Those that were confirmed before then, latest first. */
    List<Intent> confirmedBefore(long sourceId, String resource, Instant before, int limit);

    /** By its key those that mean the same record, newest first; keys of which there are none are left out. */
    Map<String, List<Intent.Meant>> meaning(long sourceId, String resource, Collection<String> naturalKeys);

    /**
     * Forgets what was written and answered, where that was settled (confirmed or dropped) before then. The intents
     * stay, so that nothing is done twice however late it is asked for again.
     *
     * @return how many
     */
    long forget(Instant before);
}
