package io.crmbridge.component.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.component.AnyCrm;
import io.crmbridge.component.Effect;
import io.crmbridge.component.Outcomes;
import io.crmbridge.component.TestBridge;
import io.crmbridge.feed.Outcome;
import io.crmbridge.sandbox.intellivizz.IntellivizzSandbox;
import io.crmbridge.sandbox.intellivizz.Location;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What steps of routes do in Intellivizz, and what they answer. */
@Timeout(120)
class OperationsTest {
    @TempDir
    private Path folder;

    private final IntellivizzSandbox crm = IntellivizzSandbox.start(0, Clock.systemUTC(), 0, 7);
    private final Location location = crm.location();
    private final Location second = crm.addLocation("loc_two", "Second");
    private TestBridge bridge;
    private String ada;

    @BeforeEach
    void start() throws Exception {
        crm.limits();
        ada = location.create("contacts", Map.of("firstName", "Ada", "lastName", "L", "email", "ada@example.com"));
        bridge = TestBridge.in(folder, crm)
                .agency("agency", crm)
                .set("bridge.crm.settle", "100ms")
                .start();
    }

    @AfterEach
    void stop() {
        bridge.close();
        crm.close();
    }

    private Exchange ask(String target, Object body) {
        return bridge.camel()
                .createProducerTemplate()
                .request(
                        "intellivizz:" + target,
                        exchange -> exchange.getMessage().setBody(body));
    }

    private Object call(String target, Object body) {
        Exchange answer = ask(target, body);
        assertThat(answer.getException()).isNull();
        return answer.getMessage().getBody();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> record(String target, Object body) {
        return (Map<String, Object>) call(target, body);
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> list(String target, Object body) {
        return (List<Map<String, Object>>) call(target, body);
    }

    private Outcome refused(String target, Object body) {
        Exchange answer = ask(target, body);
        assertThat(answer.getException()).isNotNull();
        return Outcomes.DEFAULT.of(answer.getException());
    }

    private List<Intent> intents(IntentState state) {
        return bridge.store().intents().list(Set.of(state), 100);
    }

    @Test
    void a_contact_is_created_as_an_intent_and_a_list_one_by_one() {
        Map<String, Object> bob = record("contacts", Map.of("firstName", "Bob", "email", "bob@example.com"));
        assertThat(bob).containsEntry("firstName", "Bob").containsKey("id");

        List<Map<String, Object>> two =
                list("contacts?operation=create", List.of(Map.of("firstName", "Cid"), Map.of("firstName", "Dan")));
        assertThat(two).extracting(contact -> contact.get("firstName")).containsExactly("Cid", "Dan");

        assertThat(intents(IntentState.CONFIRMED)).hasSize(3);
        assertThat(location.all("contacts")).hasSize(4);
    }

    @Test
    void a_contact_is_read_changed_and_taken_away_also_when_it_is_gone_already() {
        assertThat(record("contacts?operation=get", ada)).containsEntry("firstName", "Ada");
        assertThat(record("contacts?operation=get&id=" + ada, null)).containsEntry("firstName", "Ada");
        assertThat(record("contacts?operation=update", Map.of("id", ada, "companyName", "Example")))
                .containsEntry("companyName", "Example")
                .containsEntry("id", ada);
        assertThat(record("contacts?operation=upsert", Map.of("email", "ada@example.com", "lastName", "M")))
                .containsEntry("id", ada);
        assertThat(location.get("contacts", ada)).containsEntry("lastName", "M");

        call("contacts?operation=delete&id=" + ada, null);
        assertThat(location.get("contacts", ada)).isNull();
        assertThat(record("contacts?operation=delete", Map.of("id", ada))).containsEntry("id", ada);
        assertThat(refused("contacts?operation=get&id=" + ada, null)).isInstanceOf(Outcome.Permanent.class);
    }

    @Test
    void tags_and_notes_are_of_a_contact_that_an_option_or_the_body_names() {
        call("tags?contact=" + ada, Map.of("tags", List.of("vip", "new")));
        assertThat(location.get("contacts", ada)).containsEntry("tags", List.of("vip", "new"));
        call("tags?operation=remove", Map.of("contactId", ada, "tags", List.of("new")));
        assertThat(location.get("contacts", ada)).containsEntry("tags", List.of("vip"));

        String note = String.valueOf(
                record("notes", Map.of("contactId", ada, "body", "Called")).get("id"));
        call("notes?operation=update", Map.of("contactId", ada, "id", note, "body", "Called twice"));
        assertThat(list("notes?operation=list", ada))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("body", "Called twice"));
        call("notes?operation=delete&contact=" + ada + "&id=" + note, null);
        assertThat(location.all("notes")).isEmpty();
    }

    @Test
    void the_same_note_to_several_contacts_is_one_for_each_also_when_a_fire_is_repeated_with_others() {
        String bob = location.create("contacts", Map.of("firstName", "Bob", "email", "bob@example.com"));
        Map<String, String> toAda = Map.of("contactId", ada, "body", "Hello");
        Map<String, String> toBob = Map.of("contactId", bob, "body", "Hello");

        for (List<Map<String, String>> body : List.of(List.of(toAda), List.of(toBob, toAda))) {
            Exchange done = bridge.camel().createProducerTemplate().request("intellivizz:notes", exchange -> {
                Effect.begin(exchange, "bundle", "route", "2026-05-01T12:00:00Z", new HashSet<>());
                exchange.getMessage().setBody(body);
            });
            assertThat(done.getException()).isNull();
        }

        assertThat(list("notes?operation=list", ada)).hasSize(1);
        assertThat(list("notes?operation=list", bob)).hasSize(1);
    }

    @Test
    void a_write_for_another_location_than_the_keys_is_refused_whatever_its_call_sends() {
        assertThat(refused("contacts?operation=update&location=loc_two", Map.of("id", ada, "firstName", "Eve"))
                        .toString())
                .contains("location= is another one than " + location.id());

        assertThat(location.get("contacts", ada)).containsEntry("firstName", "Ada");
        call("contacts?operation=update&location=" + location.id(), Map.of("id", ada, "firstName", "Ada B"));
        assertThat(location.get("contacts", ada)).containsEntry("firstName", "Ada B");
    }

    @Test
    void what_names_no_record_is_told_with_the_option_to_set_and_without_what_it_has() {
        assertThat(refused("tags", Map.of("tags", List.of("vip"))).toString()).contains("set the option contact");
        assertThat(refused("contacts?operation=get", Map.of("id", "a secret@example.com"))
                        .toString())
                .contains("is no id: set the option id")
                .doesNotContain("secret");
        assertThat(refused("contacts?operation=delete", null).toString()).contains("set the option id");
        assertThat(refused("contacts", null).toString()).contains("its body is empty");
        assertThat(refused("contacts", List.of()).toString()).contains("its body is empty");
        assertThat(refused("contacts", "no JSON").toString()).contains("its body is no JSON");
        assertThat(bridge.store().intents().list(Set.of(IntentState.values()), 9))
                .isEmpty();
    }

    @Test
    void a_message_is_sent_and_its_thread_read() {
        call("messages", Map.of("type", "SMS", "contactId", ada, "message", "Hello"));

        assertThat(location.all("messages")).hasSize(1);
        assertThat(intents(IntentState.CONFIRMED)).hasSize(1);
        String conversation =
                String.valueOf(location.all("conversations").get(0).get("id"));
        assertThat(list("messages?operation=thread&conversation=" + conversation, null))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("message", "Hello"));
    }

