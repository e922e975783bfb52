package io.crmbridge.sandbox;

import java.util.Locale;

/** The order of {@code GET /api/agent/contacts}, which the document leaves open. */
public enum ContactOrder {
    /** In the order in which they were created. */
    OLDEST,
    /** By createdAt, the newest first; of equal ones the later written first. */
    NEWEST;

    static ContactOrder of(String word) {
        for (ContactOrder order : values()) {
            if (order.word().equals(word)) {
                return order;
            }
        }
        throw new IllegalArgumentException("contactOrder must be oldest or newest, and is '%s'.".formatted(word));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
