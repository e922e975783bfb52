package io.crmbridge.sandbox.intellivizz;

import java.time.Instant;
import java.util.Map;

/**
 * One record as it is served.
 *
 * @param stamp its last change: its place in a list sorted by that; in whole milliseconds, as a position says it
 * @param added its creation, likewise
 */
record Row(String id, Instant stamp, Instant added, Map<String, Object> fields) {
    String text(String field) {
        return fields.get(field) instanceof String text ? text : null;
    }
}
