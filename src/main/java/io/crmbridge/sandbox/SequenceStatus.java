package io.crmbridge.sandbox;

import java.util.Locale;

/** "draft / active / paused / archived"; only an active sequence sends. */
enum SequenceStatus {
    DRAFT,
    ACTIVE,
    PAUSED,
    ARCHIVED;

    static SequenceStatus of(String word) {
        for (SequenceStatus status : values()) {
            if (status.word().equals(word)) {
                return status;
            }
        }
        throw new Problem(400, "status must be draft, active, paused or archived, and is '%s'.".formatted(word));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
