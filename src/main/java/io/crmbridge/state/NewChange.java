package io.crmbridge.state;

import java.util.List;

/**
 * A version of a record that a poll found and the log does not have yet.
 *
 * @param version the record's version as the CRM writes it, or the observation's number where the feed has none
 * @param hash of the content, 32 bytes
 * @param rawHash of the row as it came, 32 bytes; equal means unchanged without a closer look
 * @param firstSeen no version of this record was known before
 * @param baseline came with the feed's first page: subscriptions that start from now do not get it
 * @param changedFields names of the top-level fields that differ from the previous version; empty if there is none
 * @param previous number of the previous version in the log, 0 if there is none
 * @param body JSON in UTF-8
 */
public record NewChange(
        String recordId,
        String version,
        byte[] hash,
        byte[] rawHash,
        ChangeKind kind,
        boolean firstSeen,
        boolean baseline,
        List<String> changedFields,
        long previous,
        byte[] body) {}
