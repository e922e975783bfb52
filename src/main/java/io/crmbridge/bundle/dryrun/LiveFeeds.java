package io.crmbridge.bundle.dryrun;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.FeedContract.Style;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Stretch;
import io.crmbridge.feed.Choice;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.NewChange;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of a feed that a dry run is about, read from the CRM once, however many routes are on it, and put into the scratch
 * store's log as changes. For one thread.
 */
final class LiveFeeds {
    private static final Logger LOG = LoggerFactory.getLogger(LiveFeeds.class);

    /** Of a feed that is read page by page. */
    private static final int MOST_PAGES = 20;

    private static final List<Duration> SPANS =
            List.of(Duration.ofDays(1), Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(365));

    private final Store store;
    private final Map<String, Crm> crms = new TreeMap<>();
    private final Scope scope;
    private final Clock clock;
    private final Map<String, Found> found = new HashMap<>();
    private final Map<String, Map<String, String>> listings = new HashMap<>();

    /** @param changes oldest first @param notes what is not as a person would expect */
    record Found(List<Change> changes, List<String> notes) {}

    LiveFeeds(Store store, Collection<? extends Crm> crms, Scope scope, Clock clock) {
        this.store = store;
        crms.forEach(crm -> this.crms.put(crm.connection().name(), crm));
        this.scope = scope;
        this.clock = clock;
    }

    /** @throws CrmException when the CRM does not show it */
    Found of(String connection, String feed) {
        String key = connection + "/" + feed;
        Found known = found.get(key);
        if (known == null) {
            known = read(crms.get(connection), feed);
            found.put(key, known);
        }
        return known;
    }

    /** Ids of what a choice means now. @throws CrmException when the CRM does not show them */
    List<String> chosen(String connection, Choice choice) {
        Map<String, String> names = listing(connection, choice.listing());
        if (choice.isAll()) {
            return List.copyOf(names.keySet());
        }
        return names.entrySet().stream()
                .filter(one ->
                        one.getKey().equals(choice.chosen()) || one.getValue().equals(choice.chosen()))
                .map(Map.Entry::getKey)
                .limit(1)
                .toList();
    }

    /** The name of a sequence with its id; the id alone where the CRM does not tell. */
    String sequence(String id) {
        for (String connection : crms.keySet()) {
            try {
                String name = listing(connection, "sequences").get(id);
                if (name != null) {
                    return "%s (%s)".formatted(name, id);
                }
            } catch (CrmException e) {
                LOG.debug("the sequences of connection {} are not shown: {}", connection, e.getMessage());
            }
        }
        return id;
    }

    private Map<String, String> listing(String connection, String feed) {
        return listings.computeIfAbsent(connection + "/" + feed, key -> list(crms.get(connection), feed));
    }

    /** Names of the records of a feed by their ids; none where the CRM has no such feed. */
    private static Map<String, String> list(Crm crm, String feed) {
        Map<String, String> names = new LinkedHashMap<>();
        contract(crm, feed)
                .ifPresent(contract -> crm.page(contract, Optional.empty())
                        .rows()
                        .forEach(row -> row.id()
                                .ifPresent(id ->
                                        names.put(id, row.node().path("name").asText("")))));
        return names;
    }

    boolean knows(String connection) {
        return crms.containsKey(connection);
    }

    boolean has(String connection, String feed) {
        return contract(crms.get(connection), feed).isPresent();
    }

    List<String> connections(String type) {
        return crms.values().stream()
                .map(Crm::connection)
                .filter(connection -> connection.type().equals(type))
                .map(connection -> connection.name())
                .toList();
    }

    private static Optional<FeedContract> contract(Crm crm, String feed) {
        return crm.feeds().stream()
                .filter(it -> it.isTemplate() ? feed.startsWith(it.name() + "/") : feed.equals(it.name()))
                .max(Comparator.comparing(it -> it.name().length()))
                .map(it -> it.isTemplate() ? it.of(feed.substring(it.name().length() + 1)) : it);
    }

    private Found read(Crm crm, String feed) {
        FeedContract contract = contract(crm, feed).orElseThrow();
        List<String> notes = new ArrayList<>();
        if (contract.style() == Style.FORMER_MEMBERS) {
            return new Found(
                    List.of(), List.of("who has left a sequence is known to a bridge that ran before: not tried"));
        }
        boolean inParts = contract.style() == Style.KEYSET || contract.style() == Style.WINDOW;
        List<Row> rows = inParts ? parts(crm, contract, notes) : page(crm, contract, notes);
        long broken = rows.stream().filter(row -> !isWhole(row, contract)).count();
        if (broken > 0) {
            notes.add("%d rows without an id or a readable %s would be quarantined"
                    .formatted(broken, contract.cursorField()));
        }
        return new Found(commit(crm, contract, taken(contract, rows)), notes);
    }

