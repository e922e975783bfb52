package io.crmbridge.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.IntentState.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What could go wrong with writes that a person has let through. */
@Timeout(60)
class ReleasedWritesTest extends WritesOverHttp {
    private Intent waiting(Writes.Request request) {
        Intent intent = write(request, () -> Writes.Answer.hesitate("enough", JSON.createObjectNode()));
        assertThat(intent.state()).isEqualTo(IntentState.WAITING);
        return intent;
    }

    private void release(List<Intent> intents) {
        store.intents()
                .happened(intents.stream().map(Intent::id).toList(), Event.RETRY, Intent.Note.reason(Intent.RELEASED));
    }

    @Test
    void one_that_the_crm_refuses_does_not_hold_up_the_others_that_were_released_with_it() {
        List<Intent> waiting = new ArrayList<>();
        waiting.add(waiting(contact("k1", "Ada")));
        waiting.add(waiting(
                request("k2", "contacts", Map.of(), JSON.createObjectNode().put("firstName", "Bad"))));
        waiting.add(waiting(contact("k3", "Cid")));
        release(waiting);

        for (int i = 0; i < 5; i++) {
            writes.settleDue();
        }

        assertThat(store.intents().get(waiting.stream().map(Intent::id).toList()))
                .extracting(Intent::state)
                .containsExactly(IntentState.CONFIRMED, IntentState.UNKNOWN, IntentState.CONFIRMED);
        assertThat(contacts("Ada") + contacts("Cid")).isEqualTo(2);
    }

    @Test
    void one_whose_content_is_forgotten_does_not_hold_up_the_others_that_were_released() {
        Intent forgotten = waiting(contact("k1", "Ada"));
        store.intents().happened(List.of(forgotten.id()), Event.DROP, Intent.Note.reason("given up"));
        store.intents().forget(Instant.now().plusSeconds(1));
        Intent other = waiting(contact("k2", "Bob"));
        release(List.of(forgotten, other));

        try {
            writes.settleDue();
        } catch (IllegalStateException e) {
            // Seen below.
        }

        assertThat(store.intents().get(other.id()).orElseThrow().state()).isEqualTo(IntentState.CONFIRMED);
    }
}
