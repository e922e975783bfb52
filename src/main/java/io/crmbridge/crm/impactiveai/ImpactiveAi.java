package io.crmbridge.crm.impactiveai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.crm.Operation;
import io.crmbridge.crm.Page;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Reply;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.crm.WriteRules;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One ImpactiveAI workspace. Source: the API document's sections on authentication ("Every request must include an
 * x-api-key header") and on the Zapier API ("List endpoints return up to 100 records sorted by updatedAt descending").
 */
public final class ImpactiveAi implements Crm {
    public static final String TYPE = "impactiveai";
    private static final int CAP = 100;
    private static final int SEQUENCE_CAP = 500;

    /** The Zapier API's lists, and those of the Agent API. */
    public static final List<FeedContract> FEEDS = List.of(
            contacts(),
            zapier("companies"),
            zapier("deals"),
            zapier("invoices"),
            zapier("projects"),
            whole("sequences"),
            whole("bookings"),
            whole("sending-accounts"),
            ofSequence("enrollments", "updatedAt", "startedAt", 0, FeedContract.Style.ALL_SINCE, true),
            ofSequence("sends", "emailDate", "emailDate", SEQUENCE_CAP, FeedContract.Style.NEWEST, false),
            ofSequence("replies", "emailDate", "emailDate", SEQUENCE_CAP, FeedContract.Style.NEWEST, true),
            ofContacts("contact-replies", FeedContract.Style.NEWEST_ALWAYS),
            ofContacts("contact-replies/sequence", FeedContract.Style.FORMER_MEMBERS));

    private static final Map<String, Set<String>> ASSUMED_FIELDS = Map.of(
            "contacts",
            Set.of(("id firstName lastName email phone title companyId companyName createdAt updatedAt").split(" ")),
            "companies",
            Set.of("id name website phone createdAt updatedAt".split(" ")),
            "deals",
            Set.of(
                    ("id name amount currency stageId stageName companyId companyName contactId contactName createdAt updatedAt")
                            .split(" ")),
            "invoices",
            Set.of(
                    ("id number status subtotal tax total currency dueDate paidAt companyId companyName contactId contactName"
                                    + " createdAt updatedAt")
                            .split(" ")),
            "projects",
            Set.of("id name stageId stageName companyId companyName createdAt updatedAt".split(" ")));

    private final Connection connection;
    private final CrmHttp http;
    private final WriteRules rules;

    public ImpactiveAi(Connection connection, CrmHttp.Limits limits, Clock clock) {
        this(connection, limits, Quota.NONE, clock);
    }

    /** @param quota asked before each call; closed with this */
    public ImpactiveAi(Connection connection, CrmHttp.Limits limits, Quota quota, Clock clock) {
        this.connection = connection;
        this.http = new CrmHttp(
                connection.baseUrl(),
                new CrmHttp.Authorization("x-api-key", ""),
                connection.credential(),
                quota,
                limits,
                clock);
        this.rules = new ImpactiveAiWrites(this::call, clock);
    }

    /**
     * Names of a list's fields, as far as they can be guessed: the document names what is written, and says of the rest only that
     * "stage name, company name, and primary contact name" or "totals, status, due/paid dates" are there.
     */
    public static Set<String> assumedFields(String feed) {
        return ASSUMED_FIELDS.getOrDefault(feed, Set.of());
    }

    /**
     * The agent list shows more of them: "Optional limit query parameter (default 100, max 500)". Its order is not documented,
     * and whether it has updatedAt neither.
     */
    private static FeedContract contacts() {
        FeedContract list = zapier("contacts");
        FeedContract agent = new FeedContract(
                list.name(),
                "/api/agent/contacts?limit=500",
                list.idField(),
                list.cursorField(),
                list.createdField(),
                500);
        return new FeedContract(
                list.name(),
                list.path(),
                list.idField(),
                list.cursorField(),
                list.createdField(),
                list.cap(),
                list.style(),
                false,
                Optional.of(agent));
    }

    private static FeedContract zapier(String resource) {
        return new FeedContract(resource, "/api/zapier/" + resource, "id", "updatedAt", "createdAt", CAP);
    }

    /** "List every sequence", "List all bookings", "List the SMTP sending accounts": no since, no cap, no order. */
    private static FeedContract whole(String resource) {
        return new FeedContract(
                resource,
                "/api/agent/" + resource,
                "id",
                "",
                "createdAt",
                0,
                FeedContract.Style.ALL,
                false,
                Optional.empty());
    }

    /**
     * Of each sequence. Enrolments are all listed, those "updated strictly after" since; sends and replies "up to 500, newest
     * first", from since on. Enrolments leave their list with who is unenrolled, and so do the replies of such a contact.
     */
    private static FeedContract ofSequence(
            String resource,
            String cursorField,
            String createdField,
            int cap,
            FeedContract.Style style,
            boolean rowsLeave) {
        return new FeedContract(
                resource,
                "/api/agent/sequences/{sequence}/" + resource,
                "id",
                cursorField,
                createdField,
                cap,
                style,
                rowsLeave,
                Optional.empty());
    }

    /** "Inbound emails received from this contact (up to 100, most recent first)": those of who left a sequence are only here. */
    private static FeedContract ofContacts(String name, FeedContract.Style style) {
        return new FeedContract(
                name,
                "/api/agent/contacts/{contact}/replies",
                "id",
                "emailDate",
                "emailDate",
                CAP,
                style,
                false,
                Optional.empty());
    }

    /** Whether a key looks like one: "API keys look like icrm_ followed by 32 hex characters". */
    public static boolean looksLikeKey(String key) {
        return key.matches("icrm_[0-9a-fA-F]{32}");
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Workspace identify() {
        String call = "GET /api/zapier/auth/test";
        JsonNode answer = JsonPage.tree(call, http.get("/api/zapier/auth/test"));
        JsonNode workspace = answer.path("workspace").isObject() ? answer.path("workspace") : answer;
        String id = workspace.path("id").asText(workspace.path("workspaceId").asText(""));
        if (id.isBlank()) {
            throw new CrmException(Verdict.BROKEN, call + " answered without a workspace id");
        }
        return new Workspace(
                id,
                workspace.path("name").asText(workspace.path("workspaceName").asText(id)));
    }

    @Override
    public Collection<FeedContract> feeds() {
        return FEEDS;
    }

    @Override
    public Page page(FeedContract feed, Optional<Instant> since) {
        CrmHttp.Answer answer = http.get(
                feed.path() + since.map(at -> "?since=" + encode(at.toString())).orElse(""));
        return new Page(JsonPage.rows("GET " + feed.path(), feed, answer), answer.date());
    }

    @Override
    public Reply call(Call call) {
        CrmHttp.Answer answer = http.send(
                call.operation().verb(),
                call.pathAndQuery(),
                call.body().map(body -> body.toString().getBytes(StandardCharsets.UTF_8)));
        JsonNode body = answer.body().length == 0 ? MissingNode.getInstance() : JsonPage.tree(call.title(), answer);
        return new Reply(body, answer.date());
    }

    @Override
    public Collection<Operation> operations() {
        return Operations.ALL;
    }

    /** What writes look like, and how it is found out whether one was done, where somebody else calls. */
    public static WriteRules writeRules(Function<Call, Reply> caller, Clock clock) {
        return new ImpactiveAiWrites(caller, clock);
    }

    @Override
    public WriteRules writeRules() {
        return rules;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
