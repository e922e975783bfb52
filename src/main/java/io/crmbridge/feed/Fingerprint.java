package io.crmbridge.feed;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.Row;
import io.crmbridge.state.MirrorRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Set;

/** What tells two versions of a record apart: SHA-256 over the row's bytes, and over its canonical JSON (RFC 8785). */
final class Fingerprint {
    private final MessageDigest digest;
    private final Set<String> ignoreFields;

    /** Not thread-safe: one a poll. */
    Fingerprint(Set<String> ignoreFields) {
        this.ignoreFields = ignoreFields;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    byte[] raw(byte[] bytes) {
        return digest.digest(bytes);
    }

    /** Equal content gives an equal hash, whatever the order of the fields and the spelling of numbers. */
    byte[] content(Row row) {
        return content(row.node());
    }

    byte[] content(JsonNode node) {
        try {
            return digest.digest(CanonicalJson.of(node, ignoreFields));
        } catch (IOException notCanonical) {
            // A number beyond a double: such a row is told apart as it is written.
            return digest.digest(node.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A version whose content is not compared: it was seen in another shape. */
    byte[] markOfShape(String version) {
        return mark(version, new byte[0]);
    }

    /** A version of a record in {@link MirrorRow#MARK} bytes. */
    byte[] mark(String version, byte[] content) {
        digest.update(version.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return Arrays.copyOf(digest.digest(content), MirrorRow.MARK);
    }
}
