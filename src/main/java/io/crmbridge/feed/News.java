package io.crmbridge.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.crm.Row;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.ChangeLog;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.NewChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which rows of a page the log does not know yet, oldest first. A stale read of a version seen lately is no news. */
final class News {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChangeLog log;
    private final FeedState feed;
    private final Fingerprint fingerprint;
    private final Predicate<Row> isPast;
    private final boolean versions;

    final List<NewChange> changes = new ArrayList<>();
    final List<byte[]> recentMarks = new ArrayList<>();

    News(ChangeLog log, FeedState feed, Set<String> ignoreFields, Predicate<Row> isPast) {
        this(log, feed, ignoreFields, isPast, true);
    }

    /**
     * @param isPast of a row: it was there before the feed began, and is no news for who starts from now
     * @param versions whether rows have one of their own; else content alone tells, and no content is stale
     */
    News(ChangeLog log, FeedState feed, Set<String> ignoreFields, Predicate<Row> isPast, boolean versions) {
        this.log = log;
        this.feed = feed;
        this.fingerprint = new Fingerprint(ignoreFields);
        this.isPast = isPast;
        this.versions = versions;
    }

    private record Fresh(Row row, byte[] rawHash, byte[] hash, long previous, byte[] recent) {}

    News sift(List<Row> rows) {
        List<Row> whole = new ArrayList<>(rows.size());
        for (int i = rows.size() - 1; i >= 0; i--) {
            if (rows.get(i).isWhole()) {
                whole.add(rows.get(i));
            }
        }
        whole.sort(Comparator.comparing(row -> row.stamp().get()));
        Map<String, MirrorRow> mirror =
                log.mirror(feed.id(), whole.stream().map(r -> r.id().get()).collect(Collectors.toSet()));
        List<Fresh> fresh = new ArrayList<>();
        for (Row row : whole) {
            String id = row.id().get();
            MirrorRow known = mirror.get(id);
            byte[] rawHash = fingerprint.raw(row.raw());
            if (known != null && Arrays.equals(known.rawHash(), rawHash)) {
                continue;
            }
            byte[] hash = fingerprint.content(row);
            byte[] mark = fingerprint.mark(versions ? row.version() : "", hash);
            if (known != null && isKnown(known, row, mark)) {
                continue;
            }
            byte[] recent = MirrorRow.remember(known == null ? new byte[0] : known.recent(), mark);
            long previous = known == null ? 0 : known.seq();
            fresh.add(new Fresh(row, rawHash, hash, previous, recent));
            mirror.put(id, new MirrorRow(id, previous, rawHash, recent));
        }
        Map<Long, JsonNode> bodies = previousBodies(fresh);
        for (Fresh one : fresh) {
            changes.add(change(one, bodies.get(one.previous())));
            recentMarks.add(one.recent());
        }
        return this;
    }

    private boolean isKnown(MirrorRow known, Row row, byte[] mark) {
        if (!versions) {
            return known.isLast(mark);
        }
        return known.saw(mark) || known.isNoRow() && known.saw(fingerprint.markOfShape(row.version()));
    }

    /**
     * Adds rows that came in another shape: of records that are not known, or stamped later than what is known. They compare
     * by id and stamp alone, also with what comes in the feed's own shape later.
     */
    News recovered(List<Row> rows, Instant observation) {
        Map<String, MirrorRow> mirror =
                log.mirror(feed.id(), rows.stream().map(r -> r.id().get()).collect(Collectors.toSet()));
        Map<Long, Change> last = new HashMap<>();
        log.get(mirror.values().stream().map(MirrorRow::seq).toList())
                .forEach(change -> last.put(change.seq(), change));
        List<Row> newer = new ArrayList<>();
        Set<String> met = new HashSet<>();
        for (Row row : rows) {
            MirrorRow known = mirror.get(row.id().get());
            if ((known == null || isLater(row, last.get(known.seq())))
                    && met.add(row.id().get())) {
                newer.add(row.stamp().isPresent() ? row : row.seenAt(observation));
            }
        }
        newer.sort(Comparator.comparing(row -> row.stamp().get()));
        for (Row row : newer) {
            MirrorRow known = mirror.get(row.id().get());
            boolean firstSeen = known == null;
            changes.add(new NewChange(
                    row.id().get(),
                    row.version(),
                    fingerprint.content(row),
                    MirrorRow.noRow(),
                    firstSeen && isNew(row) ? ChangeKind.CREATED : ChangeKind.UPDATED,
                    firstSeen,
                    false,
                    List.of(),
                    firstSeen ? 0 : known.seq(),
                    row.raw()));
            recentMarks.add(MirrorRow.remember(
                    firstSeen ? new byte[0] : known.recent(), fingerprint.markOfShape(row.version())));
        }
        return this;
    }

    private static boolean isLater(Row row, Change known) {
        return row.stamp().isPresent()
                && JsonPage.stamp(known.version())
                        .map(stamp -> row.stamp().get().isAfter(stamp))
                        .orElse(false);
    }

    /** Adds that these records are listed no longer. What came before of one is forgotten: if it returns, that is news. */
    News gone(Set<String> ids, Instant observation) {
        Map<String, MirrorRow> known = log.mirror(feed.id(), ids);
        List<Long> seqs = known.values().stream().map(MirrorRow::seq).toList();
        for (Change last : log.get(seqs)) {
            changes.add(new NewChange(
                    last.recordId(),
                    observation.toString(),
                    last.hash(),
                    MirrorRow.noRow(),
                    ChangeKind.GONE,
                    false,
                    false,
                    List.of(),
                    last.seq(),
                    last.body()));
            recentMarks.add(fingerprint.mark(observation.toString(), MirrorRow.noRow()));
        }
        return this;
    }

    private NewChange change(Fresh fresh, JsonNode previous) {
        boolean firstSeen = fresh.previous() == 0;
        boolean baseline = isPast.test(fresh.row());
        return new NewChange(
                fresh.row().id().get(),
                fresh.row().version(),
                fresh.hash(),
                fresh.rawHash(),
                firstSeen && !baseline && isNew(fresh.row()) ? ChangeKind.CREATED : ChangeKind.UPDATED,
                firstSeen,
                baseline,
                previous == null
                        ? List.of()
                        : changedFields(previous, fresh.row().node()),
                fresh.previous(),
                fresh.row().raw());
    }

    private boolean isNew(Row row) {
        return feed.historyComplete()
                || row.createdAt().map(at -> at.isAfter(feed.startedAt())).orElse(false);
    }

    private Map<Long, JsonNode> previousBodies(List<Fresh> fresh) {
        Set<Long> seqs =
                fresh.stream().map(Fresh::previous).filter(seq -> seq > 0).collect(Collectors.toSet());
        Map<Long, JsonNode> bodies = new HashMap<>();
        for (Change change : log.get(seqs)) {
            try {
                bodies.put(change.seq(), JSON.readTree(change.body()));
            } catch (IOException e) {
                throw new UncheckedIOException("the log holds a body that is no JSON, number " + change.seq(), e);
            }
        }
        return bodies;
    }

    static List<String> changedFields(JsonNode before, JsonNode after) {
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> before.path(name).equals(after.path(name)));
        return List.copyOf(names);
    }
}
