package io.crmbridge.feed;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Stretch;
import io.crmbridge.crm.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A list that is bounded by two times. Its last window is open, so that what is new is known at once; it proves all up to the
 * CRM's time less the lateness, when two readings agree up to there. A window of too many pages is halved.
 */
final class WindowReading implements PartReading {
    private static final int MOST_PAGES = 20;
    private static final int FEW_CALLS = 5;
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    /** Windows overlap: a server may leave out both of their ends, or count seconds. */
    private static final Duration OVERLAP = Duration.ofSeconds(1);

    private final Crm crm;
    private final FeedContract contract;
    private final Duration lateness;
    private final Quota.Lane lane;
    private final Clock clock;
    private Instant since;
    private Optional<Duration> length = Optional.empty();
    private boolean halved;
    private boolean done;

    WindowReading(Crm crm, FeedContract contract, Instant since, Duration lateness, Quota.Lane lane, Clock clock) {
        this.crm = crm;
        this.contract = contract;
        this.since = since;
        this.lateness = lateness;
        this.lane = lane;
        this.clock = clock;
    }

    @Override
    public Part next() {
        Optional<Instant> end = length.map(since::plus);
        Stretch window = new Stretch(since, end, Optional.empty(), lane);
        boolean shortest = length.filter(it -> it.compareTo(SHORTEST) <= 0).isPresent();
        AgreedReading.Found found = new AgreedReading(
                        contract,
                        after -> crm.page(contract, after.map(window::after).orElse(window)),
                        shortest ? FeedPoller.MOST_PAGES : MOST_PAGES)
                .read(date -> settled(end, date));
        if (!found.tooLong()) {
            return part(found, end);
        }
        if (shortest) {
            throw new CrmException(
                    Verdict.BROKEN,
                    "%s has more than %d pages of one minute".formatted(contract.path(), FeedPoller.MOST_PAGES));
        }
        halve(end.orElseGet(() -> FeedPoller.earliestNow(found.date(), clock)));
        return new Part(found.rows(), found.begun(), found.calls(), Optional.empty(), Optional.empty());
    }

    private void halve(Instant end) {
        Duration half = Duration.between(since, end).dividedBy(2);
        length = Optional.of(half.compareTo(SHORTEST) < 0 ? SHORTEST : half);
        halved = true;
    }

    private Part part(AgreedReading.Found found, Optional<Instant> end) {
        Instant settled = settled(end, found.date());
        Optional<String> doubt = doubt(found, end);
        done = doubt.isPresent() || end.isEmpty() || !end.get().isBefore(settled(Optional.empty(), found.date()));
        if (!done) {
            goOn(end.orElseThrow(), found.calls() <= FEW_CALLS);
        }
        return new Part(
                found.rows(),
                found.begun(),
                found.calls(),
                doubt.isEmpty() ? Optional.of(settled) : Optional.empty(),
                doubt);
    }

    /** Where the first half of a window has little, the second has much. */
    private void goOn(Instant end, boolean little) {
        if (little && halved) {
            halve(end);
        } else if (little) {
            length = length.map(it -> it.multipliedBy(2));
        }
        halved = false;
        since = end.minus(OVERLAP);
    }

    private Optional<String> doubt(AgreedReading.Found found, Optional<Instant> end) {
        if (!found.agreed()) {
            return Optional.of(
                    "the list changes while it is read, and no two readings agree: what they show is known, and"
                            + " the next poll reads it again");
        }
        // What changed since the reading began may have left the window.
        Instant from = FeedPoller.earliestNow(found.date(), clock);
        boolean outside = found.rows().stream()
                .flatMap(row -> row.stamp().stream())
                .anyMatch(at -> at.isBefore(since.minus(OVERLAP))
                        || end.filter(it -> at.isAfter(it.plus(OVERLAP)) && at.isBefore(from))
                                .isPresent());
        return outside
                ? Optional.of(
                        "the list shows what was last changed outside the time that was asked for, so it proves nothing: it"
                                + " may mean another time than %s; set updated: or reading: all for it in the connection's catalogue"
                                        .formatted(contract.cursorField()))
                : Optional.empty();
    }

    /** What is stamped up to here changes no more. */
    private Instant settled(Optional<Instant> end, Optional<Instant> date) {
        Instant closed = FeedPoller.earliestNow(date, clock).minus(lateness);
        return end.filter(it -> it.isBefore(closed)).orElse(closed);
    }

    @Override
    public boolean isDone() {
        return done;
    }
}
