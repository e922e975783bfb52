package io.crmbridge.component.hook;

import io.crmbridge.crm.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Standard Webhooks 1.0, symmetric: {@code v1,} and base64 of HMAC-SHA256 over {@code id.timestamp.body}. */
public final class Signature {
    private static final String PREFIX = "whsec_";
    /** Cloned for each webhook, which is cheaper than keying one anew. */
    private final Mac keyed;

    /** @throws IllegalArgumentException when the secret begins with whsec_ and does not go on in base64 */
    public Signature(Secret secret) {
        String text = secret.value();
        byte[] bytes;
        try {
            bytes = text.startsWith(PREFIX)
                    ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
                    : text.getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the secret begins with whsec_ but does not go on in base64", e);
        }
        try {
            this.keyed = Mac.getInstance("HmacSHA256");
            keyed.init(new SecretKeySpec(bytes, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the secret is no key", e);
        }
    }

    public String sign(String id, long timestamp, byte[] body) {
        try {
            Mac mac = (Mac) keyed.clone();
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's HmacSHA256 can be cloned", e);
        }
    }
}
