package io.crmbridge.sandbox;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** "Each step needs a subject, body, and a delayDays"; its position is its place in its sequence. */
record Step(String id, String subject, String body, int delayDays) {

    /** "delayDays is the wait before this step is sent relative to the previous send." */
    Duration delay() {
        return Duration.ofDays(delayDays);
    }

    Map<String, Object> row(Ids ids, int position) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", ids.shown(id));
        row.put("position", position);
        row.put("subject", subject);
        row.put("body", body);
        row.put("delayDays", delayDays);
        return row;
    }
}
