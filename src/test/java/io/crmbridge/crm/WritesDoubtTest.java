package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.IntentState.Event;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What could be mistaken about a write whose answer is lost, over HTTP. */
@Timeout(60)
class WritesDoubtTest extends WritesOverHttp {
    @Test
    void what_was_sent_long_before_this_process_began_has_its_time_to_settle_from_the_beginning_on() {
        store.close();
        store = Store.open(folder, Clock.offset(Clock.systemUTC(), Duration.ofHours(-2)));
        Intent sent = store.intents()
                .plan(List.of(new Intent.Plan(source, "k1", "contacts", "create", "route", "n", new byte[] {'{', '}'})))
                .get(0);
        store.intents().happened(List.of(sent.id()), Event.SEND, Intent.Note.NONE);
        crm.close();
        connect(sandbox.baseUrl(), Duration.ofHours(1));

        writes.settleDue();
        Future<Intent> other = threads.submit(() -> write(contact("k2", "Bob")));
        await().until(() ->
                !store.intents().list(java.util.Set.of(IntentState.PLANNED), 9).isEmpty());

        assertThat(store.intents().get(sent.id()).orElseThrow().state()).isEqualTo(IntentState.SENT);
        assertThat(contacts("Bob")).isZero();
        writes.close();
        assertThatThrownBy(other::get).hasRootCauseInstanceOf(CrmException.class);
    }

    @Test
    void a_crm_that_is_given_up_on_has_its_time_to_settle_from_then_on() throws Exception {
        crm.close();
        crm = new ImpactiveAi(
                new Connection("default", ImpactiveAi.TYPE, sandbox.baseUrl(), new Secret(Sandbox.DEFAULT_KEY)),
                new CrmHttp.Limits(1 << 20, Duration.ofSeconds(1), Duration.ofMillis(1000)),
                Clock.systemUTC());
        writes = new Writes(new Calls(crm, GOOD), store.intents(), source, Duration.ofMillis(800), Clock.systemUTC());
        on("/api/agent/contacts").delayBeforeCommit(Duration.ofMillis(1300)).arm();
        Intent intent = write(contact("k1", "Ada"));
        await().until(() -> contacts("Ada") > 0 && sandbox.faults().waiting() == 0);
        assertThat(contacts("Ada")).as("%s", intent.state()).isEqualTo(1);
    }

    @Test
    void what_was_sent_is_what_is_looked_up_also_when_it_is_mapped_otherwise_by_now() {
        on("/api/agent/contacts").status(400).arm();
        write(contact("k1", "Bad"));
        on("/api/agent/contacts").resetAfterCommit().arm();
        Intent intent = write(contact("k1", "Ada"));
        assertThat(contacts("Ada"))
                .as("%s sends %d", intent.state(), intent.sends())
                .isEqualTo(1);
    }