    @Test
    void an_appointment_is_booked_moved_and_cancelled() {
        String calendar = location.idOf("calendars", "Demo");
        Map<String, Object> booked = record(
                "appointments", Map.of("calendarId", calendar, "contactId", ada, "startTime", "2031-01-01T10:00:00Z"));
        call(
                "appointments?operation=reschedule",
                Map.of("id", booked.get("id"), "startTime", "2031-01-02T10:00:00Z", "endTime", "2031-01-02T11:00:00Z"));
        assertThat(location.all("appointments").get(0)).containsEntry("startTime", "2031-01-02T10:00:00Z");

        call("appointments?operation=cancel&id=" + booked.get("id"), null);
        assertThat(location.all("appointments").get(0)).containsEntry("appointmentStatus", "cancelled");
    }

    @Test
    void an_opportunity_moves_to_a_stage_and_an_invoice_is_made() {
        Map<String, Object> deal = record(
                "opportunities",
                Map.of("name", "Deal", "pipelineId", location.idOf("pipelines", "Sales"), "contactId", ada));
        call("opportunities?operation=move", Map.of("id", deal.get("id"), "pipelineStageId", location.stage("Closed")));
        assertThat(location.all("opportunities").get(0)).containsEntry("pipelineStageId", location.stage("Closed"));

        assertThat(record("invoices", Map.of("name", "One", "contactId", ada))).containsKey("id");
        assertThat(location.all("invoices")).hasSize(1);
    }

