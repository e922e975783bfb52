package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.Intellivizz;
import io.crmbridge.sandbox.Fault;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes to Intellivizz whose answers are lost, over HTTP. */
@Timeout(60)
class IntellivizzWritesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SETTLE = Duration.ofMillis(100);

    @TempDir
    private Path folder;

    private final IntellivizzSandbox sandbox = IntellivizzSandbox.start(0, Clock.systemUTC(), 0, 1);
    private Store store;
    private long source;
    private Crm crm;
    private Writes writes;

    @BeforeEach
    void open() {
        connect(Clock.systemUTC());
    }

    private void connect(Clock clock) {
        connect(clock, Catalogue.standard());
    }

    private void connect(Clock clock, Catalogue catalogue) {
        store = Store.open(folder, clock);
        source = store.sources().source("default", Intellivizz.TYPE).id();
        crm = new Intellivizz(
                new Connection(
                        "default",
                        Intellivizz.TYPE,
                        sandbox.baseUrl(),
                        new Secret(sandbox.location().key())),
                () -> Account.ofLocation(IntellivizzSandbox.DEFAULT_LOCATION),
                catalogue,
                Quota.NONE,
                CrmHttp.Limits.DEFAULT,
                clock);
        writes = new Writes(new Calls(crm, WritesOverHttp.GOOD), store.intents(), source, SETTLE, clock);
    }

    @AfterEach
    void close() {
        disconnect();
        sandbox.close();
    }

    private void disconnect() {
        writes.close();
        crm.close();
        store.close();
    }

    @Test
    void a_contact_whose_answer_is_lost_is_looked_up_and_confirmed_once() {
        on("/contacts/").resetAfterCommit().arm();

        Intent intent = write("contacts", "create", Map.of(), contact("Ada"));

        assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent.sends()).isEqualTo(1);
        assertThat(sandbox.location().all("contacts"))
                .singleElement()
                .satisfies(row -> assertThat(intent.recordId()).contains((String) row.get("id")));
    }

    @Test
    void a_contact_that_was_not_made_is_made_once() {
        on("/contacts/").resetBeforeCommit().arm();

        Intent intent = write("contacts", "create", Map.of(), contact("Ada"));

        assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent.sends()).isEqualTo(2);
        assertThat(sandbox.location().all("contacts")).hasSize(1);
    }

    @Test
    void of_two_contacts_that_may_be_it_a_person_tells_which() {
        sandbox.location().create("contacts", Map.of("email", "ADA@example.com"));
        on("/contacts/").resetAfterCommit().arm();

        Intent intent = write("contacts", "create", Map.of(), contact("Ada"));

        assertThat(intent.state()).isEqualTo(IntentState.UNKNOWN);
        assertThat(intent.reason().orElseThrow()).contains("2 records may be it");
        assertThat(sandbox.location().all("contacts")).hasSize(2);
    }

    @Test
    void a_contact_without_an_address_that_the_crm_may_write_otherwise_is_left_to_a_person() {
        on("/contacts/").resetBeforeCommit().arm();

        Intent intent = write(
                "contacts",
                "create",
                Map.of(),
                JSON.createObjectNode().put("firstName", "Ada").put("phone", "(555) 123-4567"));

        assertThat(intent.state()).isEqualTo(IntentState.UNKNOWN);
        assertThat(intent.sends()).isEqualTo(1);
    }

    @Test
    void clocks_that_differ_from_the_crms_by_an_hour_make_nothing_twice() {
        for (Duration skew : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
            disconnect();
            connect(Clock.offset(Clock.systemUTC(), skew));
            on("/contacts/").resetAfterCommit().arm();

            Intent intent = write("contacts", "create", Map.of(), contact("Ada" + skew));

            assertThat(intent.state()).as("%s", skew).isEqualTo(IntentState.CONFIRMED);
            assertThat(intent.sends()).isEqualTo(1);
        }
        assertThat(sandbox.location().all("contacts")).hasSize(2);
    }

    @Test
    void a_message_whose_answer_is_lost_is_left_to_a_person_and_not_sent_again() {
        String contact = sandbox.location().create("contacts", Map.of("email", "ada@example.com"));
        ObjectNode message = JSON.createObjectNode()
                .put("type", "SMS")
                .put("contactId", contact)
                .put("message", "Hello");
        Intent sent = write("messages", "send", Map.of(), message);
        assertThat(sent.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(sandbox.location().all("messages"))
                .singleElement()
                .satisfies(row -> assertThat(sent.recordId()).contains((String) row.get("id")));

        for (boolean done : List.of(true, false)) {
            Fault fault = on("/conversations/messages");
            (done ? fault.resetAfterCommit() : fault.resetBeforeCommit()).arm();
            Intent lost = write("messages", "send", Map.of(), message.deepCopy().put("message", "Lost " + done));

            assertThat(lost.state()).isEqualTo(IntentState.UNKNOWN);
            assertThat(lost.sends()).isEqualTo(1);
        }
        assertThat(sandbox.location().all("messages")).hasSize(2);
    }

    @Test
    void a_workflow_whose_answer_is_lost_is_left_to_a_person_and_not_started_again() {
        String contact = sandbox.location().create("contacts", Map.of("email", "ada@example.com"));
        String workflow = (String) sandbox.location().all("workflows").get(0).get("id");
        Map<String, String> ids = Map.of("contact", contact, "workflow", workflow);
        long lists = sandbox.requests("GET", "/workflows/");
        assertThat(write("workflows", "trigger", ids, null).state()).isEqualTo(IntentState.CONFIRMED);
        on("/contacts/" + contact + "/workflow").resetAfterCommit().arm();

        Intent lost = write("workflows", "trigger", ids, null);

        assertThat(lost.state()).isEqualTo(IntentState.UNKNOWN);
        assertThat(sandbox.location().all("workflow-runs")).hasSize(2);
        assertThat(sandbox.requests("GET", "/workflows/"))
                .as("lists that tell nothing")
                .isEqualTo(lists);
    }

    @Test
    void where_the_crms_clock_is_days_before_ours_an_invoice_is_found_and_none_is_made_twice() {
        disconnect();
        connect(Clock.offset(Clock.systemUTC(), Duration.ofDays(-3)));
        on("/invoices/").resetAfterCommit().arm();

        assertConfirmedOnce(
                write("invoices", "create", Map.of(), JSON.createObjectNode().put("name", "May")));
        assertThat(sandbox.location().all("invoices")).hasSize(1);
    }

    @Test
    void where_the_crms_clock_is_days_before_ours_the_newest_of_a_feed_is_shown() {
        disconnect();
        connect(Clock.offset(Clock.systemUTC(), Duration.ofDays(-3)));
        sandbox.location().create("invoices", Map.of("name", "May"));
        FeedContract invoices = crm.feeds().stream()
                .filter(feed -> feed.name().equals("invoices"))
                .findFirst()
                .orElseThrow();
        crm.identify();

        assertThat(crm.page(invoices, Optional.empty()).rows()).hasSize(1);
    }

    @Test
    void what_was_sent_again_by_an_operation_that_is_taken_away_since_keeps_no_other_write_from_its_end()
            throws Exception {
        on("/contacts/").resetBeforeCommit().arm();
        assertThat(write("contacts", "create", Map.of(), contact("Ada")).sends())
                .isEqualTo(2);
        disconnect();
        Path file = Files.writeString(
                folder.resolve("catalogue.yaml"), "resources: { contacts: { operations: { create: null } } }");
        connect(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)), Catalogue.read(file));

        assertThatNoException().isThrownBy(writes::settleDue);
    }

    @Test
    void an_opportunity_a_note_and_an_invoice_are_found_too() {
        String contact = sandbox.location().create("contacts", Map.of("email", "ada@example.com"));
        on("/opportunities/").resetAfterCommit().arm();
        assertConfirmedOnce(write(
                "opportunities",
                "create",
                Map.of(),
                JSON.createObjectNode()
                        .put("name", "Big")
                        .put("contactId", contact)
                        .put("pipelineId", (String)
                                sandbox.location().all("pipelines").get(0).get("id"))));
        on("/contacts/" + contact + "/notes").resetAfterCommit().arm();
        assertConfirmedOnce(write(
                "notes",
                "create",
                Map.of("contact", contact),
                JSON.createObjectNode().put("body", "Called")));
        on("/invoices/").resetAfterCommit().arm();
        assertConfirmedOnce(
                write("invoices", "create", Map.of(), JSON.createObjectNode().put("name", "May")));
    }

    private static void assertConfirmedOnce(Intent intent) {
        assertThat(intent.state()).as(intent.resource()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent.sends()).isEqualTo(1);
    }

    private Fault on(String path) {
        return sandbox.faults().on("POST", path).times(1);
    }

    private static ObjectNode contact(String name) {
        return JSON.createObjectNode().put("firstName", name).put("email", name + "@example.com");
    }

    private int keys;

    private Intent write(String resource, String operation, Map<String, String> ids, ObjectNode body) {
        Operation found = crm.operations().stream()
                .filter(it -> it.resource().equals(resource) && it.name().equals(operation))
                .findFirst()
                .orElseThrow();
        Call call = new Call(found, ids, Map.of(), Optional.ofNullable(body));
        return writes.write(List.of(new Writes.Request("k" + keys++, call)), "route", Writes.Check.NONE)
                .get(0);
    }
}
