package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The place of a row in a sorted list, behind which the next page begins. */
record Position(long millis, String id) {
    /** An opaque text. */
    String cursor() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((millis + ":" + id).getBytes(StandardCharsets.UTF_8));
    }

    /** Of what {@link #cursor} gave; 400 for another text, null for none. */
    static Position of(String cursor) {
        if (cursor == null) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split(":", 2);
            return new Position(Long.parseLong(parts[0]), parts[1]);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new Problem(400, "cursor '%s' is none that an answer gave.".formatted(cursor));
        }
    }
}
