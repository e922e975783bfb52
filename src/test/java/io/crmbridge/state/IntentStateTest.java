package io.crmbridge.state;

import static io.crmbridge.state.IntentState.CONFIRMED;
import static io.crmbridge.state.IntentState.DROPPED;
import static io.crmbridge.state.IntentState.PLANNED;
import static io.crmbridge.state.IntentState.REFUSED;
import static io.crmbridge.state.IntentState.SENT;
import static io.crmbridge.state.IntentState.UNKNOWN;
import static io.crmbridge.state.IntentState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.state.IntentState.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every state with every event. */
class IntentStateTest {
    private static final List<String> EXPECTED = List.of(
            PLANNED + " " + Event.SEND + " " + SENT,
            PLANNED + " " + Event.ANSWERED + " " + CONFIRMED,
            PLANNED + " " + Event.HELD + " " + UNKNOWN,
            PLANNED + " " + Event.WAIT + " " + WAITING,
            WAITING + " " + Event.RETRY + " " + PLANNED,
            WAITING + " " + Event.LET_THROUGH + " " + PLANNED,
            WAITING + " " + Event.GIVE_UP + " " + DROPPED,
            PLANNED + " " + Event.REJECTED + " " + REFUSED,
            REFUSED + " " + Event.HELD + " " + UNKNOWN,
            WAITING + " " + Event.DROP + " " + DROPPED,
            PLANNED + " " + Event.RETRY + " " + PLANNED,
            DROPPED + " " + Event.RETRY + " " + PLANNED,
            PLANNED + " " + Event.DROP + " " + DROPPED,
            SENT + " " + Event.ANSWERED + " " + CONFIRMED,
            SENT + " " + Event.REJECTED + " " + REFUSED,
            SENT + " " + Event.NOT_TAKEN + " " + PLANNED,
            SENT + " " + Event.FOUND + " " + CONFIRMED,
            SENT + " " + Event.ABSENT + " " + PLANNED,
            SENT + " " + Event.UNCLEAR + " " + UNKNOWN,
            CONFIRMED + " " + Event.TWICE + " " + UNKNOWN,
            REFUSED + " " + Event.RETRY + " " + PLANNED,
            REFUSED + " " + Event.DROP + " " + DROPPED,
            UNKNOWN + " " + Event.CONFIRM + " " + CONFIRMED,
            UNKNOWN + " " + Event.RETRY + " " + PLANNED,
            UNKNOWN + " " + Event.DROP + " " + DROPPED);

    @Test
    void every_transition_there_is_and_no_other() {
        List<String> all = new ArrayList<>();
        for (IntentState state : IntentState.values()) {
            for (Event event : Event.values()) {
                state.on(event).ifPresent(next -> all.add(state + " " + event + " " + next));
            }
        }

        assertThat(all).containsExactlyInAnyOrderElementsOf(EXPECTED);
    }

    @Test
    void what_was_sent_is_sent_again_only_when_it_is_known_not_to_be_done() {
        assertThat(SENT.on(Event.SEND)).isEmpty();
        assertThat(SENT.on(Event.RETRY))
                .as("a person decides on what was looked up")
                .isEmpty();
        assertThat(UNKNOWN.on(Event.SEND)).isEmpty();
        assertThat(CONFIRMED.on(Event.SEND)).isEmpty();
    }
}
