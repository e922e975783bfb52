package io.crmbridge.feed;

import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Row;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.PollCommit.NewGap;
import io.crmbridge.state.PollCommit.QuarantinedRow;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is known and proven of a feed, and how a poll changes it. Not thread-safe, but for {@link #state}. */
final class ProvenState {
    private static final Duration FLUSH_FRESHNESS = Duration.ofSeconds(5);
    private static final int REMEMBERED_QUARANTINE = 1_000;

    private final Store store;
    private final FeedContract contract;
    private final Duration lateness;
    private final Clock clock;
    private final Set<String> quarantined = new HashSet<>();
    private volatile FeedState state;
    private Instant noted = Instant.MIN;

    ProvenState(Store store, FeedContract contract, FeedState state, Duration lateness, Clock clock) {
        this.store = store;
        this.contract = contract;
        this.state = state;
        this.lateness = lateness;
        this.clock = clock;
    }

    FeedState state() {
        return state;
    }

    /**
     * What a poll proves.
     *
     * @param proves whether the proven point and the anchors follow from the rows
     * @param gone records that are listed no longer
     * @param error why not all of it is believed
     */
    record Proof(
            boolean proves,
            Optional<NewGap> gap,
            Optional<Integer> learntCap,
            boolean wholeHistory,
            Set<String> gone,
            List<Row> recovered,
            Optional<String> error,
            Optional<Stand> stand) {
        Proof(
                boolean proves,
                Optional<NewGap> gap,
                Optional<Integer> learntCap,
                boolean wholeHistory,
                Set<String> gone,
                List<Row> recovered,
                Optional<String> error) {
            this(proves, gap, learntCap, wholeHistory, gone, recovered, error, Optional.empty());
        }
    }

    /**
     * How a feed stands that is read from its beginning on.
     *
     * @param proven where it was read on so far
     * @param historyFrom what was there before is not read whole yet; empty: it is
     */
    record Stand(Instant proven, Optional<Instant> historyFrom) {}

    /**
     * Commits what a poll has learnt, or only notes that it was there where that is nothing.
     *
     * @param rows of every page that was read @param recovered how many of the news another list showed
     */
    FeedPoller.Report commit(
            long number,
            ContinuityProof proof,
            Proof found,
            Page page,
            List<Row> rows,
            Instant latest,
            News news,
            int recovered) {
        boolean first = state.proven().isEmpty();
        boolean proves = found.proves();
        Optional<NewGap> gap = found.gap().map(it -> withRecovered(it, recovered));
        List<QuarantinedRow> broken = quarantine(rows);
        Optional<Instant> proven = found.stand().isPresent()
                ? found.stand().map(Stand::proven)
                : proves ? provenAfter(proof, news, page, rows, latest) : state.proven();
        Instant anchorsFrom = proven.map(p -> p.minus(lateness)).orElse(Instant.MIN);
        boolean lowerCap = found.learntCap().isPresent();
        FeedState next = new FeedState(
                state.id(),
                state.sourceId(),
                state.name(),
                state.lease(),
                number,
                first ? page.date().orElse(state.startedAt()) : state.startedAt(),
                proven,
                page.date().isEmpty(),
                historyFrom(found, rows),
                found.stand().isPresent() || first && proves
                        ? found.wholeHistory()
                        : state.historyComplete() && !lowerCap,
                found.learntCap(),
                proves && contract.hasVersions() && found.stand().isEmpty()
                        ? proof.anchorsAfter(rows, anchorsFrom, latest)
                        : state.anchors(),
                Optional.of(clock.instant()),
                Optional.of(clock.instant()),
                page.rows().size(),
                found.learntCap().orElse(contract.cap()),
                found.error());
        if (news.changes.isEmpty() && broken.isEmpty() && found.gap().isEmpty() && sameProof(next)) {
            if (!noted.isAfter(clock.instant().minus(FLUSH_FRESHNESS))
                    || !state.error().equals(next.error())) {
                noted = clock.instant();
                store.sources().note(next.id(), next.lastPollAt(), next.freshAt(), number, next.error());
            }
        } else {
            store.log().commit(new PollCommit(next, news.changes, news.recentMarks, gap, broken));
            if (quarantined.size() > REMEMBERED_QUARANTINE) {
                quarantined.clear();
            }
            broken.forEach(row -> quarantined.add(HexFormat.of().formatHex(row.hash())));
            noted = clock.instant();
        }
        state = next;
        return new FeedPoller.Report(
                page.rows().size(), next.pageCap(), news.changes.size(), recovered, broken.size(), gap, !proves);
    }

    private Optional<Instant> historyFrom(Proof found, List<Row> rows) {
        if (found.stand().isPresent()) {
            return found.stand().get().historyFrom();
        }
        return state.proven().isEmpty() && found.proves() && contract.hasVersions()
                ? oldest(rows)
                : state.historyFrom();
    }

    private NewGap withRecovered(NewGap gap, int recovered) {
        return contract.recovery()
                .map(other -> new NewGap(
                        gap.from(),
                        gap.to(),
                        "%s; %d recovered from %s".formatted(gap.reason(), recovered, other.path())))
                .orElse(gap);
    }

    /** Of a feed without versions: when something was last learnt. */
    private Optional<Instant> provenAfter(ContinuityProof proof, News news, Page page, List<Row> rows, Instant latest) {
        Optional<Instant> now = Optional.of(FeedPoller.earliestNow(page.date(), clock));
        if (!contract.hasVersions()) {
            return state.proven().isEmpty() || !news.changes.isEmpty() ? now : state.proven();
        }
        return proof.provenAfter(rows, latest).or(() -> state.proven().isEmpty() ? now : Optional.empty());
    }

    private boolean sameProof(FeedState next) {
        return next.historyComplete() == state.historyComplete()
                && next.proven().equals(state.proven())
                && next.anchors().equals(state.anchors())
                && next.learntCap().equals(state.learntCap())
                && next.provenLocally() == state.provenLocally();
    }

    private List<QuarantinedRow> quarantine(List<Row> rows) {
        Fingerprint fingerprint = new Fingerprint(Set.of());
        List<QuarantinedRow> broken = new ArrayList<>();
        for (Row row : rows) {
            if (!row.isWhole()) {
                byte[] hash = fingerprint.raw(row.raw());
                if (!quarantined.contains(HexFormat.of().formatHex(hash))) {
                    String reason =
                            row.id().isEmpty() ? "no " + contract.idField() : "no readable " + contract.cursorField();
                    broken.add(new QuarantinedRow(hash, reason, row.raw()));
                }
            }
        }
        return broken;
    }

    private static Optional<Instant> oldest(List<Row> rows) {
        return rows.stream().flatMap(row -> row.stamp().stream()).min(Instant::compareTo);
    }

    /** The feed is gone: that its last polls failed is no trouble. */
    void forgetFailure() {
        store.sources().note(state.id(), state.lastPollAt(), Optional.empty(), state.polls(), Optional.empty());
    }

    /** Keeps the place and records why the poll failed. */
    void failed(String reason) {
        state = new FeedState(
                state.id(),
                state.sourceId(),
                state.name(),
                state.lease(),
                state.polls(),
                state.startedAt(),
                state.proven(),
                state.provenLocally(),
                state.historyFrom(),
                state.historyComplete(),
                state.learntCap(),
                state.anchors(),
                Optional.of(clock.instant()),
                state.freshAt(),
                state.pageRows(),
                state.pageCap(),
                Optional.of(reason));
        noted = Instant.MIN;
        store.sources().note(state.id(), state.lastPollAt(), Optional.empty(), state.polls(), Optional.of(reason));
    }
}
