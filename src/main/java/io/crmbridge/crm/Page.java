package io.crmbridge.crm;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One answer of a feed.
 *
 * @param rows in the order of the answer, broken ones included
 * @param date the answer's Date header: the CRM's clock, to the second
 */
public record Page(List<Row> rows, Optional<Instant> date) {}
