package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.FeedContract.Style;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Row;
import io.crmbridge.crm.Said;
import io.crmbridge.crm.Stretch;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.WriteRules;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One Intellivizz location, or an agency with its locations. Source: the article on its public API, for the resources, the key
 * ("Use it as a Bearer token in HTTP headers") and the limits; all paths come from the catalogue.
 */
public final class Intellivizz implements Crm {
    public static final String TYPE = "intellivizz";
    /** The feed whose records are an agency's locations. */
    public static final String LOCATIONS = "locations";

    private static final CrmHttp.Authorization BEARER = new CrmHttp.Authorization("Authorization", "Bearer ");
    private static final String LIMIT = "limit";

    private final Connection connection;
    private final Supplier<Account> account;
    private final Catalogue catalogue;
    private final CrmHttp http;
    private final WriteRules rules;
    private final Clock clock;
    /** By the CRM's clock; whose key it is was asked before all else, so there is one. */
    private volatile Instant lastDate = Instant.MIN;

    /** @param account as it is now; with OAuth, whoever consented tells it */
    public Intellivizz(
            Connection connection,
            Supplier<Account> account,
            Catalogue catalogue,
            Quota quota,
            CrmHttp.Limits limits,
            Clock clock) {
        this.connection = connection;
        this.account = account;
        this.catalogue = catalogue;
        this.http = new CrmHttp(connection.baseUrl(), BEARER, connection.credential(), quota, limits, clock);
        this.clock = clock;
        this.rules = new IntellivizzWrites(this::call, this::tomorrow, catalogue, clock);
    }

    @Override
    public Connection connection() {
        return connection;
    }

    /** The location, or for an agency's key the agency. */
    @Override
    public Workspace identify() {
        // A credential that was refused says so first, and one that was just given tells whose it is.
        connection.credential().current();
        Account of = account.get();
        if (of.isAgency()) {
            send(entry(LOCATIONS, "list"), Optional.empty(), Map.of(LIMIT, IntNode.valueOf(1)), Quota.Lane.POLL);
            return new Workspace(
                    of.agency().orElseThrow(), "agency " + of.agency().orElseThrow());
        }
        if (of.location().isEmpty()) {
            throw new CrmException(
                    Verdict.INVALID,
                    "connection %s does not say whose key it has: set bridge.connection.%s.location-id, or .agency-id for an agency's key"
                            .formatted(connection.name(), connection.name()));
        }
        CatalogueEntry test = entry("auth", "test");
        CrmHttp.Answer answer = send(test, Optional.empty(), Map.of(), Quota.Lane.POLL);
        JsonNode body = JsonPage.tree(title(test), answer);
        if (Said.of(body) instanceof Said.Made location
                && location.recordId().equals(of.location().get())) {
            return new Workspace(
                    location.recordId(), location.record().path("name").asText(location.recordId()));
        }
        throw new CrmException(Verdict.BROKEN, title(test) + " answered without the location that it was asked for");
    }

    @Override
    public Collection<FeedContract> feeds() {
        return feeds(catalogue, account.get().isAgency());
    }

    /** What a catalogue's lists promise. @param agency the key is an agency's, so that most are of each location */
    public static Collection<FeedContract> feeds(Catalogue catalogue, boolean agency) {
        return catalogue.resources().stream()
                .flatMap(resource -> catalogue
                        .feed(resource)
                        .map(feed -> contract(
                                resource,
                                feed,
                                catalogue.find(resource, feed.list()).orElseThrow(),
                                agency))
                        .stream())
                .toList();
    }

    /** What writes look like, and how it is found out whether one was done, where somebody else calls. */
    public static WriteRules writeRules(Catalogue catalogue, Function<Call, Reply> caller, Clock clock) {
        return new IntellivizzWrites(caller, () -> clock.instant().plus(Duration.ofDays(1)), catalogue, clock);
    }

    private static FeedContract contract(String resource, FeedEntry feed, CatalogueEntry list, boolean agency) {
        Style style = switch (feed.reading()) {
            case KEYSET -> Style.KEYSET;
            case WINDOW -> Style.WINDOW;
            case ALL -> Style.ALL;
        };
        boolean each = agency && !list.agency();
        return new FeedContract(
                resource,
                list.operation().path().replaceAll("[{}]", ":") + (each ? "?location={location}" : ""),
                feed.id(),
                feed.updated(),
                feed.created(),
                list.paging().map(Paging::limit).orElse(0),
                style,
                false,
                Optional.empty());
    }

