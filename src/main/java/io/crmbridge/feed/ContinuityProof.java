package io.crmbridge.feed;

import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Row;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.FeedState.Anchor;
import io.crmbridge.state.PollCommit.NewGap;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Whether a page shows every version since the proven point P, and if not, which interval is lost.
 *
 * <p>A full page is complete if it reaches below P. A page that is not full is complete if the rows of the last page that
 * lie in the asked interval (the anchors) are there again and it was surely not cut off: it is smaller than a page that was
 * seen, or an anchor is unmoved with something older below it; anchors that are all there in newer versions say nothing of
 * what lies below them. Otherwise a page without {@code since} decides: it must reach below P, or
 * show every anchor and one of them unmoved, or every record that is known. A page that is not sorted newest first proves nothing.
 */
final class ContinuityProof {
    /** No server's cap is lower. */
    private static final int LEAST_CAP = 20;

    private final FeedContract contract;
    private final FeedState state;
    private final int largestPage;

    /** @param largestPage rows of the largest page the server has shown: a smaller one was not cut off */
    ContinuityProof(FeedContract contract, FeedState state, int largestPage) {
        this.contract = contract;
        this.state = state;
        this.largestPage = largestPage;
    }

    enum Finding {
        COMPLETE,
        /** Not proven by this page: one more call, without since, decides. */
        ASK_WHOLE,
        GAP,
        UNSORTED
    }

    /** @param learntCap the server's real cap as far as this page tells; empty: as documented */
    record Judgement(Finding finding, Optional<NewGap> gap, Optional<Integer> learntCap) {}

    static Optional<Instant> since(FeedState state, Duration lateness) {
        return state.proven().map(proven -> proven.minus(lateness));
    }

    int cap() {
        return state.learntCap().orElse(contract.cap());
    }

    /**
     * @param since as it was asked; empty for the whole page
     * @param latest no honest row is stamped after this
     * @param missing records of the mirror that a page without since does not show
     */
    Judgement judge(Page page, Optional<Instant> since, Instant latest, LongSupplier missing) {
        Optional<Integer> cap = capAfter(page.rows().size());
        if (!sorted(page.rows())) {
            return new Judgement(Finding.UNSORTED, Optional.empty(), cap);
        }
        if (state.proven().isEmpty()) {
            return new Judgement(Finding.COMPLETE, Optional.empty(), cap);
        }
        Instant proven = state.proven().get();
        int rows = page.rows().size();
        Optional<Instant> oldest = oldest(page.rows());
        boolean reachesBelow = oldest.map(at -> at.isBefore(proven)).orElse(false);
        if (rows >= cap.orElse(contract.cap())) {
            if (reachesBelow) {
                return new Judgement(Finding.COMPLETE, Optional.empty(), cap);
            }
            // A learnt cap may be a small CRM that was taken for a low cap: its whole page is larger then.
            return since.isPresent() && cap.isPresent()
                    ? new Judgement(Finding.ASK_WHOLE, Optional.empty(), cap)
                    : gap(proven, oldest, latest, "more changed than one page of " + rows + " shows", cap);
        }
        if (contract.rowsLeave() && (rows < largestPage || rows < LEAST_CAP)) {
            // Not cut off, so an anchor that is missing has left the list.
            return new Judgement(Finding.COMPLETE, Optional.empty(), cap);
        }
        boolean reachesTo = reachesBelow || rows < largestPage || anchorUnmoved(page.rows(), oldest);
        if (since.isPresent()) {
            boolean shown = anchorsShown(page.rows(), since.get());
            return shown && (reachesTo || rows == 0)
                    ? new Judgement(Finding.COMPLETE, Optional.empty(), cap)
                    : new Judgement(Finding.ASK_WHOLE, Optional.empty(), cap);
        }
        boolean shown = anchorsShown(page.rows(), Instant.MIN);
        if (reachesBelow || rows == 0 || shown && (reachesTo || missing.getAsLong() == 0)) {
            return new Judgement(Finding.COMPLETE, Optional.empty(), cap);
        }
        Optional<Integer> lower = missing.getAsLong() > 0 ? Optional.of(rows) : cap;
        return gap(proven, oldest, latest, "a page of " + rows + " does not reach what was seen before", lower);
    }

