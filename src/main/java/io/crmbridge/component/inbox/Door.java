package io.crmbridge.component.inbox;

import io.crmbridge.crm.Secret;
import io.crmbridge.web.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;

/** Who may post to an inbox. */
interface Door {
    /**
     * Lets in who shows that it knows the secret.
     *
     * @return the sender's own key of what it sends, if it has one
     * @throws Refusal who does not
     */
    Optional<String> enter(Request request, byte[] body) throws Refusal;

    /** Refuses before the body is read, where that can be told. */
    default void knock(Request request) throws Refusal {}

    static Door of(InboxSettings settings, Clock clock) {
        Optional<Secret> secret = settings.secret();
        return switch (settings.signing()) {
            case BEARER -> secret.<Door>map(BearerToken::new).orElseGet(() -> new OfThisMachine(settings.origins()));
            case STANDARD_WEBHOOKS -> new SignedWebhook(secret.orElseThrow(), clock);
            case GITHUB -> new SignedByGitHub(secret.orElseThrow());
            case HIGHLEVEL -> SignedByHighLevel.with(settings, clock);
            case CUSTOM -> {
                String header = settings.signatureHeader().orElseThrow();
                yield settings.publicKey()
                        .<Door>map(key -> SignedByKey.in(header, key))
                        .orElseGet(() -> new SignedByHeader(header, secret.orElseThrow()));
            }
        };
    }

    /** In a time that does not tell how much of them is equal. */
    static boolean equal(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    static Optional<String> ownKey(Request request) {
        return request.header("Idempotency-Key");
    }
}