    /** All of it, or its first page. */
    @Override
    public Page page(FeedContract feed, Optional<Instant> since) {
        return page(feed, Stretch.from(since.orElse(Stretch.BEGINNING), Quota.Lane.POLL));
    }

    @Override
    public Page page(FeedContract feed, Stretch stretch) {
        int slash = feed.name().indexOf('/');
        String resource = slash < 0 ? feed.name() : feed.name().substring(0, slash);
        Optional<String> location =
                slash < 0 ? Optional.empty() : Optional.of(feed.name().substring(slash + 1));
        CatalogueEntry list =
                entry(resource, catalogue.feed(resource).orElseThrow().list());
        Map<String, JsonNode> asked = new HashMap<>();
        asked.put("since", text(stretch.since()));
        asked.put("until", text(stretch.until().orElseGet(this::tomorrow)));
        return page(list, feed, location, asked, stretch.after(), stretch.lane());
    }

    /**
     * In the place of no end, which would mean what the CRM likes; what is stamped later is no honest row. The CRM's clock may be far
     * before this machine's.
     */
    Instant tomorrow() {
        Instant here = clock.instant();
        return (here.isAfter(lastDate) ? here : lastDate).plus(Duration.ofDays(1));
    }

    private static JsonNode text(Instant at) {
        return TextNode.valueOf(at.toString());
    }

    private Page page(
            CatalogueEntry list,
            FeedContract feed,
            Optional<String> location,
            Map<String, JsonNode> asked,
            Optional<String> after,
            Quota.Lane lane) {
        Optional<PageTurner> turner = list.paging().map(paging -> new PageTurner(paging, after));
        turner.ifPresent(pages -> asked.putAll(pages.values()));
        list.paging().ifPresent(paging -> asked.putIfAbsent(LIMIT, IntNode.valueOf(paging.limit())));
        CrmHttp.Answer answer = send(list, location, asked, lane);
        List<Row> rows = JsonPage.rows(title(list), feed, list.rows(), answer);
        return turner.isEmpty()
                ? new Page(rows, answer.date())
                : turner.get().turn(rows, answer.date(), () -> JsonPage.tree(title(list), answer));
    }

    /** A list is read page by page up to the limit that is asked for, or for one page. */
    @Override
    public Reply call(Call call) {
        CatalogueEntry entry =
                entry(call.operation().resource(), call.operation().name());
        Map<String, JsonNode> asked = new HashMap<>();
        call.ids().forEach((name, value) -> asked.put(name, TextNode.valueOf(value)));
        call.query().forEach((name, value) -> asked.put(name, TextNode.valueOf(value)));
        Optional<String> location = Optional.ofNullable(call.query().get("locationId"));
        location.ifPresent(this::refuseAnother);
        if (entry.operation().kind() == Operation.Kind.READ && entry.paging().isPresent()) {
            return list(entry, location, asked, call);
        }
        CrmHttp.Answer answer = send(
                entry,
                location,
                asked,
                entry.operation().kind() == Operation.Kind.READ ? Quota.Lane.POLL : Quota.Lane.WRITE,
                fields(entry, call));
        return new Reply(
                answer.body().length == 0
                        ? MissingNode.getInstance()
                        : record(entry, JsonPage.tree(title(entry), answer)),
                answer.date());
    }

    /** Where a template does not send it, the key would tell where the call is carried out. */
    private void refuseAnother(String location) {
        account.get().location().filter(own -> !own.equals(location)).ifPresent(own -> {
            throw new CrmException(
                    Verdict.INVALID,
                    "location= is another one than %s, whose key connection %s has: leave it out, or use a connection with agency-id"
                            .formatted(own, connection.name()));
        });
    }

    private static Optional<ObjectNode> fields(CatalogueEntry entry, Call call) {
        return call.body().filter(body -> entry.fields() && body.isObject()).map(ObjectNode.class::cast);
    }

    /** The record alone, where an answer has nothing but one beside what is said of the call itself. */
    private static JsonNode record(CatalogueEntry entry, JsonNode body) {
        if (entry.operation().kind() == Operation.Kind.READ && entry.rows().isPresent()) {
            return body.path(entry.rows().get()).isArray()
                    ? body.path(entry.rows().get())
                    : body;
        }
        return Said.of(body) instanceof Said.Made made ? made.record() : body;
    }

