package io.crmbridge.feed;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.FeedContract.Style;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Stretch;
import io.crmbridge.crm.Verdict;
import io.crmbridge.feed.ContinuityProof.Finding;
import io.crmbridge.feed.ContinuityProof.Judgement;
import io.crmbridge.feed.ProvenState.Proof;
import io.crmbridge.feed.ProvenState.Stand;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.PollCommit.NewGap;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
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
    /** How often a long list of everything is asked for whole, to find what is gone. */
    private static final int ALL_EVERY = 12;

    private static final int SHORT_LIST = 100;
    /** Calls of a long reading, after which other feeds have their turn. */
    private static final int CALLS_AT_A_TIME = 20;

    /** Of a list that is read in one go. */
    static final int MOST_PAGES = 1_000;

    private final Store store;
    private final Crm crm;
    private final FeedContract contract;
    private final Duration lateness;
    private final Set<String> ignoreFields;
    private final Clock clock;
    private final ProvenState proven;
    private int largestPage;
    private int lastPage;
    private Roll roll;
    /** A long reading that goes on with the next poll. */
    private PartReading parts;

    private FormerMembers formerMembers;
    private final HeadCount headCount;
    private volatile Duration sweepFor = Duration.ZERO;
    private final Optional<Recovery> recovery;
    /** Where the gap began that a list opened which was cut off; while it stays so, it is one gap. */
    private Instant cutOffSince;

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
        this.proven = new ProvenState(store, contract, state, lateness, clock);
        this.lateness = lateness;
        this.ignoreFields = ignoreFields;
        this.clock = clock;
        this.headCount = new HeadCount(store, state);
        this.recovery = contract.recovery().map(list -> new Recovery(crm, list));
        this.largestPage = contract.rowsLeave() ? state.pageRows() : 0;
    }

    /** @param rows of the page @param changes that were news @param recovered those of them that another list showed */
    record Report(
            int rows, int cap, int changes, int recovered, int quarantined, Optional<NewGap> gap, boolean unsorted) {
        private Report and(Report more) {
            return new Report(
                    rows + more.rows,
                    cap,
                    changes + more.changes,
                    recovered + more.recovered,
                    quarantined + more.quarantined,
                    gap.or(more::gap),
                    unsorted || more.unsorted);
        }
    }

    /** The highest number of the log. */
    long head() {
        return store.log().head();
    }

    FeedState state() {
        return proven.state();
    }

    /** @throws io.crmbridge.crm.CrmException when the CRM does not answer with a page; the place is kept */
    Report poll() {
        long number = state().polls() + 1;
        return switch (contract.style()) {
            case ALL, ALL_SINCE -> pollAll(number);
            case NEWEST, NEWEST_ALWAYS -> pollNewest(number);
            case KEYSET, WINDOW -> pollInParts(number);
            case FORMER_MEMBERS -> pollFormerMembers(number);
        };
    }

    private Report pollNewest(long number) {
        boolean whole = number % WHOLE_EVERY == 0 || contract.style() == Style.NEWEST_ALWAYS;
        Optional<Instant> since = whole ? Optional.empty() : ContinuityProof.since(state(), lateness);
        Page page = page(since);
        Instant latest = latest(page);
        ContinuityProof proof = new ContinuityProof(contract, state(), largestPage);
        Judgement judgement = proof.judge(page, since, latest, () -> missing(page));
        List<Row> rows = page.rows();
        if (judgement.finding() == Finding.ASK_WHOLE) {
            Page all = page(Optional.empty());
            judgement = proof.judge(all, Optional.empty(), latest(all), () -> missing(all));
            rows = new ArrayList<>(all.rows());
            rows.addAll(page.rows());
        }
        boolean proves = judgement.finding() != Finding.UNSORTED;
        Optional<Recovery.Found> recovered = recover(judgement.gap().isPresent(), rows);
        Proof found = new Proof(
                proves,
                judgement.gap(),
                judgement.learntCap(),
                rows.size() < contract.cap(),
                Set.of(),
                recovered.map(Recovery.Found::rows).orElse(List.of()),
                proves ? Optional.empty() : Optional.of("the page is not sorted newest first, so it proves nothing"));
        Report report = commit(number, proof, found, page, rows, latest);
        recovered.filter(Recovery.Found::whole).ifPresent(all -> closeGaps());
        return report;
    }

    private Optional<Recovery.Found> recover(boolean gap, List<Row> rows) {
        return recovery.flatMap(other -> other.read(gap, rows, () -> store.log().listed(state().id())));
    }

    /** Every record was shown with its stamp, so whatever could still be had of the gaps is in the log. */
    private void closeGaps() {
        String connection = crm.connection().name();
        String evidence = "%s showed every record with its stamp"
                .formatted(contract.recovery().orElseThrow().path());
        store.sources().gaps(false).stream()
                .filter(gap -> gap.connection().equals(connection) && gap.feed().equals(state().name()))
                .forEach(gap -> store.sources().closeGap(gap.id(), evidence));
    }

    /**
     * A list of everything, or of everything since a time. Such a page is whole where the rows of the one before are there
     * again; if one is not, the whole list tells whether it is gone. A short list is always asked for whole.
     */
    private Report pollAll(long number) {
        boolean first = state().proven().isEmpty();
        ContinuityProof proof = new ContinuityProof(contract, state(), 0);
        boolean whole = contract.style() == Style.ALL
                || first
                || roll().size() <= SHORT_LIST
                || number % ALL_EVERY == 0
                || headCount.differs(roll().size());
        Optional<Instant> since = whole ? Optional.empty() : ContinuityProof.since(state(), lateness);
        Page page = page(since);
        if (since.isPresent()
                && (!proof.anchorsShown(page.rows(), since.get())
                        || Roll.mayBeCutOff(page.rows().size()))) {
            since = Optional.empty();
            page = page(since);
        }
        List<Row> listed = page.rows();
        Instant latest = latest(page);
        boolean cutOff = since.isEmpty() && contract.style() == Style.ALL_SINCE && Roll.mayBeCutOff(listed.size());
        Roll.Call call = since.isEmpty() ? roll().call(listed) : Roll.Call.ALL_THERE;
        Optional<String> mismatch = since.isEmpty() && contract.style() == Style.ALL_SINCE && !first
                ? headCount.mismatch(listed.size())
                : Optional.empty();
        boolean told = state().proven().equals(Optional.ofNullable(cutOffSince));
        Optional<NewGap> gap = !cutOff || first || told || call.doubt().isEmpty()
                ? Optional.empty()
                : Optional.of(new NewGap(
                        state().proven().orElseThrow(),
                        latest,
                        "a list of just %d does not show what was seen before: it may be cut off"
                                .formatted(listed.size())));
        Proof found = new Proof(
                true,
                gap,
                Optional.empty(),
                !cutOff,
                call.gone(),
                List.of(),
                call.doubt().or(() -> mismatch));
        Report report = commit(number, proof, found, page, contract.hasVersions() ? listed : seenNow(listed), latest);
        gap.ifPresent(opened -> cutOffSince = opened.from());
        roll().learnt(listed, call.gone());
        return report;
    }

    /**
     * What was last changed since the proven point, in parts, each of which moves it. A long reading ends for a while, so that
     * other feeds have their turn, and goes on with the next poll.
     */
    private Report pollInParts(long number) {
        if (parts == null || parts.isDone()) {
            parts = parts();
        }
        PartReading reading = parts;
        parts = null;
        Report sum = new Report(0, 0, 0, 0, 0, Optional.empty(), false);
        for (int calls = 0; calls < CALLS_AT_A_TIME && !reading.isDone(); ) {
            PartReading.Part part = reading.next();
            calls += part.calls();
            sum = sum.and(commit(number, part, reading.isDone()));
        }
        // One that failed begins anew at the proven point.
        parts = reading;
        return sum;
    }

    private PartReading parts() {
        Quota.Lane lane = state().historyComplete() ? Quota.Lane.POLL : Quota.Lane.BACK_FILL;
        Instant since = state().proven().map(proven -> proven.minus(lateness)).orElse(Stretch.BEGINNING);
        return contract.style() == Style.KEYSET
                ? new KeysetReading(crm, contract, since, lateness, lane, clock)
                : new WindowReading(crm, contract, since, lateness, lane, clock);
    }

    /** Whether there is more to read at once. */
    boolean hasMore() {
        return parts != null && !parts.isDone();
    }

    private Report commit(long number, PartReading.Part part, boolean isLast) {
        Page page = new Page(part.rows(), part.date());
        boolean first = state().proven().isEmpty();
        Instant startedAt = first ? part.date().orElse(state().startedAt()) : state().startedAt();
        boolean whole = state().historyComplete() || isLast && part.provenTo().isPresent();
        Instant before = state().proven().orElse(Stretch.BEGINNING);
        // An idle list moves it once, to be done with its history.
        Instant proven = part.provenTo()
                .filter(to -> to.isAfter(before) && !(part.rows().isEmpty() && state().historyComplete()))
                .orElse(before);
        Proof proof = new Proof(
                true,
                Optional.empty(),
                Optional.empty(),
                whole,
                Set.of(),
                List.of(),
                part.doubt(),
                Optional.of(new Stand(proven, whole ? Optional.empty() : Optional.of(startedAt))));
        // What a first call shows was there before; the Date header, which counts seconds, tells of all others.
        News news = new News(
                        store.log(),
                        state(),
                        ignoreFields,
                        row -> !state().historyComplete() && (first && part.calls() == 1 || isBefore(row, startedAt)))
                .sift(part.rows());
        return this.proven.commit(
                number, new ContinuityProof(contract, state(), 0), proof, page, part.rows(), latest(page), news, 0);
    }

    private static boolean isBefore(Row row, Instant start) {
        return row.stamp().map(at -> at.isBefore(start)).orElse(false);
    }

    /** What was written before the feed began is its history; each contact's page proves itself. */
    private Report pollFormerMembers(long number) {
        if (formerMembers == null) {
            formerMembers = new FormerMembers(store, crm, contract, state());
        }
        FormerMembers.Found found = formerMembers.read(clock.instant().minus(sweepFor));
        Page page = new Page(found.page().rows(), found.page().date().or(() -> Optional.of(clock.instant())));
        News news = new News(store.log(), state(), ignoreFields, row -> isBefore(row, state().startedAt()))
                .sift(page.rows());
        Proof proof = new Proof(
                true,
                found.gap(),
                Optional.empty(),
                true,
                Set.of(),
                List.of(),
                found.unread() == 0
                        ? Optional.empty()
                        : Optional.of("%d contacts could not be read".formatted(found.unread())));
        ContinuityProof points = new ContinuityProof(contract, state(), 0);
        return proven.commit(number, points, proof, page, page.rows(), latest(page), news, 0);
    }

    /** For how long after somebody left a sequence their replies are read: the longest that is asked for. */
    void sweepFor(Duration time) {
        sweepFor = time.compareTo(sweepFor) > 0 ? time : sweepFor;
    }

    private Roll roll() {
        if (roll == null) {
            roll = new Roll(store.log().listed(state().id()));
        }
        return roll;
    }

    /** Each record once, in an order that ends as the list does. */
    private List<Row> seenNow(List<Row> listed) {
        Instant now = clock.instant();
        Set<String> ids = new HashSet<>();
        List<Row> rows = new ArrayList<>(listed.size());
        for (Row row : listed) {
            if (row.id().isEmpty() || ids.add(row.id().get())) {
                rows.add(row.seenAt(now));
            }
        }
        Collections.reverse(rows);
        return rows;
    }

    /** The page just got does not count for itself: it may be the one that was cut off. */
    private Page page(Optional<Instant> since) {
        largestPage = Math.max(largestPage, lastPage);
        Page page = crm.page(contract, since);
        if (page.next().isPresent()) {
            page = wholeList(page);
        }
        lastPage = page.rows().size();
        return page;
    }

    /** One that comes in pages: it is read until two readings agree. */
    private Page wholeList(Page first) {
        Stretch all = Stretch.from(Stretch.BEGINNING, Quota.Lane.POLL);
        Iterator<Page> begun = List.of(first).iterator();
        AgreedReading.Found found = new AgreedReading(
                        contract,
                        after -> begun.hasNext()
                                ? begun.next()
                                : crm.page(contract, after.map(all::after).orElse(all)),
                        MOST_PAGES)
                .read(date -> Instant.MAX);
        if (!found.agreed()) {
            throw new CrmException(
                    Verdict.BROKEN,
                    found.tooLong()
                            ? "%s has more than %d pages".formatted(contract.path(), MOST_PAGES)
                            : "%s changes while it is read, and no two readings agree".formatted(contract.path()));
        }
        return new Page(found.last(), found.date());
    }

    private long missing(Page whole) {
        Set<String> shown =
                whole.rows().stream().flatMap(row -> row.id().stream()).collect(Collectors.toSet());
        return store.log().mirrored(state().id())
                - store.log().mirror(state().id(), shown).size();
    }

    private Report commit(long number, ContinuityProof proof, Proof found, Page page, List<Row> rows, Instant latest) {
        // What comes after the first page is news, also while no page has proven anything yet.
        boolean baseline = state().freshAt().isEmpty();
        News news = new News(store.log(), state(), ignoreFields, row -> baseline, contract.hasVersions());
        if (!found.recovered().isEmpty()) {
            news.recovered(found.recovered(), clock.instant());
        }
        int recovered = news.changes.size();
        news.sift(rows);
        if (!found.gone().isEmpty()) {
            news.gone(found.gone(), clock.instant());
        }
        return proven.commit(number, proof, found, page, rows, latest, news, recovered);
    }

    /** No honest row is stamped later. The Date header counts whole seconds. */
    static Instant latest(Page page, Clock clock) {
        return page.date()
                .map(date -> date.plusSeconds(1))
                .orElseGet(() -> clock.instant().plus(Duration.ofDays(1)));
    }

    /** The CRM's clock has surely reached it. */
    static Instant earliestNow(Optional<Instant> date, Clock clock) {
        return date.orElseGet(() -> clock.instant().minus(Duration.ofDays(1)));
    }

    private Instant latest(Page page) {
        return latest(page, clock);
    }

    /** The feed is gone: that its last polls failed is no trouble. */
    void forgetFailure() {
        proven.forgetFailure();
    }

    /** Keeps the place and records why the poll failed. */
    void failed(String reason) {
        proven.failed(reason);
    }
}
