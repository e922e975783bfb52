package io.crmbridge.state;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Who must not be enrolled by the bridge. A subject is a contact's id or an e-mail address; only a hash of it is kept. Thread-safe.
 */
public interface Suppressions {
    /** Sequence that stands for all. */
    String ALL = "*";

    /** @param sequence its id, or {@link #ALL}; a subject that is on record there already stays as it is */
    void add(long sourceId, String sequence, Collection<String> subjects, String reason);

    /** The same of what was seen, by when it happened: whom a person has allowed again since then stays allowed. */
    void seen(long sourceId, String sequence, Map<String, Instant> subjects, String reason);

    /** Entries of the subjects, for the sequence or for all; subjects that have none are left out. */
    Map<String, Entry> find(long sourceId, String sequence, Collection<String> subjects);

    /**
     * A person allows them again, which holds against all that happened before.
     *
     * @param sequence its id, or {@link #ALL} for every one
     * @return how many of them were on record
     */
    int allow(long sourceId, String sequence, Collection<String> subjects);

    List<Count> counts();

    record Entry(String sequence, String reason, Instant since) {}

    record Count(String connection, String sequence, String reason, long subjects, Instant latest) {}
}
