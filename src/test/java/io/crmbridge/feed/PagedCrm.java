package io.crmbridge.feed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.FeedContract.Style;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Stretch;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.WriteRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A CRM in memory with one feed that is read page by page, "deals": oldest change first behind the last row, or between two times
 * by numbers of rows. Every version has a number of its own in its body. For one thread.
 */
final class PagedCrm implements Crm {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param whole with a readable id and stamp */
    record Version(String id, Instant stamp, Instant createdAt, long number, boolean whole) {}

    enum Fault {
        IGNORES_SORT,
        IGNORES_SINCE,
        SINCE_IS_EXCLUSIVE,
        NO_DATE,
        /** The page behind the last one is the first one, and there is always another token. */
        NEVER_ENDS
    }

    private final Clock clock;
    private final FeedContract deals;
    private final Map<String, Version> live = new LinkedHashMap<>();
    private long numbers;
    int cap;
    int calls;
    /** Calls that go well before one fails; -1: all do. */
    int failsAfter = -1;

    final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    final List<Quota.Lane> lanes = new ArrayList<>();
    Runnable afterPage = () -> {};

    PagedCrm(Clock clock, Style style, int cap) {
        this.clock = clock;
        this.cap = cap;
        this.deals = new FeedContract(
                "deals", "/deals", "id", "updatedAt", "createdAt", cap, style, false, Optional.empty());
    }

    FeedContract deals() {
        return deals;
    }

    Version write(String id, Instant stamp) {
        return write(id, stamp, true);
    }

    Version write(String id, Instant stamp, boolean whole) {
        Instant created = live.containsKey(id) ? live.get(id).createdAt() : stamp;
        Version version = new Version(id, stamp, created, ++numbers, whole);
        live.put(id, version);
        return version;
    }

    void remove(String id) {
        live.remove(id);
    }

    Collection<Version> live() {
        return live.values();
    }

    @Override
    public Page page(FeedContract feed, Stretch stretch) {
        calls++;
        lanes.add(stretch.lane());
        if (failsAfter == 0) {
            failsAfter = -1;
            throw new CrmException(Verdict.RETRY, "GET /deals answered 500");
        }
        failsAfter = Math.max(-1, failsAfter - 1);
        List<Version> asked =
                live.values().stream().filter(row -> isAsked(row, stretch)).toList();
        Page page = deals.style() == Style.KEYSET ? behind(asked, stretch) : numbered(asked, stretch);
        afterPage.run();
        return page;
    }

    private boolean isAsked(Version row, Stretch stretch) {
        int since = row.stamp().compareTo(stretch.since());
        boolean after = faults.contains(Fault.SINCE_IS_EXCLUSIVE) ? since > 0 : since >= 0;
        boolean before = stretch.until()
                .map(until -> faults.contains(Fault.SINCE_IS_EXCLUSIVE)
                        ? row.stamp().isBefore(until)
                        : !row.stamp().isAfter(until))
                .orElse(true);
        return faults.contains(Fault.IGNORES_SINCE) || after && before;
    }

    private Page behind(List<Version> asked, Stretch stretch) {
        Comparator<Version> oldest = Comparator.comparing(Version::stamp).thenComparing(Version::id);
        Comparator<Version> order = faults.contains(Fault.IGNORES_SORT) ? oldest.reversed() : oldest;
        Optional<Version> after = stretch.after().map(token -> {
            String[] parts = token.split(" ");
            return new Version(parts[1], Instant.parse(parts[0]), Instant.MIN, 0, true);
        });
        List<Version> rows = asked.stream()
                .sorted(order)
                .filter(row -> after.isEmpty() || order.compare(row, after.get()) > 0)
                .limit(cap)
                .toList();
        if (faults.contains(Fault.NEVER_ENDS)) {
            rows = rows.isEmpty() ? asked.stream().sorted(order).limit(cap).toList() : rows;
            return page(rows, Optional.of(rows.get(rows.size() - 1)).map(PagedCrm::token), false);
        }
        return page(
                rows,
                rows.size() < cap
                        ? Optional.empty()
                        : Optional.of(rows.get(rows.size() - 1)).map(PagedCrm::token),
                false);
    }

    private static String token(Version row) {
        return row.stamp() + " " + row.id();
    }

    /** Newest first by creation, each page with the last row of the one before. */
    private Page numbered(List<Version> asked, Stretch stretch) {
        Comparator<Version> order = Comparator.comparing(Version::createdAt).thenComparing(Version::id);
        String[] token = stretch.after().orElse("0 ").split(" ");
        int offset = Integer.parseInt(token[0]);
        List<Version> rows =
                asked.stream().sorted(order.reversed()).skip(offset).limit(cap).toList();
        boolean moved = token.length > 1 && (rows.isEmpty() || !rows.get(0).id().equals(token[1]));
        List<Version> fresh = token.length > 1 && !moved ? rows.subList(1, rows.size()) : rows;
        if (fresh.isEmpty() && offset > 0 && faults.contains(Fault.NEVER_ENDS)) {
            return numbered(asked, new Stretch(stretch.since(), stretch.until(), Optional.empty(), stretch.lane()));
        }
        boolean ends = fresh.isEmpty() || rows.size() < cap && !faults.contains(Fault.NEVER_ENDS);
        Optional<String> next = ends
                ? Optional.empty()
                : Optional.of((offset + rows.size() - 1) + " "
                        + rows.get(rows.size() - 1).id());
        return page(fresh, next, moved);
    }

    private Page page(List<Version> rows, Optional<String> next, boolean moved) {
        Optional<Instant> date = faults.contains(Fault.NO_DATE)
                ? Optional.empty()
                : Optional.of(clock.instant().truncatedTo(ChronoUnit.SECONDS));
        return new Page(rows.stream().map(PagedCrm::row).toList(), date, next, moved);
    }

    private static Row row(Version version) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", version.id());
        node.put("number", version.number());
        node.put("createdAt", version.createdAt().toString());
        if (version.whole()) {
            node.put("updatedAt", version.stamp().toString());
        }
        try {
            return new Row(
                    Optional.of(version.id()),
                    version.whole() ? Optional.of(version.stamp()) : Optional.empty(),
                    version.whole() ? version.stamp().toString() : "",
                    "createdAt",
                    node,
                    JSON.writeValueAsBytes(node));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Page page(FeedContract feed, Optional<Instant> since) {
        return page(feed, Stretch.from(since.orElse(Stretch.BEGINNING), Quota.Lane.POLL));
    }

    @Override
    public Connection connection() {
        return new Connection("default", "fake", URI.create("http://fake"), new Secret("k"));
    }

    @Override
    public Workspace identify() {
        return new Workspace("ws_1", "Fake");
    }

    @Override
    public List<FeedContract> feeds() {
        return List.of(deals);
    }

    @Override
    public Reply call(Call call) {
        throw new UnsupportedOperationException("no operations here");
    }

    @Override
    public Collection<Operation> operations() {
        return List.of();
    }

    @Override
    public WriteRules writeRules() {
        throw new UnsupportedOperationException("no operations here");
    }

    @Override
    public void close() {}
}
