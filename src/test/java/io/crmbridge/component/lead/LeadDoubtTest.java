package io.crmbridge.component.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.crmbridge.component.TestBridge;
import io.crmbridge.feed.Causes;
import io.crmbridge.lead.GateQueue;
import io.crmbridge.lead.SuppressionCheck;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Suppressions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who is enrolled though they must not be, and what of the gate gets lost. */
@Timeout(60)
class LeadDoubtTest {
    private static final String SMALLEST = """
            - route:
                id: leads
                from:
                  uri: inbox:leads
                  steps:
                    - to: impactiveai:contacts?operation=upsert&matchBy=email
                    - to: impactiveai:enrollments?operation=enroll&sequence=Welcome
                    - to: mock:done
            """;

    private static final String DIRECT = """
            - route:
                id: enroll
                from:
                  uri: direct:enroll
                  steps:
                    - to: impactiveai:enrollments?operation=enroll&sequence=Welcome
            - route:
                id: unenroll
                from:
                  uri: direct:unenroll
                  steps:
                    - to: impactiveai:enrollments?operation=unenroll&sequence=Welcome
            - route:
                id: stop
                from:
                  uri: direct:stop
                  steps:
                    - to: impactiveai:enrollments?operation=unenroll&sequence=*&suppress=everywhere
            """;

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSendEach(Duration.ZERO));
    private final Workspace crm = sandbox.workspace();
    private final HttpClient http = HttpClient.newHttpClient();
    private String welcome;
    private String ada;
    private String bob;
    private TestBridge bridge;

    @BeforeEach
    void begin() {
        welcome = crm.createSequence(Map.of("name", "Welcome"));
        ada = crm.create("contacts", Map.of("firstName", "Ada", "lastName", "L", "email", "ada@example.com"));
        bob = crm.create("contacts", Map.of("firstName", "Bob", "lastName", "M", "email", "bob@example.com"));
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

    private void json(String body) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/inbox/leads".formatted(bridge.port())))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertThat(http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                        .join()
                        .statusCode())
                .isEqualTo(202);
    }

    private Object send(String route, Object body) {
        Exchange done = bridge.camel()
                .createProducerTemplate()
                .request("direct:" + route, exchange -> exchange.getMessage().setBody(body));
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody();
    }

    private void suppress(String subject) {
        bridge.store().suppressions().add(source(), Suppressions.ALL, List.of(subject), "asked to stop");
    }

    private long source() {
        return bridge.store().sources().source("default", "impactiveai").id();
    }

    private List<Object> enrolled() {
        return crm.enrollments(welcome).stream()
                .map(row -> row.get("contactId"))
                .toList();
    }

    @Test
    void a_form_that_names_another_contact_enrols_who_filled_it_in_and_not_that_contact() throws IOException {
        bridge = draft().yaml(SMALLEST).start();

        json("{\"email\":\"ann@example.com\",\"name\":\"Ann Lee\",\"contactId\":\"%s\"}".formatted(ada));
        bridge.awaitDelivered("leads", 1);

        assertThat(enrolled()).hasSize(1).doesNotContain(ada);
    }

    @Test
    void who_is_suppressed_by_address_is_not_enrolled_by_a_form_that_names_them_and_another_address()
            throws IOException {
        bridge = draft().yaml(SMALLEST).start();
        bridge.poll("contacts");
        suppress(SuppressionCheck.email("ada@example.com"));

        json("{\"email\":\"ann@example.com\",\"name\":\"Ann Lee\",\"contactId\":\"%s\"}".formatted(ada));
        bridge.awaitDelivered("leads", 1);

        assertThat(enrolled()).doesNotContain(ada);
    }

    @Test
    void another_address_in_the_body_does_not_hide_the_one_that_the_crm_has() throws IOException {
        bridge = draft().route("mirror", "contacts", "", "- to: mock:mirror")
                .yaml(DIRECT)
                .start();
        suppress(SuppressionCheck.email("ada@example.com"));

        send("enroll", Map.of("id", ada, "email", "ada.private@example.org"));

        assertThat(enrolled()).isEmpty();
    }

    @Test
    void of_two_entries_of_one_contact_both_addresses_count() throws IOException {
        bridge = draft().yaml(DIRECT).start();
        suppress(SuppressionCheck.email("ada@example.com"));

        send(
                "enroll",
                List.of(Map.of("id", ada, "email", "ada@example.com"), Map.of("id", ada, "email", "a@b.example")));

        assertThat(enrolled()).isEmpty();
    }

    @Test
    void who_asks_to_stop_by_address_while_they_wait_is_not_enrolled_when_they_are_released() throws IOException {
        bridge = draft().set("bridge.leads.flood-gate", "0/1h").yaml(DIRECT).start();
        send("enroll", Map.of("id", ada, "email", "ada@example.com"));
        suppress(SuppressionCheck.email("ada@example.com"));

        assertThat(GateQueue.of(bridge.store()).get(0).decide(bridge.store(), 1, true))
                .isEqualTo(1);
        bridge.settle();

        assertThat(enrolled()).isEmpty();
    }

    @Test
    void a_contact_that_goes_along_with_tags_is_not_enrolled_against_a_suppression() throws IOException {
        crm.audienceModule(true);
        String tag = crm.addTag("Fair", bob);
        bridge = draft().yaml(DIRECT.replace("sequence=Welcome", "sequence=Welcome&allowUnchecked=true&tagIds=" + tag)
                        .replace(
                                "unenroll&sequence=Welcome&allowUnchecked=true&tagIds=" + tag,
                                "unenroll&sequence=Welcome"))
                .start();
        suppress(SuppressionCheck.contact(ada));
        send("enroll", ada);

        GateQueue.of(bridge.store()).get(0).decide(bridge.store(), 1, true);
        bridge.settle();

        assertThat(enrolled()).doesNotContain(ada);
    }

    @Test
    void whom_a_person_has_refused_is_not_released_by_another_who_looked_before() throws IOException {
        bridge = draft().set("bridge.leads.flood-gate", "0/1h").yaml(DIRECT).start();
        send("enroll", ada);
        GateQueue first = GateQueue.of(bridge.store()).get(0);
        GateQueue second = GateQueue.of(bridge.store()).get(0);

        assertThat(first.decide(bridge.store(), 1, false)).isEqualTo(1);
        assertThat(second.decide(bridge.store(), 1, true))
                .as("somebody else has decided meanwhile")
                .isZero();
        bridge.settle();

        assertThat(enrolled()).isEmpty();
    }

    @Test
    void a_release_that_the_crm_refuses_is_told_to_somebody() throws IOException {
        bridge = draft().set("bridge.leads.flood-gate", "0/1h").yaml(DIRECT).start();
        send("enroll", ada);
        sandbox.faults()
                .on("POST", "/api/agent/sequences/")
                .status(400)
                .times(1)
                .arm();

        GateQueue.of(bridge.store()).get(0).decide(bridge.store(), 1, true);
        bridge.settle();

        assertThat(bridge.store().intents().list(Set.of(IntentState.UNKNOWN), 9))
                .hasSize(1);
        assertThat(Causes.of(bridge.store(), Instant.now()))
                .as("the route has gone on with 'held', so nobody else tells it")
                .isNotEmpty();
    }

    @Test
    void who_is_allowed_again_stays_allowed_when_the_log_is_read_from_its_beginning() throws IOException {
        TestBridge.Draft draft = draft().yaml(DIRECT).yaml("""
                - route:
                    id: watch
                    from:
                      uri: impactiveai:enrollments?sequence=Welcome&delay=1h
                      steps:
                        - to: mock:watch
                """);
        bridge = draft.start();
        crm.enroll(welcome, ada);
        bridge.poll("sequences");
        bridge.poll("enrollments/" + welcome);
        crm.unenroll(welcome, ada);
        bridge.poll("enrollments/" + welcome);
        bridge.poll("enrollments/" + welcome);
        send("enroll", ada);
        assertThat(enrolled()).as("has left").isEmpty();
        assertThat(bridge.store()
                        .suppressions()
                        .allow(
                                source(),
                                welcome,
                                List.of(SuppressionCheck.contact(ada), SuppressionCheck.email("ada@example.com"))))
                .isPositive();
        bridge.close();
        bridge = draft.start();

        Object report = send("enroll", ada);

        assertThat(enrolled()).as("%s", report).containsExactly(ada);
    }

    @Test
    void whom_the_bridge_has_unenrolled_comes_not_back_as_another_contact_of_the_same_address() throws IOException {
        bridge = draft().yaml(DIRECT).start();
        String twin = crm.create("contacts", Map.of("firstName", "A", "lastName", "L", "email", "ada@example.com"));
        send("enroll", Map.of("id", ada, "email", "ada@example.com"));
        send("unenroll", Map.of("id", ada, "email", "ada@example.com"));

        send("enroll", Map.of("id", twin, "email", "ada@example.com"));

        assertThat(enrolled()).isEmpty();
    }

    @Test
    void a_long_text_for_an_address_does_not_hold_up_a_wish_to_be_left_alone() throws IOException {
        bridge = draft().yaml(DIRECT).start();

        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> send("stop", Map.of("contactId", ada, "email", "a".repeat(300_000))));
    }

    @Test
    void what_is_kept_of_an_enrolment_does_not_grow_with_those_it_was_sent_with() throws IOException {
        bridge = draft().yaml(DIRECT).start();
        List<String> contacts = IntStream.range(0, 40)
                .mapToObj(i -> crm.create(
                        "contacts",
                        Map.of("firstName", "P" + i, "lastName", "L", "email", "p%d@example.com".formatted(i))))
                .toList();

        send("enroll", contacts);

        assertThat(bridge.store().intents().list(Set.of(IntentState.CONFIRMED), 99))
                .hasSize(40)
                .allSatisfy(intent ->
                        assertThat(intent.answer().orElseThrow().length).isLessThan(3_000));
    }

    @Test
    void a_form_does_not_say_which_id_a_new_contact_has() throws IOException {
        bridge = draft().yaml(SMALLEST).start();

        json("{\"email\":\"ann@example.com\",\"name\":\"Ann Lee\",\"id\":\"%s\"}".formatted(ada));
        bridge.awaitDelivered("leads", 1);

        assertThat(bridge.store().intents().list(Set.of(IntentState.CONFIRMED), 9))
                .filteredOn(intent -> intent.resource().equals("contacts"))
                .allSatisfy(intent -> assertThat(new String(intent.request(), StandardCharsets.UTF_8))
                        .doesNotContain(ada));
        assertThat(enrolled()).hasSize(1).doesNotContain(ada);
    }

    @Test
    void a_sequence_that_is_gone_does_not_hold_up_those_who_are_released_for_another() throws IOException {
        String old = crm.createSequence(Map.of("name", "Old"));
        bridge = draft().set("bridge.leads.flood-gate", "0/1h")
                .yaml(DIRECT)
                .yaml("""
                        - route:
                            id: old
                            from:
                              uri: direct:old
                              steps:
                                - to: impactiveai:enrollments?operation=enroll&sequence=Old
                        """)
                .start();
        send("old", ada);
        send("enroll", bob);
        sandbox.faults().on("GET", "/api/agent/sequences/" + old).status(404).arm();
        GateQueue.of(bridge.store()).forEach(queue -> queue.decide(bridge.store(), 1, true));

        bridge.settle();
        bridge.settle();

        assertThat(enrolled()).containsExactly(bob);
    }

    @Test
    void two_held_leads_of_one_address_are_one_contact_when_a_person_lets_both_through() throws IOException {
        for (int i = 0; i < 510; i++) {
            crm.create(
                    "contacts", Map.of("firstName", "P" + i, "lastName", "L", "email", "p%d@example.com".formatted(i)));
        }
        bridge = draft().yaml(SMALLEST).start();
        json("{\"email\":\"ann@example.com\",\"name\":\"Ann Lee\"}");
        json("{\"email\":\"ann@example.com\",\"name\":\"Ann Lee\"}");
        bridge.awaitDead("leads", 2);
        List<Long> held = bridge.store().intents().list(Set.of(IntentState.UNKNOWN), 9).stream()
                .map(Intent::id)
                .toList();
        assertThat(held).hasSize(2);

        // As `intents retry` does for each of them.
        bridge.store().intents().happened(held, IntentState.Event.RETRY, Intent.Note.reason(Intent.RELEASED));
        bridge.settle();
        bridge.settle();

        assertThat(crm.all("contacts"))
                .filteredOn(row -> "ann@example.com".equals(row.get("email")))
                .hasSize(1);
    }

    @Test
    void of_a_list_the_rest_is_done_when_the_crm_refuses_to_update_one() throws IOException {
        bridge = draft().route("mirror", "contacts", "", "- to: mock:mirror")
                .yaml("""
                        - route:
                            id: upsert
                            from:
                              uri: direct:upsert
                              steps:
                                - to: impactiveai:contacts?operation=upsert
                        """)
                .start();
        sandbox.faults().on("PATCH", "/api/agent/contacts").status(400).arm();

        bridge.camel()
                .createProducerTemplate()
                .request(
                        "direct:upsert",
                        exchange -> exchange.getMessage()
                                .setBody(List.of(
                                        Map.of("email", "ada@example.com", "name", "Ada L", "title", "?"),
                                        Map.of("email", "ann@example.com", "name", "Ann Lee"))));

        assertThat(crm.all("contacts")).extracting(row -> row.get("email")).contains("ann@example.com");
    }

    @Test
    void twenty_broken_leads_of_a_stranger_do_not_stop_the_good_ones_behind_them() throws IOException {
        bridge = draft().yaml(SMALLEST).start();
        json("["
                + String.join(
                        ",",
                        IntStream.range(0, 25)
                                .mapToObj("{\"name\":\"Spam %d\"}"::formatted)
                                .toList())
                + "]");

        json("{\"email\":\"ann@example.com\",\"name\":\"Ann Lee\"}");

        bridge.awaitDelivered("leads", 1);
        assertThat(enrolled()).hasSize(1);
    }
}
