package io.crmbridge.feed;

import io.crmbridge.crm.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads a feed from its proven point on in parts, each of which is committed before the next is asked for. */
interface PartReading {

    /** @throws io.crmbridge.crm.CrmException when the CRM does not answer; what was read before is committed */
    Part next();

    /** Whether there is nothing more to read just now. */
    boolean isDone();

    /**
     * @param date the CRM's clock
     * @param provenTo every version up to here was read; empty: the proven point stays
     * @param doubt why it proves nothing, as a sentence
     */
    record Part(List<Row> rows, Optional<Instant> date, Optional<Instant> provenTo, Optional<String> doubt) {}
}
