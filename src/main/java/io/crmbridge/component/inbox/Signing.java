package io.crmbridge.component.inbox;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a request to an inbox shows that its sender knows the secret, or who it is. */
public enum Signing {
    /** {@code Authorization: Bearer} and the secret. */
    BEARER,
    /** Standard Webhooks 1.0: an HMAC over id, time and body. */
    STANDARD_WEBHOOKS,
    /** {@code X-Hub-Signature-256}: an HMAC over the body. */
    GITHUB,
    /** A signature over the body that HighLevel's public key proves; there is no secret. */
    HIGHLEVEL,
    /** A signature over the body in a header that the bundle names, by an algorithm that it names. */
    CUSTOM;

    /** As a bundle writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Signing::word).toList();
    }

    public static Optional<Signing> ofWord(String word) {
        return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
    }
}
