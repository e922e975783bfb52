package io.crmbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.TestBridge;
import io.crmbridge.console.Status;
import io.crmbridge.sandbox.Mail;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes on replies, enrolments and bookings, as they are in routes/, mappings/ and templates/. */
@Timeout(60)
class RepliesAndEnrollmentsTest {
    @TempDir
    private Path folder;

    private final HeldSchedules schedules = new HeldSchedules();
    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSendEach(Duration.ZERO));
    private final Workspace crm = sandbox.workspace();
    private String welcome;
    private String offer;
    private String ada;
    private TestBridge bridge;

    @BeforeEach
    void data() {
        welcome = crm.createSequence(Map.of("name", "Welcome <1>", "steps", List.of(step())));
        offer = crm.createSequence(Map.of("name", "Offer"));
        ada = contact("Ada", "ada@example.com");
    }

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        schedules.close();
        sandbox.close();
    }

    private static Map<String, Object> step() {
        return Map.of("subject", "Hi", "body", "Hello", "delayDays", 0);
    }

    private String contact(String name, String email) {
        return crm.create("contacts", Map.of("firstName", name, "lastName", "T", "email", email));
    }

    private void start(String file) throws IOException {
        for (String part : List.of("mappings", "templates")) {
            Files.createDirectories(folder.resolve("bundle").resolve(part));
            try (Stream<Path> files = Files.list(Path.of(part))) {
                for (Path each : files.toList()) {
                    Files.copy(each, folder.resolve("bundle").resolve(each));
                }
            }
        }
        bridge = TestBridge.in(folder, sandbox)
                .set("poll.delay", "1h")
                .set("report.time-zone", "UTC")
                .set("digest.cron", "0 0 0 29 2 ?")
                .set("failing.cron", "0 0 0 29 2 ?")
                .set("booking.sequence", "Offer")
                .set("bridge.mail.office.to", "office@example.com")
                .mail("office")
                .hook("replies")
                .yaml(Files.readString(Path.of("routes", file)))
                .yaml("""
                        - route:
                            id: enroll
                            from:
                              uri: direct:enroll
                              steps:
                                - to:
                                    uri: impactiveai:enrollments
                                    parameters:
                                      operation: enroll
                                      sequence: Offer
                        """)
                .start(Clock.systemUTC(), schedules);
    }

    private void poll(String resource, String sequence) {
        String feed = resource + "/" + sequence;
        awaitPolled(feed);
        bridge.poll(feed);
    }

    private void awaitPolled(String feed) {
        await().until(() -> bridge.store().sources().feeds().stream()
                .anyMatch(it -> it.name().equals(feed) && it.freshAt().isPresent()));
    }

    private void awaitDelivered(String route, String feed, long count) {
        await().untilAsserted(() -> assertThat(Status.of(bridge.store(), true).routes())
                .filteredOn(place -> place.id().equals(route) && feed.equals(place.feed()))
                .singleElement()
                .satisfies(place -> assertThat(place.delivered()).isEqualTo(count)));
    }

    private Map<?, ?> enroll(Object body) {
        Exchange done = bridge.camel()
                .createProducerTemplate()
                .request("direct:enroll", exchange -> exchange.getMessage().setBody(body));
        assertThat(done.getException()).isNull();
        return done.getMessage().getBody(Map.class);
    }

    private List<Object> enrolled(String sequence) {
        return new ArrayList<>(crm.enrollments(sequence).stream()
                .map(row -> row.get("contactId"))
                .toList());
    }

    private Mail awaitMail() {
        await().untilAsserted(() -> assertThat(mails()).hasSize(1));
        return mails().get(0);
    }

    private List<Mail> mails() {
        return sandbox.mailbox().mails().stream()
                .filter(mail -> mail.recipients().contains("office@example.com"))
                .toList();
    }

    @Test
    void who_answers_stop_is_on_no_sequence_any_more_and_is_not_enrolled_again_nor_is_the_address() throws IOException {
        String bob = contact("Bob", "bob@example.com");
        crm.enroll(welcome, ada, bob);
        crm.enroll(offer, ada);
        start("replies-stop.yaml");
        awaitPolled("replies/" + offer);
        crm.reply(bob, "Re: Hi", "Please don't stop\n\n> STOP", null);
        crm.reply(ada, "Re: Hi", "<div>Stop!</div><div class=\"gmail_quote\">On 4 May Acme wrote: Hello</div>", null);
        poll("replies", welcome);
        poll("replies", offer);

        await().untilAsserted(() -> assertThat(enrolled(offer)).isEmpty());
        await().untilAsserted(() -> assertThat(enrolled(welcome)).containsExactly(bob));
        assertThat(enroll(ada).toString()).contains("suppressed", "asked to stop");
        String again = contact("Ada", "ADA@example.com");
        assertThat(enroll(Map.of("id", again, "email", "ADA@example.com")).toString())
                .contains("suppressed", "asked to stop");
        assertThat(enrolled(offer)).isEmpty();
    }

    @Test
    void who_answers_stop_after_leaving_is_not_enrolled_again_elsewhere() throws IOException {
        crm.enroll(welcome, ada);
        start("replies-stop.yaml");
        awaitPolled("enrollments/" + welcome);
        awaitPolled("contact-replies/sequence/" + welcome);
        crm.unsubscribe(welcome, ada);
        crm.reply(ada, "Re: Hi", "Unsubscribe me, please", null);
        bridge.poll("enrollments/" + welcome);
        bridge.poll("contact-replies/sequence/" + welcome);

        await().untilAsserted(() -> assertThat(bridge.store().suppressions().counts())
                .anySatisfy(count -> assertThat(count.reason()).isEqualTo("asked to stop")));
        assertThat(enroll(ada).toString()).contains("suppressed", "asked to stop");
    }

    @Test
    void who_had_answered_stop_before_the_route_was_there_is_taken_off_too() throws IOException {
        crm.enroll(welcome, ada);
        crm.reply(ada, "Re: Hi", "STOP", null);

        start("replies-stop.yaml");

        await().untilAsserted(() -> assertThat(enrolled(welcome)).isEmpty());
    }

    @Test
    void replies_go_to_a_webhook_with_their_own_text() throws IOException {
        crm.enroll(welcome, ada);
        start("replies-to-webhook.yaml");
        awaitPolled("replies/" + welcome);
        crm.reply(ada, "Re: Hi", "Fine\n\nOn 4 May 2026, Acme wrote:\n> Hello", null);
        poll("replies", welcome);

        await().untilAsserted(() -> assertThat(sandbox.receiver().received()).hasSize(1));
        assertThat(sandbox.receiver().received().get(0).text())
                .contains("\"firstLine\":\"Fine\"", "\"stop\":false", "\"sequenceId\":\"" + welcome, "> Hello", ada);
    }

    @Test
    void the_digest_is_one_mail_of_all_sequences_once_and_none_without_a_reply() throws IOException {
        String bob = contact("Bob", "bob@example.com");
        crm.enroll(welcome, ada);
        crm.enroll(offer, ada, bob);
        start("replies-digest.yaml");
        awaitPolled("replies/" + welcome);
        awaitPolled("replies/" + offer);
        schedules.fire();
        crm.reply(ada, "Re: <Hi>", "Call me & \"bring\" <b>cake\n\n> Hello", null);
        poll("replies", welcome);
        awaitDelivered("replies-collect", "replies/" + welcome, 1);
        crm.reply(bob, "Re: Hi", "STOP", null);
        // Ada is on both sequences, and so is her reply.
        poll("replies", offer);
        awaitDelivered("replies-collect", "replies/" + offer, 2);
        schedules.fire();

        Mail mail = awaitMail();
        assertThat(mail.subject()).isEqualTo("Replies: 2");
        assertThat(mail.html())
                .contains(
                        "ada@example.com",
                        "Welcome &lt;1&gt;",
                        "Re: &lt;Hi&gt;",
                        "Call me &amp; &quot;bring&quot; &lt;b&gt;cake")
                .contains("bob@example.com", "Offer", "STOP <strong>(asks to stop)</strong>")
                .doesNotContain("Hello", "<b>cake");
        assertThat(mail.text()).contains("ada@example.com, Welcome <1>", "Re: <Hi>: Call me & \"bring\" <b>cake");
        schedules.fire();
        bridge.awaitDelivered("replies-digest", 2);
        assertThat(mails()).hasSize(1);
    }

    @Test
    void whom_a_sequence_cannot_mail_is_told_once_for_each_error() throws IOException {
        String nameless = crm.create("contacts", Map.of("firstName", "No", "lastName", "Mail"));
        crm.enroll(welcome, ada);
        start("enrollments-failing.yaml");
        awaitPolled("enrollments/" + welcome);
        crm.enroll(welcome, nameless);
        crm.sendDue();
        poll("enrollments", welcome);
        await().until(() -> bridge.route("enrollments-failing-mail").waiting() == 1);
        schedules.fire();

        Mail mail = awaitMail();
        assertThat(mail.subject()).isEqualTo("Sequences cannot mail: 1");
        assertThat(mail.html()).contains("No Mail", "Welcome &lt;1&gt;", "The contact has no e-mail address.");
        crm.unsubscribe(welcome, nameless);
        poll("enrollments", welcome);
        awaitDelivered("enrollments-failing", "enrollments/" + welcome, 3);
        assertThat(bridge.route("enrollments-failing-mail").waiting()).isZero();
        schedules.fire();
        assertThat(mails()).hasSize(1);
        Map<String, Object> row = new HashMap<>(crm.enrollment(welcome, nameless));
        row.put("lastSendError", "Mailbox full");
        row.put("updatedAt", Instant.now().toString());
        sandbox.faults()
                .on("GET", "/api/agent/sequences/" + welcome + "/enrollments")
                .body(new String(CrmRecord.toJson(List.of(row)), StandardCharsets.UTF_8), "application/json")
                .times(1)
                .arm();
        bridge.poll("enrollments/" + welcome);
        await().until(() -> bridge.route("enrollments-failing-mail").waiting() == 1);
        schedules.fire();
        await().untilAsserted(() -> assertThat(mails())
                .hasSize(2)
                .last()
                .satisfies(second -> assertThat(second.html()).contains("Mailbox full")));
    }

    @Test
    void who_books_is_enrolled_once_whether_the_crm_knows_them_or_not() throws IOException {
        crm.book(Map.of("title", "Before"));
        start("booking-to-sequence.yaml");
        crm.book(Map.of("title", "Demo", "contactId", ada));
        crm.book(Map.of("title", "Demo", "name", "Bob van Dyk", "email", "bob@example.com"));
        crm.book(Map.of("title", "Demo", "attendee", Map.of("name", "Ada Lovelace", "email", "ADA@example.com")));
        crm.book(Map.of("title", "Nobody"));
        crm.book(Map.of("title", "Demo", "status", "cancelled", "contactId", ada));
        bridge.poll("bookings");
        bridge.poll("bookings");
        bridge.awaitDelivered("booking-to-sequence", 5);

        assertThat(crm.enrollments(offer))
                .extracting(row -> (Object) ((Map<?, ?>) row.get("contact")).get("email"))
                .containsExactlyInAnyOrder("ada@example.com", "bob@example.com");
        assertThat(crm.all("contacts"))
                .extracting(row -> row.get("lastName"))
                .containsExactlyInAnyOrder("van Dyk", "T");
        assertThat(bridge.route("booking-to-sequence").dead()).isZero();
    }
}
