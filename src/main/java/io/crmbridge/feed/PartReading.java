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
     * @param date the CRM's clock at the first of its calls
     * @param calls that it took
     * @param provenTo every version up to here was read; empty: the proven point stays
     * @param doubt why not all is as it should be, as a sentence
     */
    record Part(
            List<Row> rows, Optional<Instant> date, int calls, Optional<Instant> provenTo, Optional<String> doubt) {}
}
