package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a CRM's writes look like, and how it is found out whether one was done. Thread-safe. */
public interface WriteRules {

    /** Equal for writes that may go in one call; empty for one that goes alone. */
    Optional<String> batch(Call write);

    /** One call that does what several writes of an operation would; there is none where one write is given. */
    Call together(List<Call> writes);

    /** What the answer to such a call says to each of the writes, in their order; empty where that cannot be told. */
    List<Reply> apart(List<Call> writes, Reply reply);

    /** What a 2xx answer to a write says. */
    Said said(Call write, Reply reply);

    /** Equal for two writes that mean the same record for a person. */
    String naturalKey(Call write);

    /**
     * Ids of what looks like a write's record already, where only that tells afterwards what is new; empty where the CRM
     * stamps its records.
     */
    List<String> known(Call write);

    /**
     * Looks for what a write may have made whose answer is missing.
     *
     * @param sentAt on this machine's clock
     * @param known see {@link #known}
     * @param before records as they were answered before the sending, latest first: a list that is sorted by the time of the
     *     last change and still shows one of them unchanged reaches back to before the sending
     */
    Evidence lookUp(Call write, Instant sentAt, List<String> known, List<JsonNode> before);
}
