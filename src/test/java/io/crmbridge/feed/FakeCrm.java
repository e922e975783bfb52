package io.crmbridge.feed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.WriteRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A CRM in memory with one feed, "deals": newest first, {@code since} exclusive, a cap and no next page. Every version has
 * a number of its own in its body. Faults apply to one page each, in their order. For one thread.
 */
final class FakeCrm implements Crm {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param visible a row with a readable id and stamp */
    record Version(String id, Instant stamp, long number, Instant createdAt, boolean late, boolean visible) {}

    /** @param snapshot what the CRM held when it answered */
    record Answered(Optional<Instant> since, List<Version> rows, List<Version> snapshot, boolean sorted) {}

    enum Fault {
        SERVER_ERROR,
        REFUSED,
        UNSORTED,
        NO_DATE,
        STALE,
        IGNORES_SINCE
    }

    private final Clock clock;
    private final FeedContract deals;
    private final int realCap;
    private final Map<String, Version> live = new LinkedHashMap<>();
    private List<Version> before = List.of();
    private long numbers;
    private String workspace = "ws_1";
    final Deque<Fault> faults = new ArrayDeque<>();
    final List<Answered> answered = new ArrayList<>();
    boolean keyRefused;
    int calls;
    int authTests;

    FakeCrm(Clock clock, int documentedCap, int realCap) {
        this.clock = clock;
        this.realCap = realCap;
        this.deals = new FeedContract("deals", "/deals", "id", "updatedAt", "createdAt", documentedCap);
    }

    void belongsTo(String workspaceId) {
        workspace = workspaceId;
    }

    Version write(String id, Duration late) {
        return write(id, clock.instant().minus(late), !late.isZero(), true);
    }

    Version write(String id, Instant stamp, boolean late, boolean visible) {
        Instant created = live.containsKey(id) ? live.get(id).createdAt() : stamp;
        Version version = new Version(id, stamp, ++numbers, created, late, visible);
        live.put(id, version);
        return version;
    }

    void remove(String id) {
        live.remove(id);
    }

    boolean has(String id) {
        return live.containsKey(id);
    }

    List<Version> live() {
        List<Version> rows = new ArrayList<>(live.values());
        rows.sort(Comparator.comparing(Version::stamp)
                .thenComparing(Version::number)
                .reversed());
        return rows;
    }

    @Override
    public Connection connection() {
        return new Connection("default", "fake", URI.create("http://fake"), new Secret("k"));
    }

    @Override
    public Workspace identify() {
        authTests++;
        if (keyRefused) {
            throw new CrmException(Verdict.REFUSED, "GET /auth answered 401");
        }
        return new Workspace(workspace, "Fake " + workspace);
    }

    @Override
    public List<FeedContract> feeds() {
        return List.of(deals);
    }

    @Override
    public Page page(FeedContract feed, Optional<Instant> since) {
        calls++;
        Fault fault = faults.poll();
        if (keyRefused || fault == Fault.REFUSED) {
            throw new CrmException(Verdict.REFUSED, "GET /deals answered 401");
        }
        if (fault == Fault.SERVER_ERROR) {
            throw new CrmException(Verdict.RETRY, "GET /deals answered 500");
        }
        List<Version> now = live();
        List<Version> shown = fault == Fault.STALE && since.isPresent() ? before : now;
        before = now;
        List<Version> rows = new ArrayList<>(shown.stream()
                .filter(v -> fault == Fault.IGNORES_SINCE
                        || since.map(at -> v.stamp().isAfter(at)).orElse(true))
                .limit(realCap)
                .toList());
        if (fault == Fault.UNSORTED) {
            Collections.reverse(rows);
        }
        answered.add(new Answered(since, rows, shown, fault != Fault.UNSORTED));
        return new Page(
                rows.stream().map(FakeCrm::row).toList(),
                fault == Fault.NO_DATE
                        ? Optional.empty()
                        : Optional.of(clock.instant().truncatedTo(ChronoUnit.SECONDS)));
    }

    static Row row(Version version) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", version.id());
        node.put("number", version.number());
        node.put("createdAt", version.createdAt().toString());
        if (version.visible()) {
            node.put("updatedAt", version.stamp().toString());
        }
        try {
            return new Row(
                    Optional.of(version.id()),
                    version.visible() ? Optional.of(version.stamp()) : Optional.empty(),
                    version.stamp().toString(),
                    "createdAt",
                    node,
                    JSON.writeValueAsBytes(node));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of the version whose body this is. */
    static long number(byte[] body) {
        try {
            return JSON.readTree(body).path("number").asLong();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
