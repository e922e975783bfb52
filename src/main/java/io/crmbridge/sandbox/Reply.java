package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An inbound mail of a contact.
 *
 * @param number of the writing, which orders equal dates
 */
record Reply(String id, String contactId, String subject, String fromAddress, String body, Instant at, long number) {
    static final Comparator<Reply> NEWEST_FIRST =
            Comparator.comparing(Reply::at).thenComparingLong(Reply::number).reversed();

    Map<String, Object> row(Ids ids) {
        return row(ids, Map.of());
    }

    /** As the replies of a sequence show it. */
    Map<String, Object> row(Ids ids, String enrollmentId) {
        return row(ids, Map.of("enrollmentId", ids.shown(enrollmentId)));
    }

    private Map<String, Object> row(Ids ids, Map<String, Object> link) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", ids.shown(id));
        row.put("contactId", ids.shown(contactId));
        row.putAll(link);
        row.put("subject", subject);
        row.put("fromAddress", fromAddress);
        row.put("body", body);
        row.put("emailDate", Stamps.iso(at));
        return row;
    }
}
