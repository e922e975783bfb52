package io.crmbridge.console;

import io.crmbridge.state.Store;
import java.util.List;

/** A dead letter as commands and the API show it, without its body. */
public record DeadLetterView(
        long id, String route, String feed, String recordId, int attempts, String reason, String diedAt, String state) {

    public static List<DeadLetterView> of(Store store, boolean all) {
        return store.deadLetters().list(all).stream()
                .map(letter -> new DeadLetterView(
                        letter.id(),
                        letter.route(),
                        letter.feed(),
                        letter.recordId(),
                        letter.attempts(),
                        letter.reason(),
                        letter.diedAt().toString(),
                        letter.state().name()))
                .toList();
    }
}
