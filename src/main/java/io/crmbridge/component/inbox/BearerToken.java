package io.crmbridge.component.inbox;

import io.crmbridge.crm.Secret;
import io.crmbridge.web.Request;
import java.util.Map;
import java.util.Optional;

/** {@code Authorization: Bearer} and the secret. */
record BearerToken(Secret secret) implements Door {
    private static final String BEARER = "bearer ";

    @Override
    public void knock(Request request) throws Refusal {
        String given = request.header("Authorization")
                .filter(text -> text.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(text -> text.substring(BEARER.length()).strip())
                .orElse("");
        if (!Door.equal(secret.value(), given)) {
            throw new Refusal(
                    401, "the header Authorization is not Bearer and the secret", Map.of("WWW-Authenticate", "Bearer"));
        }
    }

    @Override
    public Optional<String> enter(Request request, byte[] body) {
        return Door.ownKey(request);
    }
}
