package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.IntentState.Event;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Writes over HTTP to a CRM that loses answers. */
@Timeout(60)
class WritesTest extends WritesOverHttp {
    @Test
    void what_is_asked_for_again_is_told_and_not_done_again() {
        Intent first = write(contact("k1", "Ada"));
        Intent again = write(contact("k1", "Ada"));

        assertThat(first.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(again.recordId()).isEqualTo(first.recordId());
        assertThat(again.answer()).isPresent();
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void an_answer_that_is_lost_after_the_commit_is_found_and_nothing_is_sent_again() {
        on("/api/agent/contacts").resetAfterCommit().arm();

        Intent intent = write(contact("k1", "Ada"));

        assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent.sends()).isEqualTo(1);
        assertThat(intent.reason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("found by"));
        assertThat(sandbox.workspace().get("contacts", intent.recordId().orElseThrow()))
                .containsEntry("firstName", "Ada");
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void what_was_lost_before_the_commit_is_sent_again_once_its_absence_is_proven() {
        on("/api/agent/contacts").resetBeforeCommit().arm();

        Intent intent = write(contact("k1", "Ada"));

        assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent.sends()).isEqualTo(2);
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void a_server_error_an_answer_without_an_id_html_and_garbage_are_looked_up() {
        on("/api/agent/contacts").afterCommit().status(502).arm();
        Intent error = write(contact("k1", "Ada"));
        on("/api/agent/contacts").withoutId().arm();
        Intent without = write(contact("k2", "Bob"));
        on("/api/agent/contacts").afterCommit().html().arm();
        Intent html = write(contact("k3", "Cid"));
        on("/api/agent/contacts").truncate(5).arm();
        Intent truncated = write(contact("k4", "Dee"));

        assertThat(List.of(error, without, html, truncated))
                .allSatisfy(intent -> assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED));
        assertThat(contacts("Ada") + contacts("Bob") + contacts("Cid") + contacts("Dee"))
                .isEqualTo(4);
    }

    @Test
    void a_commit_within_the_time_to_settle_is_found() {
        on("/api/agent/contacts").commitLate(Duration.ofMillis(20)).arm();

        Intent intent = write(contact("k1", "Ada"));

        assertThat(intent.sends()).isEqualTo(1);
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void a_commit_after_the_look_up_is_told_as_soon_as_it_shows() {
        on("/api/agent/contacts").commitLate(Duration.ofMillis(600)).arm();

        Intent intent = write(contact("k1", "Ada"));
        assertThat(intent.sends())
                .as("its absence was proven, and it came late")
                .isEqualTo(2);
        await().until(() -> sandbox.faults().waiting() == 0);
        assertThat(contacts("Ada")).isEqualTo(2);
        await().until(() -> {
            writes.lookBack();
            return store.intents().get(intent.id()).orElseThrow().state() == IntentState.UNKNOWN;
        });

        assertThat(store.intents().get(intent.id()).orElseThrow().reason())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("made twice", intent.recordId().orElseThrow()));
    }

    @Test
    void what_was_sent_again_and_is_there_once_is_left_alone() {
        on("/api/agent/contacts").resetBeforeCommit().arm();
        Intent intent = write(contact("k1", "Ada"));
        await().until(() -> {
            writes.lookBack();
            return sandbox.workspace().requests("GET", "/api/zapier/contacts") >= 2;
        });

        assertThat(store.intents().get(intent.id()).orElseThrow().state()).isEqualTo(IntentState.CONFIRMED);
    }

    @Test
    void a_refusal_is_one_and_what_is_asked_for_again_is_tried_again() {
        on("/api/agent/contacts").status(400).arm();
        Intent refused = write(contact("k1", "Ada"));
        on("/api/agent/contacts").errorObject("no").arm();
        Intent error = write(contact("k2", "Bob"));

        assertThat(refused.state()).isEqualTo(IntentState.REFUSED);
        assertThat(error.answer())
                .hasValueSatisfying(words -> assertThat(new String(words, StandardCharsets.UTF_8))
                        .as("for who asks to see it")
                        .contains("no"));
        assertThat(refused.answer()).isPresent();
        assertThat(error.state()).isEqualTo(IntentState.REFUSED);
        assertThat(write(contact("k1", "Ada")).state()).isEqualTo(IntentState.CONFIRMED);
    }

    @Test
    void what_did_not_reach_the_crm_or_was_put_off_waits_planned() {
        on("/api/agent/contacts").tooMany(Duration.ofSeconds(7)).arm();
        assertThatThrownBy(() -> write(contact("k1", "Ada"))).isInstanceOfSatisfying(CrmException.class, e -> {
            assertThat(e.verdict()).isEqualTo(Verdict.WAIT);
            assertThat(e.retryAfter()).contains(Duration.ofSeconds(7));
        });
        crm.close();
        connect(URI.create("http://127.0.0.1:1"), SETTLE);
        assertThatThrownBy(() -> write(contact("k2", "Bob"))).isInstanceOf(CrmException.class);

        assertThat(store.intents().open(source)).isEmpty();
        assertThat(store.intents().list(java.util.Set.of(IntentState.PLANNED), 9))
                .hasSize(2)
                .allSatisfy(intent -> assertThat(intent.sends()).isZero());
    }

    @Test
    void while_one_is_open_nothing_else_is_sent_and_a_restart_does_not_change_that() {
        crm.close();
        connect(sandbox.baseUrl(), Duration.ofHours(1));
        on("/api/agent/contacts").resetAfterCommit().arm();
        Future<Intent> first = threads.submit(() -> write(contact("k1", "Ada")));
        await().until(() -> writes.hasOpen());

        Future<Intent> second = threads.submit(() -> write(contact("k2", "Bob")));
        await().until(() ->
                !store.intents().list(java.util.Set.of(IntentState.PLANNED), 9).isEmpty());
        writes.close();
        assertThatThrownBy(first::get).hasRootCauseInstanceOf(CrmException.class);
        assertThatThrownBy(second::get).hasRootCauseInstanceOf(CrmException.class);
        assertThat(contacts("Bob")).isZero();

        crm.close();
        connect(sandbox.baseUrl(), SETTLE);
        assertThat(write(contact("k2", "Bob")).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(write(contact("k1", "Ada")).sends()).isEqualTo(1);
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void a_list_that_reaches_not_back_proves_no_absence_and_a_person_decides() {
        sandbox.workspace().remove("contacts", "old-contacts");
        for (int i = 0; i < 100; i++) {
            sandbox.workspace().create("contacts", Map.of("firstName", "Late" + i, "lastName", "X"));
        }
        on("/api/agent/contacts").resetBeforeCommit().arm();

        Intent intent = write(contact("k1", "Ada"));

        assertThat(intent.state()).isEqualTo(IntentState.UNKNOWN);
        assertThat(intent.reason())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("cannot show whether it was done")
                        .doesNotContain("ada@"));
        assertThat(write(contact("k1", "Ada")).state())
                .as("asked for again: not sent")
                .isEqualTo(IntentState.UNKNOWN);
        assertThat(write(contact("k2", "Bob")).state()).as("others flow").isEqualTo(IntentState.CONFIRMED);

        store.intents().happened(List.of(intent.id()), Event.RETRY, Intent.Note.reason(Intent.RELEASED));
        assertThat(write(contact("k1", "Ada")).state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void a_list_reaches_back_if_it_shows_what_was_answered_before_whatever_the_clocks_say() {
        sandbox.workspace().remove("contacts", "old-contacts");
        Intent before = write(contact("k0", "Bob"));
        on("/api/agent/contacts").resetBeforeCommit().arm();

        Intent intent = write(contact("k1", "Ada"));

        assertThat(before.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(intent.sends()).isEqualTo(2);
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void what_a_person_wants_done_is_sent_though_nothing_asks_for_it_again() {
        Intent held = write(contact("k1", "Ada"), () -> Writes.Answer.hold("is it one?"));
        writes.settleDue();
        assertThat(contacts("Ada")).isZero();
        store.intents().happened(List.of(held.id()), Event.RETRY, Intent.Note.reason(Intent.RELEASED));

        writes.settleDue();
        writes.settleDue();

        assertThat(store.intents().get(held.id()).orElseThrow().state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void two_that_may_be_it_are_a_persons_matter() {
        on("/api/agent/contacts")
                .delayBeforeCommit(Duration.ofMillis(100))
                .resetAfterCommit()
                .arm();
        Future<Intent> write = threads.submit(() -> write(contact("k1", "Ada")));
        await().until(() -> writes.hasOpen() || !store.intents().open(source).isEmpty());
        sandbox.workspace().create("contacts", Map.of("firstName", "Ada", "lastName", "X", "email", "ADA@example.com"));

        assertThat(write).succeedsWithin(Duration.ofSeconds(20)).satisfies(intent -> {
            assertThat(intent.state()).isEqualTo(IntentState.UNKNOWN);
            assertThat(intent.reason()).hasValueSatisfying(r -> assertThat(r).contains("2 records may be it"));
        });
    }

    @Test
    void two_writes_that_mean_one_record_are_told_apart_by_what_is_confirmed() {
        Intent first = write(contact("k1", "Ada"));
        on("/api/agent/contacts").resetAfterCommit().arm();

        Intent second = write(contact("k2", "Ada"));

        assertThat(second.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(second.recordId()).isNotEqualTo(first.recordId());
        assertThat(contacts("Ada")).isEqualTo(2);
    }

    @Test
    void two_writes_that_mean_one_record_are_never_under_way_together() throws Exception {
        sandbox.faults()
                .on("POST", "/api/agent/contacts")
                .resetAfterCommit()
                .times(2)
                .arm();

        List<Callable<Intent>> both = List.of(() -> write(contact("k1", "Ada")), () -> write(contact("k2", "Ada")));
        List<Intent> intents = new ArrayList<>();
        for (Future<Intent> one : threads.invokeAll(both)) {
            intents.add(one.get());
        }

        assertThat(intents).allSatisfy(intent -> assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED));
        assertThat(intents.get(0).recordId()).isNotEqualTo(intents.get(1).recordId());
        assertThat(contacts("Ada")).isEqualTo(2);
    }

    @Test
    void a_batch_is_one_call_and_each_of_it_has_its_own_outcome() {
        List<Writes.Request> requests =
                IntStream.range(0, 120).mapToObj(i -> contact("k" + i, "P" + i)).toList();

        List<Intent> intents = writes.write(requests, "route", Writes.Check.NONE);

        assertThat(intents).allSatisfy(intent -> assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED));
        assertThat(sandbox.workspace().requests("POST", "/api/agent/contacts")).isEqualTo(3);
        assertThat(sandbox.workspace().all("contacts")).hasSize(121);
        for (int i = 0; i < 120; i += 17) {
            assertThat(sandbox.workspace()
                            .get("contacts", intents.get(i).recordId().orElseThrow()))
                    .containsEntry("firstName", "P" + i);
        }
    }

    @Test
    void of_a_batch_that_is_refused_as_one_each_is_told_by_itself() {
        ObjectNode broken = contact("Bad");
        broken.put("companyId", "nowhere");

        List<Intent> intents = writes.write(
                List.of(contact("k1", "Ada"), request("k2", "contacts", Map.of(), broken), contact("k3", "Cid")),
                "route",
                Writes.Check.NONE);

        assertThat(intents)
                .extracting(Intent::state)
                .containsExactly(IntentState.CONFIRMED, IntentState.REFUSED, IntentState.CONFIRMED);
        assertThat(contacts("Ada") + contacts("Bad") + contacts("Cid")).isEqualTo(2);
    }

    @Test
    void a_batch_whose_answer_is_lost_is_done_once() {
        on("/api/agent/contacts").resetAfterCommit().arm();

        List<Intent> intents =
                writes.write(List.of(contact("k1", "Ada"), contact("k2", "Bob")), "route", Writes.Check.NONE);

        assertThat(intents).allSatisfy(intent -> assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED));
        assertThat(contacts("Ada") + contacts("Bob")).isEqualTo(2);
    }

    @Test
    void companies_deals_bookings_sequences_steps_and_enrolments_are_found_too() {
        String contact = sandbox.workspace().create("contacts", Map.of("firstName", "Ada", "lastName", "X"));
        String sequence = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        Map<String, Writes.Request> requests = Map.of(
                "/api/zapier/companies",
                request("c", "companies", Map.of(), JSON.createObjectNode().put("name", "Acme")),
                "/api/zapier/deals",
                request("d", "deals", Map.of(), JSON.createObjectNode().put("name", "Big")),
                "/api/agent/bookings",
                request(
                        "b",
                        "bookings",
                        Map.of(),
                        JSON.createObjectNode().put("title", "Call").put("startTime", "2026-12-01T10:00:00Z")),
                "/api/agent/sequences",
                request(
                        "s",
                        "sequences",
                        Map.of(),
                        JSON.createObjectNode().put("name", "Welcome").put("status", "draft")),
                "/api/agent/sequences/" + sequence + "/steps",
                request(
                        "t",
                        "steps",
                        Map.of("sequence", sequence),
                        JSON.createObjectNode()
                                .put("subject", "Hi")
                                .put("body", "B")
                                .put("delayDays", 1)),
                "/api/agent/sequences/" + sequence + "/enroll",
                request(
                        "e",
                        "enrollments",
                        Map.of("sequence", sequence),
                        JSON.createObjectNode()
                                .set("contactIds", JSON.createArrayNode().add(contact))));

        requests.forEach((path, request) -> {
            on(path).resetAfterCommit().arm();
            assertThat(write(request)).as(path).satisfies(intent -> {
                assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED);
                assertThat(intent.sends()).isEqualTo(1);
            });
            sandbox.faults().clear();
        });
        requests.forEach((path, request) -> {
            Writes.Request another = new Writes.Request("again " + path, request.call());
            on(path).resetBeforeCommit().arm();
            assertThat(write(another)).as("again " + path).satisfies(intent -> {
                assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED);
                assertThat(intent.sends()).isEqualTo(path.endsWith("/enroll") ? 1 : 2);
            });
            sandbox.faults().clear();
        });
        assertThat(sandbox.workspace().bookings()).hasSize(2);
        assertThat(sandbox.workspace().sequences()).hasSize(3);
        assertThat(sandbox.workspace().enrollments(sequence)).hasSize(1);
    }

    @Test
    void ids_of_every_type_emoji_and_a_megabyte_pass() {
        for (io.crmbridge.sandbox.IdStyle style : io.crmbridge.sandbox.IdStyle.values()) {
            sandbox.workspace().idStyle(style);
            ObjectNode body = contact("مرحبا" + style).put("title", "🚀".repeat(250_000));
            on("/api/agent/contacts").resetAfterCommit().arm();

            Intent intent = write(request("k" + style, "contacts", Map.of(), body));

            assertThat(intent.state()).isEqualTo(IntentState.CONFIRMED);
            assertThat(sandbox.workspace().get("contacts", intent.recordId().orElseThrow()))
                    .containsEntry("title", "🚀".repeat(250_000));
        }
    }

    @Test
    void what_is_never_done_is_given_to_a_person_in_the_end() {
        sandbox.faults().on("POST", "/api/agent/contacts").resetBeforeCommit().arm();

        Intent intent = write(contact("k1", "Ada"));

        assertThat(intent.state()).isEqualTo(IntentState.UNKNOWN);
        assertThat(intent.sends()).isEqualTo(5);
        assertThat(intent.reason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("sent 5 times"));
    }
}
