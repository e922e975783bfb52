package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.state.IntentState.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Intents over every backend. */
abstract class IntentsContractTest extends StoreContract {

    private Intent.Plan plan(String key, String naturalKey) {
        return new Intent.Plan(
                source.id(), key, "contacts", "create", "leads", naturalKey, "{}".getBytes(StandardCharsets.UTF_8));
    }

    private Intent plan(String key) {
        return store.intents().plan(List.of(plan(key, "n-" + key))).get(0);
    }

    private Intent happened(Intent intent, Event event, Intent.Note note) {
        return store.intents().happened(List.of(intent.id()), event, note).get(0);
    }

    private static Intent.Note made(String id) {
        return new Intent.Note(
                Optional.empty(),
                Optional.of(id),
                Optional.of("{\"id\":1}".getBytes(StandardCharsets.UTF_8)),
                Optional.empty());
    }

    @Test
    void one_key_is_one_intent_however_often_it_is_planned() {
        Intent first = plan("k1");
        happened(first, Event.SEND, Intent.Note.NONE);
        reopen();

        List<Intent> again = store.intents().plan(List.of(plan("k0", "n"), plan("k1", "n"), plan("k2", "n")));

        assertThat(again)
                .extracting(Intent::state)
                .containsExactly(IntentState.PLANNED, IntentState.SENT, IntentState.PLANNED);
        assertThat(again.get(1).id()).isEqualTo(first.id());
        assertThat(again.get(1).connection()).isEqualTo("default");
    }

    @Test
    void another_source_has_keys_of_its_own() {
        Source other = store.sources().source("other", "impactiveai");
        Intent.Plan there = new Intent.Plan(other.id(), "k1", "contacts", "create", "leads", "n", new byte[] {'1'});

        assertThat(store.intents().plan(List.of(there)).get(0).id())
                .isNotEqualTo(plan("k1").id());
    }

    @Test
    void what_happens_is_on_record_with_its_times() {
        Intent intent = plan("k1");
        clock.forward(Duration.ofSeconds(5));
        Instant sent = clock.instant();
        happened(
                intent,
                Event.SEND,
                new Intent.Note(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(List.of("a", "b"))));
        assertThat(store.intents().open(source.id())).extracting(Intent::id).containsExactly(intent.id());
        clock.forward(Duration.ofSeconds(5));
        happened(intent, Event.FOUND, made("c1"));
        reopen();

        Intent found = store.intents().get(intent.id()).orElseThrow();
        assertThat(found.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(found.sentAt()).contains(sent);
        assertThat(found.since()).isEqualTo(clock.instant());
        assertThat(found.sends()).isEqualTo(1);
        assertThat(found.known()).containsExactly("a", "b");
        assertThat(found.recordId()).contains("c1");
        assertThat(found.answer())
                .hasValueSatisfying(answer -> assertThat(answer).asString().isEqualTo("{\"id\":1}"));
        assertThat(store.intents().open(source.id())).isEmpty();
        assertThat(store.intents().made(source.id(), "contacts", List.of("c1", "c2")))
                .containsExactly("c1");
        assertThat(store.intents().made(source.id(), "deals", List.of("c1"))).isEmpty();
        assertThat(store.intents().meaning(source.id(), "contacts", List.of("n-k1", "n-k2")))
                .containsOnlyKeys("n-k1");
    }

    @Test
    void what_cannot_happen_changes_nothing() {
        Intent intent = plan("k1");
        happened(intent, Event.SEND, Intent.Note.NONE);
        happened(intent, Event.ANSWERED, made("c1"));

        Intent after = happened(intent, Event.UNCLEAR, Intent.Note.reason("nonsense"));

        assertThat(after.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(after.reason()).isEmpty();
        assertThat(store.intents().happened(List.of(4711L), Event.SEND, Intent.Note.NONE))
                .isEmpty();
    }

    @Test
    void a_sending_that_did_not_arrive_is_not_counted_and_a_persons_wish_begins_anew() {
        Intent intent = plan("k1");
        happened(intent, Event.SEND, Intent.Note.NONE);
        assertThat(happened(intent, Event.NOT_TAKEN, Intent.Note.reason("refused"))
                        .sends())
                .isZero();
        happened(intent, Event.SEND, Intent.Note.NONE);
        happened(intent, Event.UNCLEAR, Intent.Note.reason("two of them"));

        assertThat(happened(intent, Event.RETRY, Intent.Note.reason(Intent.RELEASED)))
                .satisfies(again -> {
                    assertThat(again.state()).isEqualTo(IntentState.PLANNED);
                    assertThat(again.sends()).isZero();
                    assertThat(again.reason()).contains(Intent.RELEASED);
                });
    }

    @Test
    void they_are_listed_by_state_newest_first() {
        Intent first = plan("k1");
        Intent second = plan("k2");
        happened(plan("k3"), Event.DROP, Intent.Note.NONE);

        assertThat(store.intents().list(EnumSet.of(IntentState.PLANNED), 10))
                .extracting(Intent::id)
                .containsExactly(second.id(), first.id());
        assertThat(store.intents().list(EnumSet.allOf(IntentState.class), 2)).hasSize(2);
    }

    @Test
    void what_is_settled_for_long_is_forgotten_but_never_done_again() {
        Intent intent = plan("k1");
        happened(intent, Event.SEND, Intent.Note.NONE);
        happened(intent, Event.ANSWERED, made("c1"));
        Intent open = plan("k2");
        clock.forward(Duration.ofDays(31));

        assertThat(store.intents().forget(clock.instant().minus(Duration.ofDays(30))))
                .isEqualTo(1);

        Intent again = plan("k1");
        assertThat(again.state()).isEqualTo(IntentState.CONFIRMED);
        assertThat(again.recordId()).contains("c1");
        assertThat(again.request()).isEmpty();
        assertThat(again.answer()).isEmpty();
        assertThat(store.intents().get(open.id()).orElseThrow().request()).isNotEmpty();
    }

    /** What a command decides while the bridge runs is seen by the bridge. */
    @Test
    void a_person_decides_beside_the_bridge() {
        Intent intent = plan("k1");
        happened(intent, Event.HELD, Intent.Note.reason("is it one?"));
        try (Store beside = attachStore()) {
            beside.intents().happened(List.of(intent.id()), Event.DROP, Intent.Note.reason("no"));
        }

        assertThat(store.intents().get(intent.id()).orElseThrow().state()).isEqualTo(IntentState.DROPPED);
    }
}
