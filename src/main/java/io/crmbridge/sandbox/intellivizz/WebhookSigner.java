package io.crmbridge.sandbox.intellivizz;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the bytes of a webhook's body; the signature goes, in Base64, into one header. The public API's webhooks are signed by RSA in
 * {@code x-wh-signature} or by Ed25519 in {@code x-ghl-signature}; what Intellivizz does is not documented. Thread-safe.
 */
public final class WebhookSigner {
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final String header;
    private final Sign sign;
    private final String publicKeyPem;

    private interface Sign {
        byte[] of(byte[] body) throws GeneralSecurityException;
    }

    private WebhookSigner(String header, Sign sign, String publicKeyPem) {
        this.header = Objects.requireNonNull(header, "header");
        this.sign = sign;
        this.publicKeyPem = publicKeyPem;
    }

    /** HMAC-SHA256 with the secret's UTF-8 bytes, in {@code x-wh-signature}. */
    public static WebhookSigner hmac(String secret) {
        SecretKeySpec key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        return new WebhookSigner(
                "x-wh-signature",
                body -> {
                    Mac mac = Mac.getInstance("HmacSHA256");
                    mac.init(key);
                    return mac.doFinal(body);
                },
                null);
    }

    /** RSA (2048 bits) with SHA-256 by a new key pair, in {@code x-wh-signature}. */
    public static WebhookSigner rsa() {
        return keyPair("x-wh-signature", "RSA", 2048, "SHA256withRSA");
    }

    /** Ed25519 by a new key pair, in {@code x-ghl-signature}. */
    public static WebhookSigner ed25519() {
        return keyPair("x-ghl-signature", "Ed25519", 255, "Ed25519");
    }

    /** The same in another header. */
    public WebhookSigner withHeader(String name) {
        return new WebhookSigner(name, sign, publicKeyPem);
    }

    public String header() {
        return header;
    }

    /** X.509 SubjectPublicKeyInfo; throws IllegalStateException for an HMAC, which has none. */
    public String publicKeyPem() {
        if (publicKeyPem == null) {
            throw new IllegalStateException("An HMAC has a secret and no public key.");
        }
        return publicKeyPem;
    }

    String sign(byte[] body) {
        try {
            return Base64.getEncoder().encodeToString(sign.of(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The webhook could not be signed.", e);
        }
    }

    private static WebhookSigner keyPair(String header, String kind, int size, String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(size);
            KeyPair pair = generator.generateKeyPair();
            return new WebhookSigner(
                    header,
                    body -> {
                        Signature signature = Signature.getInstance(algorithm);
                        signature.initSign(pair.getPrivate());
                        signature.update(body);
                        return signature.sign();
                    },
                    "-----BEGIN PUBLIC KEY-----\n"
                            + PEM.encodeToString(pair.getPublic().getEncoded())
                            + "\n-----END PUBLIC KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no %s.".formatted(algorithm), e);
        }
    }
}
