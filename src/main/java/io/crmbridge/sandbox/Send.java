package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An outbound mail of a sequence.
 *
 * @param number of the writing, which orders equal dates
 */
record Send(
        String id,
        String contactId,
        String stepId,
        String enrollmentId,
        String subject,
        String fromAddress,
        String toAddress,
        String body,
        Instant at,
        long number) {
    static final Comparator<Send> NEWEST_FIRST =
            Comparator.comparing(Send::at).thenComparingLong(Send::number).reversed();

    /** @param enrolled whether its enrolment still is: "sequenceEnrollmentId may then be null" */
    Map<String, Object> row(Ids ids, boolean enrolled) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", ids.shown(id));
        row.put("contactId", ids.shown(contactId));
        row.put("sequenceStepId", ids.shown(stepId));
        row.put("sequenceEnrollmentId", enrolled ? ids.shown(enrollmentId) : null);
        row.put("subject", subject);
        row.put("fromAddress", fromAddress);
        row.put("toAddresses", List.of(toAddress));
        row.put("body", body);
        row.put("emailDate", Stamps.iso(at));
        return row;
    }
}
