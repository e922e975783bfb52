package io.crmbridge.component.inbox;

import io.crmbridge.web.Request;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A signature over the body, in base64 in a header, that a public key proves.
 *
 * @param algorithm as {@link Signature} names it
 */
public record SignedByKey(String header, String algorithm, PublicKey key) implements Door {
    private static final List<String> KINDS = List.of("Ed25519", "RSA");

    /**
     * @param text PEM, or what stands between its first and last line
     * @throws IllegalArgumentException when it is no key of a kind that is known here
     */
    public static PublicKey key(String text) {
        byte[] encoded = Base64.getDecoder()
                .decode(text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\\\n|\\s", ""));
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException e) {
                // It may be of the next kind.
            }
        }
        throw new IllegalArgumentException("no key of the kinds " + KINDS);
    }

    /** The kind of the key tells the algorithm. */
    static SignedByKey in(String header, PublicKey key) {
        return new SignedByKey(header, key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "Ed25519", key);
    }

    @Override
    public Optional<String> enter(Request request, byte[] body) throws Refusal {
        check(request, body);
        return Door.ownKey(request);
    }

    /** @throws Refusal when the signature is missing or wrong */
    void check(Request request, byte[] body) throws Refusal {
        if (!isRight(request.header(header).orElse("").strip(), body)) {
            throw new Refusal(401, "the signature in %s is missing or wrong".formatted(header));
        }
    }

    private boolean isRight(String given, byte[] body) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(body);
            return signature.verify(Base64.getDecoder().decode(given));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // What is no signature at all is none that is right.
            return false;
        }
    }
}
