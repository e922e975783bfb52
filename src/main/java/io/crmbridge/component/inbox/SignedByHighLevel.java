package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.web.Request;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A webhook of HighLevel; its webhookId is its key. One that is older than keys are remembered could be a repeat that nobody
 * knows any more, and is refused.
 */
record SignedByHighLevel(SignedByKey signature, Duration remembered, Clock clock) implements Door {
    /** Of X-GHL-Signature, as HighLevel's Webhook Integration Guide has it. */
    private static final String PUBLISHED = "MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The kind of the key tells which of its two signatures counts. */
    static SignedByHighLevel with(InboxSettings settings, Clock clock) {
        PublicKey key = settings.publicKey().orElseGet(() -> SignedByKey.key(PUBLISHED));
        SignedByKey signature =
                SignedByKey.in(key.getAlgorithm().equals("RSA") ? "X-WH-Signature" : "X-GHL-Signature", key);
        return new SignedByHighLevel(signature, settings.dedupe(), clock);
    }

    @Override
    public Optional<String> enter(Request request, byte[] body) throws Refusal {
        signature.check(request, body);
        JsonNode webhook;
        try {
            webhook = JSON.readTree(body);
        } catch (IOException e) {
            // What reads the entries says what is wrong with it.
            return Optional.empty();
        }
        if (sentAt(webhook)
                .filter(at -> at.plus(remembered).isBefore(clock.instant()))
                .isPresent()) {
            throw new Refusal(401, "its timestamp is longer ago than keys are remembered (dedupe)");
        }
        return Optional.of(webhook.path("webhookId").asText());
    }

    private static Optional<Instant> sentAt(JsonNode webhook) {
        try {
            return Optional.of(
                    OffsetDateTime.parse(webhook.path("timestamp").asText()).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
