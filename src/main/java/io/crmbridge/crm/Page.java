package io.crmbridge.crm;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One answer of a feed.
 *
 * @param rows in the order of the answer, broken ones included
 * @param date the answer's Date header: the CRM's clock, to the second
 * @param next where the page after it begins; empty where it is the last, or the feed is not read in pages
 * @param moved it does not begin where the page before ended, because rows came or went between the two
 */
public record Page(List<Row> rows, Optional<Instant> date, Optional<String> next, boolean moved) {
    /** A whole answer. */
    public Page(List<Row> rows, Optional<Instant> date) {
        this(rows, date, Optional.empty(), false);
    }
}