    private static boolean isWhole(Row row, FeedContract contract) {
        return contract.hasVersions() ? row.isWhole() : row.id().isPresent();
    }

    private List<Row> page(Crm crm, FeedContract contract, List<String> notes) {
        Optional<Instant> since = contract.style() == Style.NEWEST ? scope.since() : Optional.empty();
        List<Row> rows = crm.page(contract, since).rows();
        if (scope.since().isPresent() && contract.cap() > 0 && rows.size() >= contract.cap()) {
            notes.add("the CRM shows only its newest %d records: what was changed before them is not tried"
                    .formatted(contract.cap()));
        }
        if (scope.since().isPresent() && !contract.hasVersions()) {
            notes.add("its rows do not tell when they were changed: tried are those that were made since then, or all");
        }
        return rows;
    }

    private List<Row> parts(Crm crm, FeedContract contract, List<String> notes) {
        if (scope.since().isPresent()) {
            return part(crm, contract, scope.since().get(), notes);
        }
        for (Duration span : SPANS) {
            List<Row> rows = part(crm, contract, clock.instant().minus(span), notes);
            if (rows.size() >= scope.sample() || !notes.isEmpty()) {
                return rows;
            }
        }
        return part(crm, contract, Stretch.BEGINNING, notes);
    }

    private static List<Row> part(Crm crm, FeedContract contract, Instant since, List<String> notes) {
        Stretch stretch = Stretch.from(since, Quota.Lane.BACK_FILL);
        Page page = crm.page(contract, stretch);
        List<Row> rows = new ArrayList<>(page.rows());
        for (int pages = 1; page.next().isPresent(); pages++) {
            if (pages == MOST_PAGES) {
                notes.add("more than %d pages were changed since %s: the rest is not tried".formatted(pages, since));
                break;
            }
            page = crm.page(contract, stretch.after(page.next().get()));
            rows.addAll(page.rows());
        }
        return rows;
    }

    /** The newest version of each record that is meant, oldest first. */
    private List<Row> taken(FeedContract contract, List<Row> rows) {
        Map<String, Row> newest = new LinkedHashMap<>();
        for (Row row : rows) {
            if (isWhole(row, contract) && isMeant(contract, row)) {
                newest.merge(
                        row.id().orElseThrow(),
                        row,
                        (one, other) -> stamp(other).isAfter(stamp(one)) ? other : one);
            }
        }
        List<Row> sorted = new ArrayList<>(newest.values());
        sorted.sort(Comparator.comparing(this::stamp));
        int from = scope.since().isPresent() ? 0 : Math.max(0, sorted.size() - scope.sample());
        return sorted.subList(from, sorted.size());
    }

    private boolean isMeant(FeedContract contract, Row row) {
        return scope.since().isEmpty()
                || !(contract.hasVersions() ? row.stamp() : row.createdAt())
                        .orElse(Instant.MAX)
                        .isBefore(scope.since().get());
    }

    private Instant stamp(Row row) {
        return row.stamp().or(row::createdAt).orElseGet(clock::instant);
    }

    private List<Change> commit(Crm crm, FeedContract contract, List<Row> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        long source = store.sources()
                .source(crm.connection().name(), crm.connection().type())
                .id();
        FeedState state = store.sources().lease(source, "dry-run/" + contract.name());
        List<NewChange> changes = rows.stream().map(row -> change(row)).toList();
        List<byte[]> marks = rows.stream().map(row -> new byte[0]).toList();
        long before = store.log().head();
        store.log().commit(new PollCommit(state, changes, marks, Optional.empty(), List.of()));
        return store.log().read(state.id(), 0, before, rows.size());
    }

    private NewChange change(Row row) {
        byte[] none = new byte[32];
        return new NewChange(
                row.id().orElseThrow(),
                stamp(row).toString(),
                none,
                none,
                isNew(row) ? ChangeKind.CREATED : ChangeKind.UPDATED,
                true,
                false,
                scope.changed(),
                0,
                row.raw());
    }

    /** Made since then; of a sample, not changed since it was made. */
    private boolean isNew(Row row) {
        return row.createdAt()
                .map(made -> scope.since()
                        .map(since -> !made.isBefore(since))
                        .orElseGet(() -> !stamp(row).isAfter(made.plusSeconds(1))))
                .orElse(false);
    }
}
