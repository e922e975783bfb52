package io.crmbridge.component.inbox;

import io.crmbridge.crm.Secret;
import io.crmbridge.web.Request;
import java.util.HexFormat;
import java.util.Optional;

/** A webhook of GitHub; its delivery is its key. */
record SignedByGitHub(Secret secret) implements Door {

    @Override
    public Optional<String> enter(Request request, byte[] body) throws Refusal {
        String given = request.header("X-Hub-Signature-256").orElse("");
        if (!Door.equal("sha256=" + HexFormat.of().formatHex(SignedByHeader.hmac(secret, body)), given)) {
            throw new Refusal(401, "the signature in X-Hub-Signature-256 is missing or wrong");
        }
        return request.header("X-GitHub-Delivery");
    }
}
