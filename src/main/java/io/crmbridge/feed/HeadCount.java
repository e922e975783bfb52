package io.crmbridge.feed;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.state.Change;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.Store;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * How many the list of sequences says are on a sequence, against those that its enrolments show. They are polled one after the
 * other, so a difference counts when it is there again after both were read anew. Not thread-safe.
 */
final class HeadCount {
    /** A feed's error that begins so is a mismatch of two lists. */
    static final String MISMATCH = "mismatch: ";

    private final Store store;
    private final long sourceId;
    private final String sequence;
    private Optional<Instant> differedAt = Optional.empty();

    HeadCount(Store store, FeedState enrollments) {
        this.store = store;
        this.sourceId = enrollments.sourceId();
        this.sequence = enrollments.name().substring(enrollments.name().indexOf('/') + 1);
    }

    private Optional<FeedState> sequences() {
        return store.sources().feeds().stream()
                .filter(feed -> feed.sourceId() == sourceId && feed.name().equals("sequences"))
                .filter(feed -> feed.freshAt().isPresent() && feed.error().isEmpty())
                .findFirst();
    }

    private Optional<Integer> counted(FeedState sequences) {
        MirrorRow row = store.log().mirror(sequences.id(), Set.of(sequence)).get(sequence);
        Optional<Change> last = row == null ? Optional.empty() : store.log().get(row.seq());
        return last.map(change -> Listing.body(change).path("enrollmentCounts").path("total"))
                .filter(JsonNode::isIntegralNumber)
                .map(JsonNode::asInt);
    }

    /** Whether the list of sequences counts others than are known: the whole list of enrolments tells more. */
    boolean differs(int known) {
        return sequences()
                .flatMap(this::counted)
                .filter(total -> total != known)
                .isPresent();
    }

    /** @param known as many as the whole list of enrolments has just shown */
    Optional<String> mismatch(int known) {
        Optional<FeedState> sequences = sequences();
        Optional<Integer> total = sequences.flatMap(this::counted).filter(count -> count != known);
        if (total.isEmpty()) {
            differedAt = Optional.empty();
            return Optional.empty();
        }
        Instant readAt = sequences.get().freshAt().orElseThrow();
        if (differedAt.isEmpty()) {
            differedAt = Optional.of(readAt);
        }
        return differedAt.get().isBefore(readAt)
                ? Optional.of("%sthe list of sequences counts %d on it, and its enrolments show %d"
                        .formatted(MISMATCH, total.get(), known))
                : Optional.empty();
    }
}
