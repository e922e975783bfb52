package io.crmbridge.bundle.deploy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.Finding;
import io.crmbridge.bundle.Swap;
import io.crmbridge.state.Deployment;
import java.util.List;

/**
 * What became of a deploy or a rollback. Immutable.
 *
 * @param deployment what is deployed now; null where it was refused
 * @param swap what the running bridge did; null where none runs, and then it runs at the next start
 * @param warnings what a person should know of a bundle that is deployed
 * @param places places in the log that no route of it goes on in
 * @param findings why it was refused, by file and line
 * @param error why it was refused, where that is no matter of the bundle; null where it is, or was not refused
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeployAnswer(
        Outcome outcome,
        Deployment deployment,
        Swap swap,
        List<String> warnings,
        List<OrphanedPlace> places,
        List<Finding> findings,
        String error) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    public enum Outcome {
        @JsonProperty("deployed")
        DEPLOYED,
        /** It is deployed already, and nothing was recorded. */
        @JsonProperty("unchanged")
        UNCHANGED,
        /** What was deployed before is deployed still, and runs on where it ran. */
        @JsonProperty("refused")
        REFUSED
    }

    static DeployAnswer unchanged(Deployment current) {
        return new DeployAnswer(Outcome.UNCHANGED, current, null, List.of(), List.of(), List.of(), null);
    }

    public static DeployAnswer refused(List<Finding> findings) {
        return new DeployAnswer(Outcome.REFUSED, null, null, List.of(), List.of(), findings, null);
    }

    public static DeployAnswer refused(String why) {
        return new DeployAnswer(Outcome.REFUSED, null, null, List.of(), List.of(), List.of(), why);
    }

    public String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer of texts and numbers can be written", e);
        }
    }

    /** @throws IllegalArgumentException when the text is none */
    public static DeployAnswer of(String json) {
        try {
            return JSON.readValue(json, DeployAnswer.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no answer to a deploy", e);
        }
    }
}
