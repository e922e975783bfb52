package io.crmbridge.feed;

import io.crmbridge.state.Change;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Keys by which a receiver sees that it gets something again. No log number goes in: after a restore the same change has
 * the same key.
 */
public final class EffectKeys {
    private static final int BYTES = 18;
    private static final byte SEPARATOR = 0;

    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(EffectKeys::digest);

    private EffectKeys() {}

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The base key of a change for one subscription: workspace, feed, record, version, content, subscription. */
    static String base(String workspaceId, String feed, Change change, String subscription) {
        return hash(
                workspaceId,
                feed,
                change.recordId(),
                change.version(),
                HexFormat.of().formatHex(change.hash()),
                subscription);
    }

    /** The base key of a batch: that of its changes, in order. */
    static String base(List<String> keys) {
        return keys.size() == 1 ? keys.get(0) : hash(keys.toArray(String[]::new));
    }

    /** The key of one effect of a route. @param index of a split or batch, -1 for none */
    public static String effect(String base, String step, int index) {
        return hash(base, step, index < 0 ? "" : Integer.toString(index));
    }

    private static String hash(String... parts) {
        MessageDigest digest = DIGEST.get();
        for (String part : parts) {
            digest.update(part.getBytes(StandardCharsets.UTF_8));
            digest.update(SEPARATOR);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest.digest(), BYTES));
    }
}