    private Reply list(CatalogueEntry entry, Optional<String> location, Map<String, JsonNode> asked, Call call) {
        Paging paging = entry.paging().orElseThrow();
        int most = asked.containsKey(LIMIT) ? asked.get(LIMIT).asInt() : paging.limit();
        asked.put(LIMIT, IntNode.valueOf(Math.min(most, paging.limit())));
        Optional<FeedEntry> feed = catalogue.feed(entry.operation().resource());
        FeedContract shape = new FeedContract(
                entry.operation().resource(),
                entry.operation().path(),
                feed.map(FeedEntry::id).orElse("id"),
                feed.map(FeedEntry::updated).orElse(""),
                "",
                0);
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        Optional<String> after = Optional.empty();
        Page page;
        do {
            PageTurner pages = new PageTurner(paging, after);
            Map<String, JsonNode> ofPage = new HashMap<>(asked);
            ofPage.putAll(pages.values());
            CrmHttp.Answer answer = send(entry, location, ofPage, Quota.Lane.POLL, fields(entry, call));
            page = pages.turn(
                    JsonPage.rows(title(entry), shape, entry.rows(), answer),
                    answer.date(),
                    () -> JsonPage.tree(title(entry), answer));
            if (page.moved()) {
                throw new CrmException(
                        Verdict.RETRY, title(entry) + ": rows came or went while its pages were read; ask again");
            }
            page.rows().forEach(row -> rows.add(row.node()));
            after = page.next();
        } while (after.isPresent() && rows.size() < most);
        while (rows.size() > most) {
            rows.remove(rows.size() - 1);
        }
        return new Reply(rows, page.date());
    }

    private CrmHttp.Answer send(
            CatalogueEntry entry, Optional<String> location, Map<String, JsonNode> asked, Quota.Lane lane) {
        return send(entry, location, asked, lane, Optional.empty());
    }

    private CrmHttp.Answer send(
            CatalogueEntry entry,
            Optional<String> location,
            Map<String, JsonNode> asked,
            Quota.Lane lane,
            Optional<ObjectNode> fields) {
        // Read once: with OAuth the store tells it.
        Account of = account.get();
        Map<String, JsonNode> values = values(of, location, asked);
        if (entry.agency() && !of.isAgency()) {
            throw new CrmException(
                    Verdict.INVALID,
                    "%s is for an agency's key, and connection %s has the key of a location: use a connection with agency-id"
                            .formatted(title(entry), connection.name()));
        }
        if (of.isAgency() && !entry.agency() && !values.containsKey("locationId") && entry.isOfOneLocation()) {
            throw new CrmException(
                    Verdict.INVALID,
                    "%s is about one location, and connection %s has an agency's key: set location=, or locations=* for a source"
                            .formatted(title(entry), connection.name()));
        }
        CrmHttp.Request request;
        try {
            request = entry.request(values, fields, lane);
        } catch (IllegalArgumentException e) {
            throw new CrmException(Verdict.INVALID, e.getMessage(), Optional.empty(), e);
        }
        try {
            CrmHttp.Answer answer = http.send(request);
            answer.date().ifPresent(date -> lastDate = date);
            return answer;
        } catch (CrmException e) {
            throw e.status() == 403 ? e.because(lacks(entry)) : e;
        }
    }

    /** What stands in a template beside what is asked for. */
    private static Map<String, JsonNode> values(Account of, Optional<String> location, Map<String, JsonNode> asked) {
        Map<String, JsonNode> values = new HashMap<>();
        location.or(of::location).ifPresent(id -> values.put("locationId", TextNode.valueOf(id)));
        of.agency().ifPresent(id -> values.put("agencyId", TextNode.valueOf(id)));
        values.putAll(asked);
        return values;
    }

    private String lacks(CatalogueEntry entry) {
        return entry.scope()
                .map(scope -> "the key may lack the scope %s, or be of another location".formatted(scope))
                .orElse("the key may be of another location");
    }

    private CatalogueEntry entry(String resource, String operation) {
        return catalogue
                .find(resource, operation)
                .orElseThrow(() -> new CrmException(
                        Verdict.INVALID,
                        "the catalogue of connection %s has no operation %s of %s"
                                .formatted(connection.name(), operation, resource)));
    }

    private static String title(CatalogueEntry entry) {
        return entry.operation().verb() + " " + entry.operation().path();
    }

    @Override
    public Collection<Operation> operations() {
        return new ArrayList<>(catalogue.all());
    }

    @Override
    public WriteRules writeRules() {
        return rules;
    }

    @Override
    public void close() {
        http.close();
    }
}
