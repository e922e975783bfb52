package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.feed.Outcome;
import java.util.Optional;

/**
 * What a target answers in the place of the real one.
 *
 * @param body empty: whatever such a target would answer
 * @param status of an HTTP answer; 0 for the usual one
 * @param failure how it fails, where no status says that
 */
public record Answer(Optional<JsonNode> body, int status, Optional<Outcome> failure) {
    public static final Answer USUAL = new Answer(Optional.empty(), 0, Optional.empty());

    boolean isFailure() {
        return failure.isPresent() || status >= 300;
    }
}
