package io.crmbridge.feed;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Stretch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A list that is sorted by the time of the last change, oldest first, to its end. What changes meanwhile moves to its end, so a page
 * proves all up to its newest stamp, once the next one goes on from there. Pages that are not sorted so are read to the end too, and
 * prove nothing.
 */
final class KeysetReading implements PartReading {
    private final Crm crm;
    private final FeedContract contract;
    private final Duration lateness;
    private final Clock clock;
    private final Progress progress;
    private Stretch stretch;
    private Instant newest = Instant.MIN;
    /** What commits late below a page that was read before is stamped after this, less the lateness. */
    private Instant settled = Instant.MAX;

    private boolean sorted = true;
    private boolean sinceIsObeyed = true;
    private boolean done;

    KeysetReading(Crm crm, FeedContract contract, Instant since, Duration lateness, Quota.Lane lane, Clock clock) {
        this.crm = crm;
        this.contract = contract;
        this.lateness = lateness;
        this.clock = clock;
        this.stretch = Stretch.from(since, lane);
        this.progress = new Progress(contract);
    }

    @Override
    public Part next() {
        Page page = crm.page(contract, stretch);
        Instant before = newest;
        Instant latest = FeedPoller.latest(page, clock);
        for (Row row : page.rows()) {
            row.stamp().ifPresent(at -> see(at, latest));
        }
        if (sorted && newest.isAfter(before)) {
            progress.forget();
        }
        progress.check(page);
        done = page.next().isEmpty();
        page.next().ifPresent(token -> stretch = stretch.after(token));
        Optional<Instant> proven = provenTo(before, page);
        Instant now = page.date().orElseGet(clock::instant);
        if (newest.isAfter(now.minus(lateness)) && now.isBefore(settled)) {
            settled = now;
        }
        return new Part(page.rows(), page.date(), 1, proven, doubt());
    }

    /** Only the next page shows that a page is sorted against what comes after it. */
    private Optional<Instant> provenTo(Instant before, Page page) {
        if (!sorted) {
            return Optional.empty();
        }
        if (done && newest.equals(Instant.MIN)) {
            return Optional.of(FeedPoller.earliestNow(page.date(), clock).minus(lateness));
        }
        return Optional.of(done ? newest : before)
                .filter(to -> !to.equals(Instant.MIN))
                .map(to -> to.isAfter(settled) ? settled : to);
    }

    private void see(Instant at, Instant latest) {
        sinceIsObeyed &= !at.isBefore(stretch.since().minusSeconds(1));
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
