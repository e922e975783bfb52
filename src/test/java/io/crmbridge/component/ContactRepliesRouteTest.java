package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replies that are read contact by contact: of one, or of who has left a sequence. */
@Timeout(60)
class ContactRepliesRouteTest {
    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;

    @AfterEach
    void stop() {
        bridge.close();
        sandbox.close();
    }

    private String contact(String name) {
        return sandbox.workspace()
                .create("contacts", Map.of("firstName", name, "lastName", "T", "email", name + "@example.com"));
    }

    private String reply(String contact, String text) {
        return sandbox.workspace().reply(contact, "Re", text, null);
    }

    private void awaitPolled(String feed) {
        await().until(() -> bridge.store().sources().feeds().stream()
                .anyMatch(it -> it.name().equals(feed) && it.freshAt().isPresent()));
    }

    private void sweep(String sequence) {
        bridge.poll("enrollments/" + sequence);
        bridge.poll("contact-replies/sequence/" + sequence);
    }

    private List<Exchange> awaitGot(int count) {
        await().untilAsserted(
                        () -> assertThat(bridge.mock("got").getExchanges()).hasSize(count));
        return bridge.mock("got").getExchanges();
    }

    @Test
    void the_replies_of_one_contact_are_delivered_from_now_on() throws Exception {
        String ann = contact("Ann");
        String ben = contact("Ben");
        reply(ann, "History");
        bridge = TestBridge.in(folder, sandbox)
                .route("route", "contact-replies", "contact=" + ann, "- to: mock:got")
                .start();
        awaitPolled("contact-replies/" + ann);

        reply(ben, "Of another");
        String id = reply(ann, "News");
        bridge.poll("contact-replies/" + ann);
        bridge.poll("contact-replies/" + ann);

        assertThat(awaitGot(1).get(0).getMessage().getHeaders())
                .containsEntry("CamelCrmFeed", "contact-replies")
                .containsEntry("CamelCrmRecordId", id)
                .containsEntry("CamelCrmChange", "created")
                .doesNotContainKey("CamelCrmSequence");
    }

    @Test
    void what_former_members_write_is_delivered_once_and_what_members_write_is_left_to_the_sequence() throws Exception {
        String sequence = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        String gone = contact("Gone");
        String unsubscribed = contact("Un");
        String member = contact("Member");
        sandbox.workspace().enroll(sequence, gone, unsubscribed, member);
        bridge = TestBridge.in(folder, sandbox)
                .route("route", "contact-replies", "sequence=Welcome", "- to: mock:got")
                .start();
        awaitPolled("contact-replies/sequence/" + sequence);
        awaitPolled("enrollments/" + sequence);

        sandbox.workspace().unenroll(sequence, gone);
        sandbox.workspace().unsubscribe(sequence, unsubscribed);
        String first = reply(gone, "After leaving");
        String second = reply(unsubscribed, "After unsubscribing");
        reply(member, "Still there");
        sweep(sequence);
        sweep(sequence);

        assertThat(awaitGot(2))
                .extracting(e -> e.getMessage().getHeader("CamelCrmRecordId"))
                .containsExactlyInAnyOrder(first, second);
        assertThat(bridge.mock("got").getExchanges())
                .allSatisfy(e ->
                        assertThat(e.getMessage().getHeader("CamelCrmSequence")).isEqualTo(sequence));
        String third = reply(gone, "Again");
        sweep(sequence);
        assertThat(awaitGot(3).get(2).getMessage().getHeader("CamelCrmRecordId"))
                .isEqualTo(third);
    }

    @Test
    void calls_of_one_poll_are_bounded_and_everybody_has_a_turn() throws Exception {
        String sequence = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        String[] contacts = new String[45];
        for (int i = 0; i < contacts.length; i++) {
            contacts[i] = contact("C" + i);
        }
        sandbox.workspace().enroll(sequence, contacts);
        for (String contact : contacts) {
            sandbox.workspace().unsubscribe(sequence, contact);
        }
        bridge = TestBridge.in(folder, sandbox)
                .route("route", "contact-replies", "sequence=Welcome", "- to: mock:got")
                .start();
        awaitPolled("contact-replies/sequence/" + sequence);
        awaitPolled("enrollments/" + sequence);
        for (String contact : contacts) {
            reply(contact, "Text");
        }
        sandbox.workspace().remove("contacts", contacts[3]);

        for (int poll = 0; poll < 3; poll++) {
            long before = sandbox.workspace().requests("/api/agent/contacts");
            bridge.poll("contact-replies/sequence/" + sequence);
            assertThat(sandbox.workspace().requests("/api/agent/contacts") - before)
                    .isLessThanOrEqualTo(20);
        }

        awaitGot(44);
    }

    @Test
    void nobody_is_read_any_more_long_after_leaving() throws Exception {
        String sequence = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        String ann = contact("Ann");
        sandbox.workspace().enroll(sequence, ann);
        sandbox.workspace().unsubscribe(sequence, ann);
        bridge = TestBridge.in(folder, sandbox)
                .route("route", "contact-replies", "sequence=Welcome&sweepFor=0s", "- to: mock:got")
                .start();
        awaitPolled("contact-replies/sequence/" + sequence);
        awaitPolled("enrollments/" + sequence);

        sweep(sequence);

        assertThat(sandbox.workspace().requests("/api/agent/contacts")).isZero();
    }
}
