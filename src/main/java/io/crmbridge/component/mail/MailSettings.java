package io.crmbridge.component.mail;

import io.crmbridge.crm.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code bridge.mail.<name>.*}: a mail server that routes call {@code smtp:<name>}. What a route's own options say wins.
 *
 * @param to recipients unless the route names some; an empty text where the key is there without a value
 * @param startTls empty: required where there is a user name, because a password must not go in the clear, else offered
 */
public record MailSettings(
        Optional<String> host,
        Optional<Integer> port,
        Optional<String> username,
        Optional<Secret> password,
        Optional<String> from,
        Optional<String> to,
        Optional<StartTls> startTls,
        Duration timeout) {

    public static final Duration USUAL_TIMEOUT = Duration.ofSeconds(60);

    /** Of a server that a route names by its host. */
    static final MailSettings NONE = new MailSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            USUAL_TIMEOUT);

    /** Whether the connection to {@code smtp:} is to be encrypted. */
    public enum StartTls {
        /** A server that cannot is refused. */
        REQUIRED,
        /** Where the server can. */
        OFFERED,
        NEVER
    }
}