    @Test
    void an_answer_without_a_list_proves_no_absence() {
        on("/api/agent/contacts").resetAfterCommit().arm();
        sandbox.faults()
                .on("GET", "/api/zapier/contacts")
                .times(1)
                .errorObject("busy")
                .arm();
        try {
            write(contact("k1", "Ada"));
        } catch (CrmException e) {
        }
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void one_key_in_two_threads_is_sent_once() throws Exception {
        on("/api/agent/contacts").delayBeforeCommit(Duration.ofMillis(300)).arm();
        List<Callable<Intent>> both = List.of(() -> write(contact("k1", "Ada")), () -> write(contact("k1", "Ada")));
        for (Future<Intent> one : threads.invokeAll(both)) {
            one.get();
        }
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void one_key_in_two_threads_is_sent_once_after_its_answer_was_lost() throws Exception {
        on("/api/agent/contacts").resetBeforeCommit().arm();
        List<Callable<Intent>> both = List.of(() -> write(contact("k1", "Ada")), () -> write(contact("k1", "Ada")));
        for (Future<Intent> one : threads.invokeAll(both)) {
            one.get();
        }
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void what_a_person_drops_at_the_last_moment_is_not_sent() {
        Writes.Request r = contact("k1", "Ada");
        Intent intent = write(r, () -> {
            long id = store.intents()
                    .list(java.util.Set.of(IntentState.PLANNED), 9)
                    .get(0)
                    .id();
            store.intents().happened(List.of(id), Event.DROP, Intent.Note.reason("dropped by a person"));
            return Writes.Answer.SEND;
        });
        assertThat(contacts("Ada")).as("%s", intent.state()).isZero();
    }

    @Test
    void one_that_cannot_be_looked_up_any_more_does_not_hold_up_the_others() {
        String sequence = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        Writes.Request step = request(
                "t",
                "steps",
                Map.of("sequence", sequence),
                JSON.createObjectNode().put("subject", "Hi").put("body", "B").put("delayDays", 1));
        crm.close();
        connect(sandbox.baseUrl(), Duration.ofSeconds(1));
        on("/api/agent/sequences/" + sequence + "/steps").resetBeforeCommit().arm();
        Future<Intent> lost = threads.submit(() -> write(step));
        await().until(() -> writes.hasOpen());
        sandbox.faults()
                .on("GET", "/api/agent/sequences/" + sequence)
                .status(404)
                .arm(); // deleted by a person meanwhile
        await().until(lost::isDone);
        Intent other = write(contact("k2", "Bob"));
        assertThat(other.state()).isEqualTo(IntentState.CONFIRMED);
    }

    @Test
    void an_empty_list_of_errors_is_no_refusal() throws Exception {
        assertThat(Said.of(JSON.readTree("{\"enrolled\":1,\"skipped\":[],\"errors\":[]}")))
                .isNotInstanceOf(Said.Rejected.class);
        assertThat(Said.of(JSON.readTree("{\"contact\":{\"id\":\"1\"},\"meta\":{},\"errors\":[]}")))
                .isNotInstanceOf(Said.Rejected.class);
    }

    @Test
    void clocks_that_differ_between_machines_prove_no_absence() {
        crm.close();
        store.close();
        store = Store.open(folder, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10)));
        writes = null;
        connect(sandbox.baseUrl(), Duration.ofHours(1));
        on("/api/agent/contacts").resetAfterCommit().arm();
        Writes first = writes;
        Future<Intent> lost = threads.submit(() -> write(contact("k1", "Ada")));
        await().until(() -> first.hasOpen());
        first.close();
        await().until(lost::isDone);
        crm.close();
        store.close();
        store = Store.open(folder, Clock.systemUTC());
        connect(sandbox.baseUrl(), SETTLE);
        Intent intent = write(contact("k1", "Ada"));
        assertThat(contacts("Ada"))
                .as("%s sends %d", intent.state(), intent.sends())
                .isEqualTo(1);
    }

    @Test
    void a_phone_number_that_the_crm_writes_otherwise_is_no_absence() throws Exception {
        ObjectNode body = JSON.createObjectNode()
                .put("firstName", "Ada")
                .put("lastName", "X")
                .put("phone", "(555) 123-4567");
        on("/api/agent/contacts").resetAfterCommit().arm();
        crm.close();
        connect(sandbox.baseUrl(), Duration.ofSeconds(2));
        Future<Intent> f = threads.submit(() -> write(request("k1", "contacts", Map.of(), body)));
        await().until(() -> contacts("Ada") == 1);
        String id = sandbox.workspace().all("contacts").stream()
                .filter(r -> "Ada".equals(r.get("firstName")))
                .findFirst()
                .get()
                .get("id")
                .toString();
        sandbox.workspace().update("contacts", id, Map.of("phone", "+15551234567"));
        Intent intent = f.get();
        assertThat(contacts("Ada"))
                .as("%s sends %d", intent.state(), intent.sends())
                .isEqualTo(1);
    }

    @Test
    void that_a_person_wants_it_done_stands_when_the_crm_puts_it_off() {
        Writes.Request r = contact("k1", "Ada");
        Intent intent = write(r, () -> Writes.Answer.hold("look"));
        store.intents().happened(List.of(intent.id()), Event.RETRY, Intent.Note.reason(Intent.RELEASED));
        on("/api/agent/contacts").tooMany(Duration.ofSeconds(1)).arm();
        assertThatThrownBy(() -> write(r, () -> Writes.Answer.hold("look"))).isInstanceOf(CrmException.class);
        assertThat(write(r, () -> Writes.Answer.hold("look")).state()).isEqualTo(IntentState.CONFIRMED);
    }

    /** Found by a random history. */
    @Test
    void a_commit_that_comes_late_is_told_also_when_the_next_sending_was_refused() {
        on("/api/agent/contacts").commitLate(Duration.ofMillis(900)).arm();
        sandbox.faults().on("POST", "/api/agent/contacts").status(400).times(2).arm();
        assertThat(write(contact("k1", "Ada")).state()).isEqualTo(IntentState.REFUSED);
        await().until(() -> sandbox.faults().waiting() == 0);
        sandbox.faults().clear();

        Intent intent = write(contact("k1", "Ada"));
        assertThat(contacts("Ada")).isEqualTo(2);

        await().until(() -> {
            writes.lookBack();
            return store.intents().get(intent.id()).orElseThrow().state() == IntentState.UNKNOWN;
        });
    }

    @Test
    void a_look_back_that_fails_is_made_again() {
        on("/api/agent/contacts").commitLate(Duration.ofMillis(600)).arm();
        Intent intent = write(contact("k1", "Ada"));
        await().until(() -> sandbox.faults().waiting() == 0);
        assertThat(contacts("Ada")).isEqualTo(2);
        sandbox.faults().on("GET", "/api/zapier/contacts").times(1).status(503).arm();
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            try {
                writes.lookBack();
            } catch (CrmException e) {
            }
            return store.intents().get(intent.id()).orElseThrow().state() == IntentState.UNKNOWN;
        });
    }

    @Test
    void one_with_fewer_fields_does_not_take_the_record_of_another() throws Exception {
        crm.close();
        connect(sandbox.baseUrl(), Duration.ofSeconds(2));
        ObjectNode bare = JSON.createObjectNode().put("firstName", "Ada").put("lastName", "Example");
        on("/api/agent/contacts").resetBeforeCommit().arm();
        java.util.concurrent.CountDownLatch bIn = new java.util.concurrent.CountDownLatch(1);
        java.util.concurrent.CountDownLatch aIn = new java.util.concurrent.CountDownLatch(1);
        Writes.Request rb = request("b", "contacts", Map.of(), bare);
        Writes.Request ra = contact("a", "Ada");
        // Both are past the gate before either is sent, as two lanes are.
        Future<Intent> b = threads.submit(() -> write(rb, () -> {
            bIn.countDown();
            try {
                aIn.await();
            } catch (InterruptedException e) {
            }
            return Writes.Answer.SEND;
        }));
        bIn.await();
        Future<Intent> a = threads.submit(() -> write(ra, () -> {
            aIn.countDown();
            try {
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> sandbox.workspace().requests("POST", "/api/agent/contacts") == 1);
            } catch (RuntimeException e) {
            }
            sandbox.faults().clear();
            on("/api/agent/contacts").resetAfterCommit().arm();
            return Writes.Answer.SEND;
        }));
        b.get();
        a.get();
        assertThat(sandbox.workspace().all("contacts"))
                .filteredOn(c -> "ada@example.com".equals(c.get("email")))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(a.get().recordId().isPresent()
                        && a.get().recordId().equals(b.get().recordId()))
                .as("one record for both")
                .isFalse();
    }

    @Test
    void an_answer_that_points_elsewhere_after_the_commit_is_looked_up() {
        on("/api/agent/contacts")
                .afterCommit()
                .status(303)
                .header("Location", "/api/agent/contacts/1")
                .arm();
        try {
            write(contact("k1", "Ada"));
        } catch (CrmException e) {
        }
        write(contact("k1", "Ada"));
        assertThat(contacts("Ada")).isEqualTo(1);
    }

    @Test
    void a_crm_without_a_date_whose_clock_is_behind_is_looked_up_by_its_fields_alone() {
        sandbox.faults().on("GET", "/api/zapier/contacts").noDate().arm();
        crm.close();
        store.close();
        store = Store.open(folder, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10)));
        Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(10));
        crm = new ImpactiveAi(
                new Connection("default", ImpactiveAi.TYPE, sandbox.baseUrl(), new Secret(Sandbox.DEFAULT_KEY)),
                CrmHttp.Limits.DEFAULT,
                ahead);
        writes = new Writes(new Calls(crm, GOOD), store.intents(), source, SETTLE, ahead);
        on("/api/agent/contacts").resetAfterCommit().arm();
        write(contact("k1", "Ada"));
        assertThat(contacts("Ada")).isEqualTo(1);
    }
}
