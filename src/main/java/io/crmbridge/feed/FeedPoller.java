package io.crmbridge.feed;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Row;
import io.crmbridge.feed.ContinuityProof.Finding;
import io.crmbridge.feed.ContinuityProof.Judgement;
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
import java.util.stream.Collectors;

/**
 * Polls one feed: asks, proves, and commits what it learnt in one transaction. Not thread-safe: one poll at a time.
 *
 * <p>Every fiftieth poll asks without {@code since} and so compares the newest rows with the mirror.
 */
final class FeedPoller {
    private static final int WHOLE_EVERY = 50;
    private static final Duration FLUSH_FRESHNESS = Duration.ofSeconds(5);
    private static final int REMEMBERED_QUARANTINE = 1_000;

    private final Store store;
    private final Crm crm;
    private final FeedContract contract;
    private final Duration lateness;
    private final Set<String> ignoreFields;
    private final Clock clock;
    private final Set<String> quarantined = new HashSet<>();
    private volatile FeedState state;
    private Instant noted = Instant.MIN;
    private int largestPage;
    private int lastPage;

    FeedPoller(
            Store store,
            Crm crm,
            FeedContract contract,
            FeedState state,
            Duration lateness,
            Set<String> ignoreFields,
            Clock clock) {
        this.store = store;
        this.crm = crm;
        this.contract = contract;
        this.state = state;
        this.lateness = lateness;
        this.ignoreFields = ignoreFields;
        this.clock = clock;
    }

    /** @param rows of the page @param changes that were news */
    record Report(int rows, int cap, int changes, int quarantined, Optional<NewGap> gap, boolean unsorted) {}

    /** The highest number of the log. */
    long head() {
        return store.log().head();
    }

    FeedState state() {
        return state;
    }

    /** @throws io.crmbridge.crm.CrmException when the CRM does not answer with a page; the place is kept */
    Report poll() {
        long number = state.polls() + 1;
        Optional<Instant> since = number % WHOLE_EVERY == 0 ? Optional.empty() : ContinuityProof.since(state, lateness);
        Page page = page(since);
        Instant latest = latest(page);
        ContinuityProof proof = new ContinuityProof(contract, state, largestPage);
        Judgement judgement = proof.judge(page, since, latest, () -> missing(page));
        List<Row> rows = page.rows();
        if (judgement.finding() == Finding.ASK_WHOLE) {
            Page whole = page(Optional.empty());
            judgement = proof.judge(whole, Optional.empty(), latest(whole), () -> missing(whole));
            rows = new ArrayList<>(whole.rows());
            rows.addAll(page.rows());
        }
        return commit(number, proof, judgement, page, rows, latest);
    }

    /** The page just got does not count for itself: it may be the one that was cut off. */
    private Page page(Optional<Instant> since) {
        largestPage = Math.max(largestPage, lastPage);
        Page page = crm.page(contract, since);
        lastPage = page.rows().size();
        return page;
    }

    private long missing(Page whole) {
        Set<String> shown =
                whole.rows().stream().flatMap(row -> row.id().stream()).collect(Collectors.toSet());
        return store.log().mirrored(state.id())
                - store.log().mirror(state.id(), shown).size();
    }

    private Report commit(
            long number, ContinuityProof proof, Judgement judgement, Page page, List<Row> rows, Instant latest) {
        boolean first = state.proven().isEmpty();
        boolean proves = judgement.finding() != Finding.UNSORTED;
        // What comes after the first page is news, also while no page has proven anything yet.
        News news = new News(store.log(), state, ignoreFields, state.freshAt().isEmpty()).sift(rows);
        List<QuarantinedRow> broken = quarantine(rows);
        Optional<Instant> proven = proves ? proof.provenAfter(rows, latest) : state.proven();
        if (first && proves && proven.isEmpty()) {
            proven = Optional.of(page.date().orElse(clock.instant().minus(Duration.ofDays(1))));
        }
        Instant anchorsFrom = proven.map(p -> p.minus(lateness)).orElse(Instant.MIN);
        boolean lowerCap = judgement.learntCap().isPresent();
        FeedState next = new FeedState(
                state.id(),
                state.sourceId(),
                state.name(),
                state.lease(),
                number,
                first ? page.date().orElse(state.startedAt()) : state.startedAt(),
                proven,
                page.date().isEmpty(),
                first && proves ? oldest(rows) : state.historyFrom(),
                first && proves ? rows.size() < contract.cap() : state.historyComplete() && !lowerCap,
                judgement.learntCap(),
                proves ? proof.anchorsAfter(rows, anchorsFrom, latest) : state.anchors(),
                Optional.of(clock.instant()),
                Optional.of(clock.instant()),
                page.rows().size(),
                judgement.learntCap().orElse(contract.cap()),
                proves ? Optional.empty() : Optional.of("the page is not sorted newest first, so it proves nothing"));
        if (news.changes.isEmpty() && broken.isEmpty() && judgement.gap().isEmpty() && sameProof(next)) {
            if (!noted.isAfter(clock.instant().minus(FLUSH_FRESHNESS))
                    || !state.error().equals(next.error())) {
                noted = clock.instant();
                store.sources().note(next.id(), next.lastPollAt(), next.freshAt(), number, next.error());
            }
        } else {
            store.log().commit(new PollCommit(next, news.changes, news.recentMarks, judgement.gap(), broken));
            if (quarantined.size() > REMEMBERED_QUARANTINE) {
                quarantined.clear();
            }
            broken.forEach(row -> quarantined.add(HexFormat.of().formatHex(row.hash())));
            noted = clock.instant();
        }
        state = next;
        return new Report(
                page.rows().size(), next.pageCap(), news.changes.size(), broken.size(), judgement.gap(), !proves);
    }

    private boolean sameProof(FeedState next) {
        return next.proven().equals(state.proven())
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

    /** No honest row is stamped later. The Date header counts whole seconds. */
    private Instant latest(Page page) {
        return page.date()
                .map(date -> date.plusSeconds(1))
                .orElseGet(() -> clock.instant().plus(Duration.ofDays(1)));
    }

    private static Optional<Instant> oldest(List<Row> rows) {
        return rows.stream().flatMap(row -> row.stamp().stream()).min(Instant::compareTo);
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
