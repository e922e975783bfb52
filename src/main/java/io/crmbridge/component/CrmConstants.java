package io.crmbridge.component;

import java.util.Set;

/**
 * Headers and properties of a change's exchange. Headers begin with {@code CamelCrm}, because Camel's filters keep those
 * from leaving with the next HTTP call.
 */
public final class CrmConstants {
    /** Name of the connection. */
    public static final String CONNECTION = "CamelCrmConnection";
    /** Name of the feed, for example deals. */
    public static final String FEED = "CamelCrmFeed";
    /** Id of the sequence, on a feed that each sequence has. */
    public static final String SEQUENCE = "CamelCrmSequence";
    /** Id of the location, on a feed of an agency's connection. */
    public static final String LOCATION = "CamelCrmLocation";
    /** The record's id, as text. */
    public static final String RECORD_ID = "CamelCrmRecordId";
    /** The record's version as the CRM writes it, for example its updatedAt. */
    public static final String VERSION = "CamelCrmVersion";
    /** created, updated or gone. */
    public static final String CHANGE = "CamelCrmChange";
    /** List of the names of the top-level fields that differ from the version before; of a record that was created, all of them. */
    public static final String CHANGED_FIELDS = "CamelCrmChangedFields";
    /** true where no version of the record had been seen before. */
    public static final String FIRST_SEEN = "CamelCrmFirstSeen";
    /** Base key of the effects of this change, the same at each repetition. */
    public static final String IDEMPOTENCY_KEY = "CamelCrmIdempotencyKey";
    /** Subject of the mail that a template made; taken by the next smtp: step. */
    public static final String SUBJECT = "CamelCrmSubject";
    /** Numbers in the log of the first and the last change of a batch, and how many they are. */
    public static final String BATCH_FIRST = "CamelCrmBatchFirst";

    public static final String BATCH_LAST = "CamelCrmBatchLast";
    public static final String BATCH_COUNT = "CamelCrmBatchCount";

    /** When the fire of a scheduled route was due (ISO 8601), the same when it is made up for or tried again. */
    public static final String DUE = "CamelCrmDue";
    /** Of a snapshot: true where its feed is proven to be whole and fresh. */
    public static final String COMPLETE = "CamelCrmComplete";
    /** Of a snapshot that is not complete: why, as a sentence. */
    public static final String INCOMPLETE = "CamelCrmIncomplete";
    /** Number of records in a snapshot's body. */
    public static final String COUNT = "CamelCrmCount";

    /** All of those headers. */
    public static final Set<String> HEADERS = Set.of(
            CONNECTION,
            FEED,
            SEQUENCE,
            LOCATION,
            RECORD_ID,
            VERSION,
            CHANGE,
            CHANGED_FIELDS,
            FIRST_SEEN,
            IDEMPOTENCY_KEY,
            SUBJECT,
            BATCH_FIRST,
            BATCH_LAST,
            BATCH_COUNT,
            DUE,
            COMPLETE,
            INCOMPLETE,
            COUNT);

    /** Property: the body of the version before, a Map; empty where there is none. */
    public static final String PREVIOUS = "crmPrevious";
    /** Property: text of a hook's answer. */
    public static final String HOOK_RESPONSE = "crmHookResponse";

    /** Property: rules of a lead's file have said where each lead goes. */
    public static final String BY_LEAD_RULES = "crmByLeadRules";

    private CrmConstants() {}
}
