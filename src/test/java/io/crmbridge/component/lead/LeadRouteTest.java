package io.crmbridge.component.lead;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.component.TestBridge;
import io.crmbridge.feed.Cause;
import io.crmbridge.feed.Causes;
import io.crmbridge.lead.GateQueue;
import io.crmbridge.lead.SuppressionCheck;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Suppressions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leads on their way into sequences. */
@Timeout(60)
class LeadRouteTest {
    /** As README shows it. */
    private static final String SMALLEST = """
            - route:
                id: leads
                from:
                  uri: inbox:leads
                  steps:
                    - to:
                        uri: impactiveai:contacts
                        parameters:
                          operation: upsert
                          matchBy: email
                    - to:
                        uri: impactiveai:enrollments
                        parameters:
                          operation: enroll
                          sequence: Welcome
                    - to: mock:done
            """;

    private static final String BY_RULES = """
            - route:
                id: leads
                from:
                  uri: inbox:leads?%s
                  steps:
                    - to: lead:web
                    - to: impactiveai:contacts?operation=upsert&onMatch=keep
                    - to: impactiveai:enrollments?operation=enroll
                    - to: mock:done
            """;

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSendEach(Duration.ZERO));
    private final Workspace crm = sandbox.workspace();
    private final HttpClient http = HttpClient.newHttpClient();
    private String welcome;
    private TestBridge bridge;

    @BeforeEach
    void begin() {
        welcome = crm.createSequence(Map.of("name", "Welcome"));
    }

    @AfterEach
    void end() {
        if (bridge != null) {
            bridge.close();
        }
        sandbox.close();
    }

    private TestBridge.Draft draft() {
        return TestBridge.in(folder, sandbox).set("bridge.crm.settle", "200ms");
    }

    private TestBridge.Draft byRules(String options, String file) throws IOException {
        Files.createDirectories(folder.resolve("bundle/leads"));
        Files.writeString(folder.resolve("bundle/leads/web.yaml"), file);
        return draft().yaml(BY_RULES.formatted(options));
    }

    private CompletableFuture<HttpResponse<String>> post(String type, String body) {
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/inbox/leads".formatted(bridge.port())))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void json(String body) {
        assertThat(post("application/json", body).join().statusCode()).isEqualTo(202);
    }

    private void leads(int count) {
        json("["
                + String.join(
                        ",",
                        IntStream.range(0, count)
                                .mapToObj("{\"email\":\"lead%d@example.com\",\"name\":\"Lead Example\"}"::formatted)
                                .toList())
                + "]");
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> reports() {
        return bridge.mock("done").getExchanges().stream()
                .map(exchange -> (Map<String, Object>) exchange.getMessage().getBody(Map.class))
                .toList();
    }

    private List<Object> enrolled(String sequence) {
        return crm.enrollments(sequence).stream()
                .map(row -> row.get("contactId"))
                .toList();
    }

    @Test
    void two_leads_of_one_address_at_once_are_one_contact_and_one_enrolment() throws IOException {
        bridge = draft().yaml(SMALLEST.replace("inbox:leads", "inbox:leads?parallel=4"))
                .start();
        int before = crm.all("contacts").size();

        List<CompletableFuture<HttpResponse<String>>> sent = List.of(
                post("application/x-www-form-urlencoded", "email=Ann%40Example.com&name=Ann+Lee"),
                post("application/json", "{\"email\":\" ann@example.com\",\"firstName\":\"Ann\",\"lastName\":\"Lee\"}"),
                post("text/csv", "email,name\nANN@EXAMPLE.COM,\"Lee, Ann\"\n"));
        sent.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(202));

        bridge.awaitDelivered("leads", 3);
        assertThat(crm.all("contacts")).hasSize(before + 1);
        Map<String, Object> ann = crm.all("contacts").stream()
                .filter(row -> "ann@example.com".equals(row.get("email")))
                .findFirst()
                .orElseThrow();
        assertThat(ann).containsEntry("firstName", "Ann").containsEntry("lastName", "Lee");
        assertThat(enrolled(welcome)).containsExactly(ann.get("id"));
        assertThat(reports()).extracting(report -> report.get("contact")).containsOnlyOnce("created");
        assertThat(reports()).extracting(report -> report.get("outcome")).containsOnlyOnce("enrolled");
        assertThat(reports()).extracting(report -> report.get("reason")).contains("already_enrolled");
    }

    @Test
    void an_answer_that_is_lost_doubles_neither_the_contact_nor_the_enrolment() throws IOException {
        bridge = draft().yaml(SMALLEST).start();
        sandbox.faults().on("POST", "/api/agent").resetAfterCommit().times(2).arm();

        leads(1);

        bridge.awaitDelivered("leads", 1);
        assertThat(crm.all("contacts")).hasSize(1);
        assertThat(enrolled(welcome)).hasSize(1);
        assertThat(reports()).extracting(report -> report.get("outcome")).containsExactly("enrolled");
    }

    @Test
    void more_than_the_gate_lets_through_wait_for_a_person_who_sees_how_many() throws IOException {
        TestBridge.Draft draft = draft().set("bridge.leads.flood-gate", "3/1h").yaml(SMALLEST);
        bridge = draft.start();
        leads(6);
        bridge.awaitDelivered("leads", 6);

        assertThat(crm.all("contacts")).hasSize(6);
        assertThat(enrolled(welcome)).hasSize(3);
        assertThat(reports())
                .filteredOn(report -> report.get("reason").equals("held"))
                .hasSize(3);
        assertThat(Causes.of(bridge.store(), Instant.now()))
                .extracting(Cause::kind)
                .contains(Cause.FLOOD_GATE);
        // A new process knows what was let through before.
        bridge.close();
        bridge = draft.start();
        json("{\"email\":\"late@example.com\",\"name\":\"Late Example\"}");
        bridge.awaitDelivered("leads", 7);
        bridge.poll("contacts");

        GateQueue queue = GateQueue.of(bridge.store()).get(0);
        assertThat(queue.waiting()).hasSize(4);
        assertThat(queue.sample(bridge.store(), 1)).singleElement().asString().endsWith("lead3@example.com");
        long source = bridge.store().sources().source("default", "impactiveai").id();
        bridge.store()
                .suppressions()
                .add(source, Suppressions.ALL, List.of(SuppressionCheck.email("lead4@example.com")), "asked to stop");

        assertThat(queue.decide(bridge.store(), 3, true)).isEqualTo(3);
        bridge.settle();

        assertThat(enrolled(welcome))
                .as("the third has asked to stop meanwhile")
                .hasSize(5);
        assertThat(GateQueue.of(bridge.store()).get(0).waiting()).hasSize(1);
        assertThat(GateQueue.of(bridge.store()).get(0).decide(bridge.store(), 1, false))
                .isEqualTo(1);
        bridge.settle();
        assertThat(GateQueue.of(bridge.store())).isEmpty();
        assertThat(enrolled(welcome)).hasSize(5);
    }

    @Test
    void rules_say_which_sequence_and_every_lead_is_told_what_became_of_it() throws IOException {
        String vip = crm.createSequence(Map.of("name", "VIP"));
        bridge = byRules("batchSize=1", """
                source: form
                sequences:
                  - when: { country: [DE, AT] }
                    sequence: VIP
                  - when: { source: form }
                    sequence: Welcome
                """).start();
        json("{\"E-Mail\":\"Ann@Example.com\",\"Full name\":\"Ann Lee\",\"country\":\"Germany\",\"message\":\"Hi\"}");
        json("{\"email\":\"ben@example.com\",\"sequence\":\"VIP\"}");
        json("{\"email\":\"cem@example.com\",\"source\":\"other\"}");
        json("{\"email\":\"ann@example.com\",\"country\":\"AT\",\"firstName\":\"Mallory\"}");
        json("{\"name\":\"No Address\"}");
        bridge.awaitDelivered("leads", 4);
        bridge.awaitDead("leads", 1);

        assertThat(enrolled(vip)).hasSize(1);
        assertThat(enrolled(welcome)).hasSize(1);
        assertThat(crm.all("contacts"))
                .extracting(row -> row.get("email") + " " + row.get("firstName") + " " + row.get("lastName"))
                .containsExactlyInAnyOrder("ann@example.com Ann Lee", "ben@example.com Ben -", "cem@example.com Cem -");
        assertThat(crm.all("contacts"))
                .allSatisfy(row -> assertThat(row).doesNotContainKeys("country", "custom", "message"));
        assertThat(reports())
                .extracting(r -> "%s %s %s %s %s"
                        .formatted(
                                r.get("email"), r.get("contact"), r.get("sequence"), r.get("outcome"), r.get("reason")))
                .containsExactly(
                        "ann@example.com created VIP enrolled ",
                        "ben@example.com created Welcome enrolled ",
                        "cem@example.com created  skipped no_rule",
                        "ann@example.com matched VIP skipped already_enrolled");
    }

    @Test
    void of_a_batch_each_lead_has_its_own_outcome_and_a_bad_one_holds_up_nobody() throws IOException {
        String vip = crm.createSequence(Map.of("name", "VIP"));
        bridge = byRules("batchSize=50", """
                sequences:
                  - when: { country: DE }
                    sequence: VIP
                  - sequence: Welcome
                """).start();
        json("["
                + String.join(
                        ",",
                        IntStream.range(0, 40)
                                .mapToObj(i -> i == 17
                                        ? "{\"email\":\"broken\"}"
                                        : "{\"email\":\"lead%d@example.com\",\"name\":\"Lead Example\",\"country\":\"%s\"}"
                                                .formatted(i == 5 ? 4 : i, i % 4 == 0 ? "DE" : "US"))
                                .toList())
                + "]");

        bridge.awaitDelivered("leads", 39);
        bridge.awaitDead("leads", 1);
        assertThat(crm.all("contacts")).hasSize(38);
        assertThat(enrolled(vip)).hasSize(10);
        // Two of one address, who are meant for both sequences, are in both.
        assertThat(enrolled(welcome)).hasSize(29);
        assertThat(crm.requests("POST", "/api/agent/contacts")).isLessThan(20);
        assertThat(bridge.store().intents().list(Set.of(IntentState.UNKNOWN, IntentState.SENT), 9))
                .isEmpty();
    }

    @Test
    void what_the_bridge_writes_itself_pushes_nothing_off_the_page() throws IOException {
        bridge = byRules("batchSize=50", "sequences:\n  - sequence: Welcome\n")
                .set("bridge.leads.flood-gate", "1000/1h")
                .start();
        leads(240);
        bridge.awaitDelivered("leads", 240);
        leads(240);
        bridge.awaitDelivered("leads", 480);
        bridge.poll("contacts");

        assertThat(bridge.store().sources().gaps(true)).isEmpty();
        assertThat(crm.all("contacts")).hasSize(240);
        assertThat(enrolled(welcome)).hasSize(240);
        assertThat(bridge.store().intents().list(Set.of(IntentState.UNKNOWN), 9))
                .isEmpty();
    }

    @Test
    void nobody_is_enrolled_whose_body_alone_says_where() throws IOException {
        bridge = draft().yaml("""
                        - route:
                            id: leads
                            from:
                              uri: inbox:leads
                              steps:
                                - to: impactiveai:contacts?operation=upsert
                                - to: direct:enrol
                        - route:
                            id: enrol
                            from:
                              uri: direct:enrol
                              steps:
                                - to: impactiveai:enrollments?operation=enroll
                        """).start();
        json("{\"email\":\"ann@example.com\",\"sequence\":\"Welcome\",\"lead\":{\"sequence\":\"Welcome\"}}");

        bridge.awaitDead("leads", 1);
        assertThat(enrolled(welcome)).isEmpty();
    }
}
