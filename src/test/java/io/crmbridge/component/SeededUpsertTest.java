package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import io.crmbridge.state.Seeds;
import io.crmbridge.state.Seeds.Contact;
import io.crmbridge.state.Seeds.Loading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In a workspace of more contacts than any list shows, an export of all of them tells who is new. */
@Timeout(60)
class SeededUpsertTest {
    private static final int CONTACTS = 650;
    /** One that neither the newest 100 show nor the agent list's oldest 500. */
    private static final int UNSEEN = 520;

    private static final int SEEN = 620;

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private final Workspace crm = sandbox.workspace();
    private final Instant now = Instant.now();
    private TestBridge bridge;

    @BeforeEach
    void fill() throws IOException {
        for (int i = 0; i < CONTACTS; i++) {
            // The newest 100 begin some two hours ago.
            String stamp =
                    now.minus(Duration.ofHours(2)).minusSeconds(CONTACTS - i).toString();
            crm.put(
                    "contacts",
                    Map.of(
                            "id",
                            id(i),
                            "firstName",
                            "C" + i,
                            "lastName",
                            "L",
                            "email",
                            email(i),
                            "createdAt",
                            stamp,
                            "updatedAt",
                            stamp));
        }
        start("");
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

    @AfterEach
    void stop() {
        bridge.close();
        sandbox.close();
    }

    private static String id(int number) {
        return "ct_" + number;
    }

    private static String email(int number) {
        return "c%d@example.com".formatted(number);
    }

    private void seed(Instant exportedAt, Contact... others) {
        List<Contact> all = new ArrayList<>(List.of(others));
        for (int i = 0; i < CONTACTS; i++) {
            all.add(new Contact(email(i), id(i)));
        }
        load(exportedAt, all);
    }

    private void load(Instant exportedAt, List<Contact> contacts) {
        long source = bridge.store().sources().sources().get(0).id();
        try (Loading loading = bridge.store().seeds().begin(source, exportedAt)) {
            loading.add(contacts);
            loading.finish();
        }
    }

    private Instant hoursAgo(int hours) {
        return now.minus(Duration.ofHours(hours));
    }

    private Exchange send(String email) {
        return bridge.camel()
                .createProducerTemplate()
                .request(
                        "direct:leads",
                        exchange -> exchange.getMessage()
                                .setBody(Map.of("firstName", "Ada", "lastName", "L", "email", email)));
    }

    private Object upserted(String email) {
        Exchange done = send(email);
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(Map.class).get("id");
    }

    private String held(String email) {
        Exchange done = send(email);
        assertThat(done.getException()).isInstanceOf(TargetException.class);
        assertThat(done.getException().getMessage()).doesNotContain(email);
        return done.getException().getMessage();
    }

    private void assertContacts(int count) {
        assertThat(crm.all("contacts")).hasSize(count);
    }

    @Test
    void before_it_is_seeded_a_new_lead_is_held_and_after_it_one_is_created() {
        assertThat(held("ada@example.com")).contains("unknown history", "500 alone", "leads seed");
        assertContacts(CONTACTS);

        seed(hoursAgo(1));

        Object bob = upserted("bob@example.com");
        assertThat(upserted("Bob@example.com")).isEqualTo(bob);
        assertContacts(CONTACTS + 1);
    }

    @Test
    void who_is_in_it_is_matched_by_id_and_not_doubled() {
        seed(hoursAgo(1));

        assertThat(upserted("C%d@Example.com".formatted(UNSEEN))).isEqualTo(id(UNSEEN));
        assertThat(upserted(email(SEEN))).isEqualTo(id(SEEN));
        assertContacts(CONTACTS);
        assertThat(crm.get("contacts", id(UNSEEN))).containsEntry("firstName", "Ada");
    }

    @Test
    void one_that_is_older_than_what_the_bridge_has_seen_proves_no_absence_but_still_finds() {
        seed(hoursAgo(3));

        assertThat(held("ada@example.com")).contains("unknown history", "leads seed");
        assertThat(upserted(email(UNSEEN))).isEqualTo(id(UNSEEN));
        assertContacts(CONTACTS);
    }

    @Test
    void a_row_without_an_id_is_somebody_a_person_must_look_up_also_where_what_is_unproven_is_created()
            throws IOException {
        List<Contact> rows =
                List.of(new Contact("ada@example.com", Seeds.NO_ID), new Contact(email(SEEN), Seeds.NO_ID));
        load(hoursAgo(1), rows);

        assertThat(held("ada@example.com")).contains("stands in the export", "without its id");
        assertThat(upserted(email(SEEN))).as("by the mirror").isEqualTo(id(SEEN));
        bridge.close();
        start("&onUnproven=create");
        assertThat(held("ada@example.com")).contains("without its id");
        load(hoursAgo(3), List.of(new Contact("eve@example.com", Seeds.NO_ID)));
        assertThat(held("eve@example.com")).contains("without its id");
        assertContacts(CONTACTS);
    }

    @Test
    void two_with_one_address_are_a_persons_matter() {
        seed(hoursAgo(1), new Contact(email(UNSEEN), id(UNSEEN + 1)));

        assertThat(held(email(UNSEEN))).contains("2 contacts have the same email", id(UNSEEN), id(UNSEEN + 1));
        assertContacts(CONTACTS);
    }

    @Test
    void an_address_that_has_changed_since_is_no_longer_that_contacts() {
        seed(hoursAgo(1));
        crm.update("contacts", id(UNSEEN), Map.of("email", "moved@example.com"));
        crm.update("contacts", id(UNSEEN + 1), Map.of("email", ""));
        bridge.poll("contacts");

        assertThat(upserted(email(UNSEEN))).isNotEqualTo(id(UNSEEN));
        assertThat(upserted(email(UNSEEN + 1))).isNotEqualTo(id(UNSEEN + 1));
        assertThat(upserted("moved@example.com")).isEqualTo(id(UNSEEN));
        assertContacts(CONTACTS + 2);
    }

    @Test
    void where_it_is_newer_than_what_was_seen_of_a_contact_and_says_another_address_a_person_decides() {
        load(now.plusSeconds(600), List.of(new Contact("new@example.com", id(SEEN))));

        assertThat(held("new@example.com")).contains(id(SEEN), "had another one");
        assertContacts(CONTACTS);
    }

    @Test
    void an_id_that_the_crm_does_not_know_makes_no_second_contact() {
        load(hoursAgo(1), List.of(new Contact("ada@example.com", "1")));

        assertThat(held("ada@example.com")).contains("contact 1", "knows no such contact");
        assertContacts(CONTACTS);
    }

    @Test
    void a_lead_that_was_held_goes_on_when_it_is_replayed() throws IOException {
        bridge.close();
        bridge = TestBridge.in(folder, sandbox)
                .route("from-deals", "deals", "", "- to:\n    uri: impactiveai:contacts?operation=upsert&delay=1h")
                .start();
        for (String email : List.of("ada@example.com", "ada@example.com", email(UNSEEN))) {
            bridge.create("deals", Map.of("name", "D", "firstName", "Ada", "lastName", "L", "email", email));
        }
        bridge.awaitDead("from-deals", 3);
        seed(hoursAgo(1));

        bridge.store()
                .deadLetters()
                .list(false)
                .forEach(letter -> bridge.store().deadLetters().replay(letter.id()));
        bridge.reloadParked("from-deals");

        bridge.awaitDelivered("from-deals", 3);
        assertContacts(CONTACTS + 1);
        assertThat(crm.get("contacts", id(UNSEEN))).containsEntry("firstName", "Ada");
    }

    @Test
    void it_says_nothing_of_other_fields() throws IOException {
        bridge.close();
        start("&matchBy=firstName");
        seed(hoursAgo(1));

        assertThat(send("ada@example.com").getException())
                .hasMessageContaining("not proven")
                .hasMessageNotContaining("leads seed");
    }
}
