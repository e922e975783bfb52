package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * What a workspace holds besides its records: the sequences, and one lock for them and for all that refers to them.
 * The records have their own lock, which is taken inside this one and never the other way round.
 */
final class Outreach {
    private final Object lock = new Object();
    private final Records records;
    private final Ids ids;
    private final Map<String, Sequence> sequences = new LinkedHashMap<>();
    private long written;

    Outreach(Records records, Ids ids) {
        this.records = records;
        this.ids = ids;
    }

    Object lock() {
        return lock;
    }

    Ids ids() {
        return ids;
    }

    Instant now() {
        return records.now();
    }

    /** Numbers the writings, to order equal dates. */
    long nextNumber() {
        return ++written;
    }

    /** In the order of creation. */
    Collection<Sequence> sequences() {
        return Collections.unmodifiableCollection(sequences.values());
    }

    /** Throws NoSuchElementException for an unknown id: "the resource ID doesn't exist in your workspace". */
    Sequence sequence(String id) {
        Sequence sequence = sequences.get(id);
        if (sequence == null) {
            throw new NoSuchElementException("There is no sequence '%s' in this workspace.".formatted(id));
        }
        return sequence;
    }

    void add(Sequence sequence) {
        sequences.put(sequence.id(), sequence);
    }

    boolean hasContact(String id) {
        return records.get(Resource.CONTACTS, id) != null;
    }

    /** Throws NoSuchElementException for an unknown id. */
    Map<String, Object> contact(String id) {
        return records.stored(Resource.CONTACTS, id);
    }

    /** The id of the contact with this address, or null. */
    String contactWithEmail(String email) {
        for (String id : records.recordIds(Resource.CONTACTS)) {
            if (email.equalsIgnoreCase(String.valueOf(contact(id).get("email")))) {
                return id;
            }
        }
        return null;
    }

    /** 400: "a referenced ID doesn't belong to your workspace". */
    void requireContact(String field, String id) {
        if (!hasContact(id)) {
            throw foreign(field, id);
        }
    }

    static Problem foreign(String field, String id) {
        return new Problem(400, "%s '%s' does not belong to this workspace.".formatted(field, id));
    }

    /** "A denormalised contact summary (id, firstName, lastName, email)." */
    Map<String, Object> summary(String contactId) {
        Map<String, Object> contact = records.get(Resource.CONTACTS, contactId);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("id", ids.shown(contactId));
        for (String field : new String[] {"firstName", "lastName", "email"}) {
            summary.put(field, contact == null ? null : contact.get(field));
        }
        return summary;
    }
}
