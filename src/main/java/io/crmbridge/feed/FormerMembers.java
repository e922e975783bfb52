package io.crmbridge.feed;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Verdict;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.PollCommit.NewGap;
import io.crmbridge.state.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the replies of who has left a sequence, contact by contact, a bounded number each time and in turn. Who has left is
 * known from the mirror of the sequence's enrolments. What was written before the enrolment is left out, and so is what the
 * sequence's own feed of replies has shown. Not thread-safe.
 */
final class FormerMembers {
    static final int CALLS = 20;
    private static final int NOT_FOUND = 404;

    private final Store store;
    private final Crm crm;
    private final FeedContract contract;
    private final FeedContract ofOne;
    private final long feedId;
    private final long sourceId;
    private final String sequence;
    private String last = "";

    /** @param contract of the feed; the template of a contact's list has the same fields */
    FormerMembers(Store store, Crm crm, FeedContract contract, FeedState state) {
        this.store = store;
        this.crm = crm;
        this.contract = contract;
        this.ofOne = crm.feeds().stream()
                .filter(feed -> feed.style() == FeedContract.Style.NEWEST_ALWAYS && feed.isTemplate())
                .findFirst()
                .orElseThrow();
        this.feedId = state.id();
        this.sourceId = state.sourceId();
        this.sequence = state.name().substring(state.name().lastIndexOf('/') + 1);
    }

    /**
     * @param page the rows of all contacts that were read
     * @param unread contacts that could not be read this time
     */
    record Found(Page page, Optional<NewGap> gap, int unread) {}

    /** @param enrolled when the contact first joined */
    private record Member(Instant enrolled, Instant left, boolean there) {
        Member and(Member other) {
            return new Member(
                    enrolled.isBefore(other.enrolled()) ? enrolled : other.enrolled(),
                    left.isAfter(other.left()) ? left : other.left(),
                    there || other.there());
        }
    }

    /**
     * @param leftSince who left before this is read no longer
     * @throws CrmException when none could be read, or no more calls are welcome
     */
    Found read(Instant leftSince) {
        TreeMap<String, Member> members = members(leftSince);
        List<String> turn = Stream.concat(
                        members.tailMap(last, false).keySet().stream(), members.headMap(last, true).keySet().stream())
                .limit(CALLS)
                .toList();
        List<Row> rows = new ArrayList<>();
        Optional<Instant> date = Optional.empty();
        Optional<NewGap> gap = Optional.empty();
        int unread = 0;
        for (String contact : turn) {
            try {
                Page page = crm.page(ofOne.of(contact), Optional.empty());
                Instant enrolled = members.get(contact).enrolled();
                gap = gap.or(() -> gap(page.rows(), enrolled));
                rows.addAll(ofSequence(page.rows(), enrolled));
                date = page.date();
            } catch (CrmException e) {
                boolean stops = e.verdict() == Verdict.REFUSED || e.verdict() == Verdict.WAIT;
                if (e.status() != NOT_FOUND && (stops || ++unread == turn.size())) {
                    throw e;
                }
            }
            last = contact;
        }
        return new Found(new Page(rows, date), gap, unread);
    }

    private TreeMap<String, Member> members(Instant leftSince) {
        TreeMap<String, Member> members = new TreeMap<>();
        feed("enrollments")
                .ifPresent(feed -> store.log().snapshot(feed.id(), 0, change -> {
                    JsonNode row = Listing.body(change);
                    boolean gone = change.kind() == ChangeKind.GONE;
                    boolean left = gone || row.path("status").asText().equals("unsubscribed");
                    Instant at = gone
                            ? change.observedAt()
                            : JsonPage.stamp(change.version()).orElse(change.observedAt());
                    Instant enrolled = JsonPage.instant(row.path("startedAt")).orElse(at);
                    String contact = row.path("contactId").asText("");
                    if (!contact.isEmpty()) {
                        members.merge(contact, new Member(enrolled, at, !left), Member::and);
                    }
                }));
        members.values().removeIf(member -> member.there() || member.left().isBefore(leftSince));
        return members;
    }

    private Optional<FeedState> feed(String resource) {
        return store.sources().feed(sourceId, resource + "/" + sequence);
    }

    private List<Row> ofSequence(List<Row> rows, Instant enrolled) {
        Set<String> ids = rows.stream().flatMap(row -> row.id().stream()).collect(Collectors.toSet());
        Set<String> shown = feed("replies")
                .map(feed -> store.log().mirror(feed.id(), ids).keySet())
                .orElse(Set.of());
        return rows.stream()
                .filter(row -> !row.isWhole()
                        || !row.stamp().get().isBefore(enrolled)
                                && !shown.contains(row.id().get()))
                .toList();
    }

    /** A full page of which nothing is known, and that does not reach below the enrolment. */
    private Optional<NewGap> gap(List<Row> rows, Instant enrolled) {
        if (rows.size() < contract.cap()) {
            return Optional.empty();
        }
        Set<String> ids = rows.stream().flatMap(row -> row.id().stream()).collect(Collectors.toSet());
        return rows.stream()
                .flatMap(row -> row.stamp().stream())
                .min(Instant::compareTo)
                .filter(oldest -> oldest.isAfter(enrolled)
                        && store.log().mirror(feedId, ids).isEmpty())
                .map(oldest -> new NewGap(
                        enrolled, oldest, "a contact has written more than a page of " + rows.size() + " shows"));
    }
}
