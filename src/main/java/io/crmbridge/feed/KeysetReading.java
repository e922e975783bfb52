package io.crmbridge.feed;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Stretch;
import io.crmbridge.crm.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A list that is sorted by the time of the last change, oldest first, to its end. What changes meanwhile moves to its end, so each page
 * proves all up to its newest stamp. Pages that are not sorted so are read to the end too, and prove nothing.
 */
final class KeysetReading implements PartReading {
    private final Crm crm;
    private final FeedContract contract;
    private final Duration lateness;
    private final Clock clock;
    private Stretch stretch;
    private Instant newest = Instant.MIN;
    private boolean sorted = true;
    private boolean sinceIsObeyed = true;
    private boolean done;

    KeysetReading(Crm crm, FeedContract contract, Instant since, Duration lateness, Quota.Lane lane, Clock clock) {
        this.crm = crm;
        this.contract = contract;
        this.lateness = lateness;
        this.clock = clock;
        this.stretch = Stretch.from(since, lane);
    }

    @Override
    public Part next() {
        Page page = crm.page(contract, stretch);
        Instant latest = FeedPoller.latest(page, clock);
        for (Row row : page.rows()) {
            row.stamp().ifPresent(at -> see(at, latest));
        }
        done = page.next().isEmpty();
        if (!done && page.next().equals(stretch.after())) {
            throw new CrmException(
                    Verdict.BROKEN,
                    "%s: the page after one is the same page again, so it does not go on".formatted(contract.path()));
        }
        page.next().ifPresent(token -> stretch = stretch.after(token));
        return new Part(page.rows(), page.date(), provenTo(page), doubt());
    }

    private Optional<Instant> provenTo(Page page) {
        if (!sorted) {
            return Optional.empty();
        }
        if (newest.equals(Instant.MIN)) {
            return done ? page.date().map(date -> date.minus(lateness)) : Optional.empty();
        }
        return Optional.of(newest);
    }

    private void see(Instant at, Instant latest) {
        sinceIsObeyed &= !at.isBefore(stretch.since().minus(Duration.ofSeconds(1)));
        if (at.isAfter(latest)) {
            return;
        }
        sorted &= !at.isBefore(newest);
        newest = at.isAfter(newest) ? at : newest;
    }

    private Optional<String> doubt() {
        if (!sorted) {
            return Optional.of(
                    "the list is not sorted by %s, oldest first, so it proves nothing: set reading: window or all"
                                    .formatted(contract.cursorField())
                            + " for it in the connection's catalogue");
        }
        return sinceIsObeyed
                ? Optional.empty()
                : Optional.of(
                        "the list shows what is older than it was asked for, so each poll reads more than it needs");
    }

    @Override
    public boolean isDone() {
        return done;
    }
}
