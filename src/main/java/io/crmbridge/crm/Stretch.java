package io.crmbridge.crm;

import java.time.Instant;
import java.util.Optional;

/**
 * A part of a feed that is read page by page.
 *
 * @param since what was last changed from here on
 * @param until and up to here; empty: whatever there is
 * @param after where the page before ended, as it told ({@link Page#next}); empty: the first page
 */
public record Stretch(Instant since, Optional<Instant> until, Optional<String> after, Quota.Lane lane) {
    /** No record of a CRM was changed before. */
    public static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

    public static Stretch from(Instant since, Quota.Lane lane) {
        return new Stretch(since, Optional.empty(), Optional.empty(), lane);
    }

    public Stretch after(String token) {
        return new Stretch(since, until, Optional.of(token), lane);
    }
}