    @Test
    void a_workflow_is_started_by_its_name_and_a_wrong_one_is_told_with_the_nearest() {
        call("workflows?workflow=Welcome", Map.of("contactId", ada));
        call("workflows?workflow=Welcome&contact=" + ada, null);
        assertThat(location.all("workflow-runs"))
                .extracting(run -> run.get("workflowId"))
                .containsExactly(location.idOf("workflows", "Welcome"), location.idOf("workflows", "Welcome"));

        assertThat(refused("workflows?workflow=Welcom", Map.of("contactId", ada))
                        .toString())
                .contains("no workflow \"Welcom\": did you mean \"Welcome\"?");
    }

    @Test
    void a_list_is_read_over_several_pages_up_to_its_limit() {
        for (int i = 0; i < 130; i++) {
            location.create("contacts", Map.of("firstName", "N" + i));
        }
        assertThat(list("contacts?operation=list", null)).hasSize(100);
        assertThat(list("contacts?operation=list&limit=120", null)).hasSize(120);
        assertThat(list("contacts?operation=list&limit=1000", null))
                .hasSize(131)
                .extracting(row -> row.get("id"))
                .doesNotHaveDuplicates();
        assertThat(list("contacts?operation=list&since=2999-01-01T00:00:00Z", null))
                .isEmpty();
    }

    @Test
    void a_search_takes_filters_in_its_body_and_an_export_is_started_and_read() {
        location.create("contacts", Map.of("firstName", "Bob"));
        Map<String, Object> filter = Map.of("field", "firstName", "operator", "eq", "value", "Bob");
        assertThat(list("contacts?operation=search", Map.of("filters", List.of(filter))))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("firstName", "Bob"));

        Map<String, Object> export = record("bulk-export", Map.of("resource", "contacts"));
        assertThat(record("bulk-export?operation=get", export)).containsEntry("status", "completed");
        assertThat(list("bulk-export?operation=rows&id=" + export.get("id"), null))
                .hasSize(2);
    }

    @Test
    void a_location_is_named_where_the_key_is_an_agencys() {
        second.create("contacts", Map.of("firstName", "Zoe"));

        assertThat(list("contacts?operation=list&connection=agency&location=loc_two", null))
                .extracting(row -> row.get("firstName"))
                .containsExactly("Zoe");
        assertThat(list("contacts?operation=list&connection=agency&location=${body}", "loc_sandbox"))
                .extracting(row -> row.get("firstName"))
                .containsExactly("Ada");
        assertThat(refused("contacts?operation=list&connection=agency", null).toString())
                .contains("set location=");
        assertThat(list("locations?operation=list&connection=agency", null)).hasSize(2);
        assertThat(refused("locations?operation=list", null).toString()).contains("agency's key");
        assertThat(record("auth?connection=agency", null)).containsEntry("id", IntellivizzSandbox.AGENCY);
    }

    @Test
    void a_key_without_the_scope_stops_the_route_and_names_the_scope() {
        location.restrictKey("contacts.read", "locations.read");

        assertThat(refused("contacts", Map.of("firstName", "Bob")))
                .isInstanceOf(Outcome.Refused.class)
                .extracting(Outcome.Refused.class::cast)
                .extracting(Outcome.Refused::reason)
                .asString()
                .contains("contacts.write");
    }

    @Test
    void a_workflow_of_a_location_is_found_by_its_name_with_an_agencys_key() {
        String zoe = second.create("contacts", Map.of("firstName", "Zoe"));

        // The sandbox's agency writes nothing; the name is looked up before.
        assertThat(refused("workflows?connection=agency&location=loc_two&workflow=Welcome", Map.of("contactId", zoe)))
                .extracting(Object::toString)
                .asString()
                .contains("workflows.write");
    }

    @Test
    void a_bundles_own_catalogue_says_where_an_operation_is() throws Exception {
        try (AnyCrm people = new AnyCrm(List.of("/people/"));
                TestBridge own = TestBridge.with(folder.resolve("own"), crm)
                        .set("bridge.connection.default.type", "intellivizz")
                        .set("bridge.connection.default.api-key", "pit-1")
                        .set("bridge.connection.default.location-id", AnyCrm.WORKSPACE)
                        .set("bridge.connection.default.base-url", people.url("ok"))
                        .set("bridge.connection.default.catalogue", "crm/own.yaml")
                        .write("crm/own.yaml", """
                        resources:
                          contacts:
                            operations:
                              get: { call: "GET /people/{id}" }
                          auth:
                            operations:
                              test: { call: "GET /people/%s" }
                        """.formatted(ada))
                        .start()) {
            Map<?, ?> answer = own.camel()
                    .createProducerTemplate()
                    .requestBody("intellivizz:contacts?operation=get", (Object) ada, Map.class);
            assertThat(answer).extracting("id").isEqualTo(AnyCrm.WORKSPACE);
            assertThat(people.requests()).contains("GET /people/" + ada);
        }
    }
}
