package io.crmbridge.component.inbox;

import io.crmbridge.crm.Secret;
import io.crmbridge.web.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A webhook of GitHub; its delivery is its key. */
record SignedByGitHub(Secret secret) implements Door {

    @Override
    public Optional<String> enter(Request request, byte[] body) throws Refusal {
        String given = request.header("X-Hub-Signature-256").orElse("");
        if (!Door.equal("sha256=" + HexFormat.of().formatHex(hmac(body)), given)) {
            throw new Refusal(401, "the signature in X-Hub-Signature-256 is missing or wrong");
        }
        return request.header("X-GitHub-Delivery");
    }

    private byte[] hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
