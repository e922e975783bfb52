package io.crmbridge.sandbox;

import java.util.Locale;

/** What ids look like; the document shows none, so a client must take any of them. */
public enum IdStyle {
    /** A c and 24 letters or digits, as text. */
    CUID,
    /** Version 4, as text. */
    UUID,
    /** 1, 2, 3, ... as a JSON number; a resource's and a sequence's ids may be equal. */
    INTEGER;

    static IdStyle of(String word) {
        for (IdStyle style : values()) {
            if (style.word().equals(word)) {
                return style;
            }
        }
        throw new IllegalArgumentException("ids must be cuid, uuid or integer, and is '%s'.".formatted(word));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
