package io.crmbridge.component.inbox;

import io.crmbridge.component.hook.Signature;
import io.crmbridge.crm.Secret;
import io.crmbridge.web.Request;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A webhook as of Standard Webhooks 1.0; its id is its key. */
final class SignedWebhook implements Door {
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private final Signature signature;
    private final Clock clock;

    SignedWebhook(Secret secret, Clock clock) {
        this.signature = new Signature(secret);
        this.clock = clock;
    }

    @Override
    public Optional<String> enter(Request request, byte[] body) throws Refusal {
        String id = header(request, "webhook-id");
        long at = seconds(header(request, "webhook-timestamp"));
        String expected = signature.sign(id, at, body);
        boolean signed = false;
        for (String given : header(request, "webhook-signature").split(" ")) {
            signed |= Door.equal(expected, given);
        }
        if (!signed) {
            throw new Refusal(401, "none of the signatures in webhook-signature is right");
        }
        if (Duration.between(Instant.ofEpochSecond(at), clock.instant()).abs().compareTo(TOLERANCE) > 0) {
            throw new Refusal(401, "webhook-timestamp is more than 5 minutes off");
        }
        return Optional.of(id);
    }

    private static String header(Request request, String name) throws Refusal {
        return request.header(name)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new Refusal(401, "the header %s is missing".formatted(name)));
    }

    private static long seconds(String text) throws Refusal {
        // More digits than this are no time that Java knows.
        if (!text.matches("\\d{1,11}")) {
            throw new Refusal(401, "webhook-timestamp is no time in seconds");
        }
        return Long.parseLong(text);
    }
}
