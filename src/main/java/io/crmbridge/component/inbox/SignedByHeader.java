package io.crmbridge.component.inbox;

import io.crmbridge.crm.Secret;
import io.crmbridge.web.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A webhook whose sender signs its body by an HMAC in a header; what the header and the encoding are, is the sender's choice. */
record SignedByHeader(String header, Secret secret) implements Door {
    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

    @Override
    public Optional<String> enter(Request request, byte[] body) throws Refusal {
        String given = request.header(header).orElse("").strip().replaceFirst("^sha256=", "");
        if (!MessageDigest.isEqual(hmac(secret, body), decoded(given))) {
            throw new Refusal(401, "the signature in %s is missing or wrong".formatted(header));
        }
        return Door.ownKey(request);
    }

    /** In hexadecimal digits or base64; nothing where it is neither. */
    private static byte[] decoded(String given) {
        try {
            return HEX.matcher(given).matches()
                    ? HexFormat.of().parseHex(given)
                    : Base64.getDecoder().decode(given);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    static byte[] hmac(Secret secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
