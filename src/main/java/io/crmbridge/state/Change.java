package io.crmbridge.state;

import java.time.Instant;
import java.util.List;

/**
 * One entry of the change log.
 *
 * @param seq its number; numbers never return and become visible in order
 * @param previous number of the record's version before this one, 0 if there is none
 * @param body JSON in UTF-8; not copied, so do not change it
 */
public record Change(
        long seq,
        long feedId,
        String recordId,
        String version,
        byte[] hash,
        ChangeKind kind,
        boolean firstSeen,
        boolean baseline,
        List<String> changedFields,
        long previous,
        Instant observedAt,
        byte[] body) {}