    /** A cap that was learnt is forgotten as soon as a page is larger. */
    private Optional<Integer> capAfter(int rows) {
        return state.learntCap()
                .filter(cap -> rows <= cap)
                .or(() ->
                        state.learntCap().isPresent() && rows < contract.cap() ? Optional.of(rows) : Optional.empty());
    }

    private static Judgement gap(
            Instant proven, Optional<Instant> oldest, Instant latest, String reason, Optional<Integer> cap) {
        Instant to = oldest.filter(at -> at.isBefore(latest)).orElse(latest);
        return new Judgement(
                Finding.GAP, Optional.of(new NewGap(proven, to.isBefore(proven) ? proven : to, reason)), cap);
    }

    boolean anchorsShown(List<Row> rows, Instant since) {
        Map<String, Instant> shown = new HashMap<>();
        for (Row row : rows) {
            if (row.isWhole()) {
                shown.merge(row.id().get(), row.stamp().get(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        for (Anchor anchor : state.anchors()) {
            if (anchor.stamp().isAfter(since)) {
                Instant stamp = shown.get(anchor.recordId());
                if (stamp == null || stamp.isBefore(anchor.stamp())) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * A row that was there before is there unchanged, and something older below it: so whatever is newer is there too, and
     * whatever has its stamp.
     */
    private boolean anchorUnmoved(List<Row> rows, Optional<Instant> oldest) {
        Set<Anchor> shown = rows.stream()
                .filter(Row::isWhole)
                .filter(row -> row.stamp().get().isAfter(oldest.orElse(Instant.MAX)))
                .map(row -> new Anchor(row.id().get(), row.stamp().get().truncatedTo(ChronoUnit.MICROS)))
                .collect(Collectors.toSet());
        return state.anchors().stream()
                .anyMatch(anchor -> shown.contains(
                        new Anchor(anchor.recordId(), anchor.stamp().truncatedTo(ChronoUnit.MICROS))));
    }

    private static boolean sorted(List<Row> rows) {
        Instant newer = Instant.MAX;
        for (Row row : rows) {
            if (row.stamp().isPresent()) {
                if (row.stamp().get().isAfter(newer)) {
                    return false;
                }
                newer = row.stamp().get();
            }
        }
        return true;
    }

    private static Optional<Instant> oldest(List<Row> rows) {
        return rows.stream().flatMap(row -> row.stamp().stream()).min(Instant::compareTo);
    }

    /** The proven point after a page: its newest stamp that is not from the future, never lower than before. */
    Optional<Instant> provenAfter(List<Row> rows, Instant latest) {
        Optional<Instant> newest = rows.stream()
                .filter(Row::isWhole)
                .map(row -> row.stamp().get())
                .filter(stamp -> !stamp.isAfter(latest))
                .max(Instant::compareTo);
        return newest.filter(at -> state.proven().map(at::isAfter).orElse(true)).or(state::proven);
    }

    /** The rows that the next page, asked from {@code since} on, must show again. */
    List<Anchor> anchorsAfter(List<Row> rows, Instant since, Instant latest) {
        Map<String, Instant> anchors = new HashMap<>();
        for (Row row : rows) {
            if (row.isWhole()
                    && row.stamp().get().isAfter(since)
                    && !row.stamp().get().isAfter(latest)) {
                anchors.merge(row.id().get(), row.stamp().get(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        return anchors.entrySet().stream()
                .map(e -> new Anchor(e.getKey(), e.getValue()))
                .sorted((a, b) -> a.recordId().compareTo(b.recordId()))
                .toList();
    }
}
