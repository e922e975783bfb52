package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.IntentState.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A contact that is there is updated, another one created: one contact for one e-mail address. */
@Timeout(60)
class UpsertTest {
    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private final Workspace crm = sandbox.workspace();
    private TestBridge bridge;

    @AfterEach
    void stop() {
        bridge.close();
        sandbox.close();
    }

    private void start(String options) throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .set("bridge.crm.settle", "100ms")
                .yaml("""
                        - route:
                            id: leads
                            from:
                              uri: direct:leads
                              steps:
                                - to:
                                    uri: impactiveai:contacts?operation=upsert&delay=1h%s
                        """.formatted(options))
                .start();
    }

    private static Map<String, Object> lead(String email, String title) {
        return Map.of("firstName", "Ada", "lastName", "L", "email", email, "title", title);
    }

    private Exchange send(Object body) {
        return bridge.camel()
                .createProducerTemplate()
                .request("direct:leads", exchange -> exchange.getMessage().setBody(body));
    }

    private Map<?, ?> upsert(Object body) {
        Exchange done = send(body);
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(Map.class);
    }

    private String refusal(Object body) {
        Exchange done = send(body);
        assertThat(done.getException()).isInstanceOf(TargetException.class);
        return done.getException().getMessage();
    }

    private List<Intent> unknown() {
        return bridge.store().intents().list(EnumSet.of(IntentState.UNKNOWN), 10);
    }

    @Test
    void one_that_is_there_is_updated_whatever_the_case_of_its_address() throws IOException {
        String id = crm.create("contacts", Map.of("firstName", "A", "lastName", "L", "email", "Ada@Example.com"));
        start("");

        Map<?, ?> done = upsert(lead(" ada@example.COM", "CEO"));

        assertThat(done.get("id")).isEqualTo(id);
        assertThat(crm.get("contacts", id)).containsEntry("title", "CEO").containsEntry("firstName", "Ada");
        assertThat(crm.all("contacts")).hasSize(1);
    }

    @Test
    void one_that_is_not_there_is_created_and_found_before_any_poll_shows_it() throws IOException {
        start("");

        Map<?, ?> created = upsert(lead("ada@example.com", "CEO"));
        Map<?, ?> again = upsert(lead("ada@example.com", "CTO"));

        assertThat(again.get("id")).isEqualTo(created.get("id"));
        assertThat(crm.all("contacts"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("title", "CTO"));
    }

    @Test
    void two_leads_with_one_address_at_the_same_time_make_one_contact() throws Exception {
        start("");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Map<?, ?>>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String title = "T" + i;
            calls.add(() -> upsert(lead("ada@example.com", title)));
        }

        for (Future<Map<?, ?>> call : threads.invokeAll(calls)) {
            call.get();
        }
        threads.shutdown();

        assertThat(crm.all("contacts")).hasSize(1);
    }

    @Test
    void a_list_is_done_one_by_one() throws IOException {
        start("");

        Exchange done =
                send(List.of(lead("a@example.com", "A"), lead("b@example.com", "B"), lead("a@example.com", "C")));

        assertThat(done.getMessage().getBody(List.class)).hasSize(3);
        assertThat(crm.all("contacts")).extracting(row -> row.get("title")).containsExactlyInAnyOrder("C", "B");
    }

    @Test
    void several_with_one_address_are_a_persons_matter() throws IOException {
        String one = crm.create("contacts", Map.of("firstName", "A", "lastName", "L", "email", "ada@example.com"));
        String two = crm.create("contacts", Map.of("firstName", "A", "lastName", "L", "email", "ada@example.com"));
        start("");

        assertThat(refusal(lead("ada@example.com", "CEO")))
                .contains("2 contacts have the same email", one, two, "intents show")
                .doesNotContain("ada@example.com");
        assertThat(unknown()).hasSize(1);
        assertThat(crm.all("contacts")).hasSize(2);
    }

    @Test
    void an_answer_that_is_lost_makes_no_second_one() throws IOException {
        start("");
        crm.create("contacts", Map.of("firstName", "Old", "lastName", "L"));
        sandbox.faults()
                .on("POST", "/api/agent/contacts")
                .resetAfterCommit()
                .times(1)
                .arm();

        upsert(lead("ada@example.com", "CEO"));
        upsert(lead("ada@example.com", "CTO"));

        assertThat(crm.all("contacts"))
                .filteredOn(row -> "ada@example.com".equals(row.get("email")))
                .hasSize(1);
    }

    @Test
    void an_address_that_has_changed_in_the_crm_is_no_longer_that_contacts() throws IOException {
        start("");
        Object id = upsert(lead("ada@example.com", "CEO")).get("id");
        crm.update("contacts", id.toString(), Map.of("email", "ada@new.example.com"));
        bridge.poll("contacts");

        assertThat(upsert(lead("ada@example.com", "Other")).get("id")).isNotEqualTo(id);
    }

    @Test
    void where_absence_is_not_proven_a_person_decides_or_the_route_says_so() throws IOException {
        for (int i = 0; i < 600; i++) {
            crm.create("contacts", Map.of("firstName", "C" + i, "lastName", "L", "email", "c" + i + "@example.com"));
        }
        start("");

        assertThat(refusal(lead("ada@example.com", "CEO"))).contains("not proven", "unknown history", "500 alone");
        Intent held = unknown().get(0);
        assertThat(held.sends()).isZero();
        assertThat(upsert(lead("c3@example.com", "Found")).get("title"))
                .as("by the agent list")
                .isEqualTo("Found");
        bridge.close();
        start("&onUnproven=create");
        assertThat(upsert(lead("bob@example.com", "CEO")).get("id")).isNotNull();
        assertThat(crm.all("contacts")).hasSize(601);
    }

    @Test
    void a_person_who_says_do_it_is_obeyed() throws IOException {
        for (int i = 0; i < 600; i++) {
            crm.create("contacts", Map.of("firstName", "C" + i, "lastName", "L", "email", "c" + i + "@example.com"));
        }
        bridge = TestBridge.in(folder, sandbox)
                .route("leads", "deals", "", "- to:\n    uri: impactiveai:contacts?operation=upsert&delay=1h")
                .route("body", "companies", "", "- log:\n    message: x")
                .start();
        bridge.create("deals", Map.of("name", "D", "firstName", "Ada", "lastName", "L", "email", "ada@example.com"));
        bridge.awaitDead("leads", 1);

        bridge.store()
                .intents()
                .happened(List.of(unknown().get(0).id()), Event.RETRY, Intent.Note.reason(Intent.RELEASED));
        long letter = bridge.store().deadLetters().list(false).get(0).id();
        bridge.store().deadLetters().replay(letter);
        bridge.reloadParked("leads");

        bridge.awaitDelivered("leads", 1);
        assertThat(crm.all("contacts")).hasSize(601);
    }

    @Test
    void without_the_field_there_is_nothing_to_find_it_by() throws IOException {
        start("");

        assertThat(refusal(Map.of("firstName", "A", "lastName", "B"))).contains("the field email", "missing or empty");
    }

    @Test
    void while_one_is_unknown_the_next_lead_of_that_contact_waits_for_the_decision() throws Exception {
        start("");
        bridge.poll("contacts");
        sandbox.faults()
                .on("POST", "/api/agent/contacts")
                .resetAfterCommit()
                .times(1)
                .arm();
        Thread others = new Thread(() -> {
            while (crm.all("contacts").isEmpty()) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 110; i++) {
                crm.create(
                        "contacts", Map.of("firstName", "C" + i, "lastName", "L", "email", "c" + i + "@example.com"));
            }
        });
        others.start();
        Exchange first = send(lead("ada@example.com", "CEO"));
        others.join();
        Exchange second = send(lead("ada@example.com", "CTO"));
        assertThat(crm.all("contacts"))
                .filteredOn(row -> "ada@example.com".equals(row.get("email")))
                .hasSize(1);
    }

    @Test
    void two_leads_with_one_phone_number_make_one_contact_where_that_is_what_they_are_matched_by() throws IOException {
        start("&matchBy=phone");
        upsert(Map.of("firstName", "Ada", "lastName", "L", "email", "a@example.com", "phone", "+15551234"));
        upsert(Map.of("firstName", "Ada", "lastName", "L", "email", "b@example.com", "phone", "+15551234"));
        assertThat(crm.all("contacts")).hasSize(1);
    }

    @Test
    void a_contact_that_was_made_in_the_crm_since_the_last_poll_is_found() throws IOException {
        start("");
        bridge.poll("contacts");
        crm.create("contacts", Map.of("firstName", "Ada", "lastName", "L", "email", "ada@example.com"));
        upsert(lead("ada@example.com", "CEO"));
        assertThat(crm.all("contacts")).hasSize(1);
    }

    @Test
    void a_contact_that_was_deleted_in_the_crm_is_made_anew() throws IOException {
        start("");
        Object id = upsert(lead("ada@example.com", "CEO")).get("id");
        crm.remove("contacts", id.toString());
        Exchange again = send(lead("ada@example.com", "CTO"));
        assertThat(again.getException()).isNull();
    }

    @Test
    void a_list_that_is_none_proves_no_absence() throws IOException {
        for (int i = 0; i < 600; i++) {
            crm.create("contacts", Map.of("firstName", "C" + i, "lastName", "L", "email", "c" + i + "@example.com"));
        }
        start("");
        sandbox.faults().on("GET", "/api/agent/contacts").errorObject("busy").arm();
        send(lead("c3@example.com", "CEO"));
        assertThat(crm.all("contacts")).hasSize(600);
    }

    @Test
    void a_batch_of_which_something_was_created_is_not_cut_in_two() throws IOException {
        bridge = TestBridge.in(folder, sandbox)
                .mapping(
                        "flat",
                        "[ {\"firstName\":\"A\",\"lastName\":\"A\"} ] + [for (.) {\"firstName\": .name, \"lastName\": \"X\", \"companyId\": if (.name == \"D3\") \"nowhere\" else null}]")
                .route("leads", "deals", "batchSize=4", "- to: map:flat\n- to: impactiveai:contacts?operation=create")
                .start();
        for (int i = 0; i < 4; i++) {
            crm.create("deals", Map.of("name", "D" + i));
        }
        bridge.poll("deals");
        bridge.awaitDead("leads", 4);
        assertThat(crm.all("contacts").stream().filter(c -> "D0".equals(c.get("firstName"))))
                .hasSize(1);
    }
}
