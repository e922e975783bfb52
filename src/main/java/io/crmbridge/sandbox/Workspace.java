package io.crmbridge.sandbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One CRM workspace, in memory: "API keys are scoped to a single workspace".
 *
 * <p>A resource is one of contacts, companies, deals, invoices, projects; any other word is an
 * {@link IllegalArgumentException}. A row is a map as it stands in the API's JSON. Stamps are ISO 8601 in UTC with
 * milliseconds, from the sandbox's clock. {@code stageName} in the fields of a deal or project is understood as the
 * stage of that name. What the API would refuse
 * is an IllegalArgumentException. Thread-safe; no method but {@link #sendDue} blocks for longer than a copy of what it returns.
 */
public final class Workspace {
    private final String id;
    private final String name;
    private final Ids recordIds;
    private final Ids ids;
    private final Records records;
    private final Outreach outreach;
    private final Stores stores;
    private final Requests requests = new Requests();
    private volatile String apiKey;
    private volatile boolean revoked;
    private volatile ContactOrder contactOrder = ContactOrder.OLDEST;

    Workspace(String id, String name, String apiKey, SandboxOptions options, Outbox outbox) {
        this.id = id;
        this.name = name;
        this.apiKey = apiKey;
        long seed = options.seed() ^ id.hashCode();
        recordIds = new Ids(seed, options.ids());
        records = new Records(id, options.clock(), recordIds);
        // Its own, so that a sequence more does not change the ids of the records.
        ids = new Ids(seed + 1, options.ids());
        outreach = new Outreach(records, ids);
        stores = Stores.of(outreach, outbox);
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    /** The newest key, also when it was revoked. */
    public String apiKey() {
        return apiKey;
    }

    /** The old key is refused from the next request on, the new one is accepted. */
    public void rotateKey(String newKey) {
        apiKey = newKey;
        revoked = false;
    }

    /** "The change takes effect immediately on the next request": 401 until {@link #rotateKey}. */
    public void revokeKey() {
        revoked = true;
    }

    boolean revoked() {
        return revoked;
    }

    /** Creates a record with these fields, known or not, stamps createdAt and updatedAt, and returns its id. */
    public String create(String resource, Map<String, Object> fields) {
        return records.create(Resource.of(resource), fields, records.now());
    }

    /** Merges these fields into a record and stamps updatedAt; throws NoSuchElementException for an unknown id. */
    public void update(String resource, String id, Map<String, Object> fields) {
        records.update(Resource.of(resource), id, fields, records.now());
    }

    /**
     * Stores a row as it is given, to stage bad input: it replaces the row with the same id and is served unchanged,
     * without resolved names, until it is updated. It is listed by its updatedAt or, where that is missing or
     * unreadable, by the time of this call. Throws IllegalArgumentException for values that JSON cannot say.
     */
    public void put(String resource, Map<String, Object> row) {
        records.putRaw(Resource.of(resource), row);
    }

    /**
     * A contact leaves its sequences, tags and lists too, its replies are gone, and its bookings are linked to nobody; what
     * was sent to it stays. Throws NoSuchElementException for an unknown id.
     */
    public void remove(String resource, String id) {
        synchronized (outreach.lock()) {
            records.remove(Resource.of(resource), id);
            if (Resource.of(resource) == Resource.CONTACTS) {
                stores.forget(id);
            }
        }
    }

    /** The record as the Zapier list shows it, resolved names included, or null where there is none. */
    public Map<String, Object> get(String resource, String id) {
        return records.get(Resource.of(resource), id);
    }

    /** Every record as the Zapier list shows it, newest updatedAt first. */
    public List<Map<String, Object>> all(String resource) {
        return records.newest(Resource.of(resource), null, Integer.MAX_VALUE);
    }

    /** Creates a sequence from the fields of the API, steps included, and returns its id. */
    public String createSequence(Map<String, Object> fields) {
        return stores.sequences().create(Body.of(fields));
    }

    /** Changes a sequence as the API does. */
    public void updateSequence(String sequenceId, Map<String, Object> fields) {
        stores.sequences().update(sequenceId, Body.of(fields));
    }

    /** Every sequence as the API lists it. */
    public List<Map<String, Object>> sequences() {
        return stores.sequences().rows();
    }

    /** One sequence with its steps; throws NoSuchElementException for an unknown id, as all methods with a sequence do. */
    public Map<String, Object> sequence(String sequenceId) {
        return stores.sequences().get(sequenceId);
    }

    /** Enrols those who are in the workspace and not on the sequence. */
    public void enroll(String sequenceId, String... contactIds) {
        stores.enrollments().enroll(sequenceId, List.of(contactIds), records.now());
    }

    public List<Map<String, Object>> enrollments(String sequenceId) {
        return stores.enrollments().rows(sequenceId, null, Integer.MAX_VALUE);
    }

    /** Throws NoSuchElementException where the contact is not on the sequence, as the four methods below. */
    public Map<String, Object> enrollment(String sequenceId, String contactId) {
        return stores.enrollments().row(sequenceId, contactId);
    }

    public void unenroll(String sequenceId, String contactId) {
        stores.enrollments().unenroll(sequenceId, contactId);
    }

    /** As the contact does by a link in a mail: status unsubscribed, and still on the sequence. */
    public void unsubscribe(String sequenceId, String contactId) {
        stores.enrollments().unsubscribe(sequenceId, contactId);
    }

    /** As a person does on the CRM's screen; a step that came due meanwhile is sent at once. */
    public void resume(String sequenceId, String contactId) {
        stores.enrollments().resume(sequenceId, contactId);
    }

    /** Every mail the sequence sent, newest first. */
    public List<Map<String, Object>> sends(String sequenceId) {
        return stores.conversations().sends(sequenceId, null, Integer.MAX_VALUE);
    }

    /**
     * Sends every step that is due by the sandbox's clock and returns how many mails were taken. "delayDays is the wait
     * before this step is sent relative to the previous send", the first one to the enrolment; only active sequences and
     * active enrolments send. A send that failed is tried again after 15 minutes of the clock. Blocks while it sends.
     */
    public int sendDue() {
        return stores.sender().sendDue();
    }

    /** The contact answers by mail; returns the reply's id. @param at its emailDate, or null for now */
    public String reply(String contactId, String subject, String body, Instant at) {
        return String.valueOf(
                stores.conversations().reply(contactId, subject, body, at).get("id"));
    }

    /** Every reply of a contact, newest first. */
    public List<Map<String, Object>> replies(String contactId) {
        return stores.conversations().ofContact(contactId, Integer.MAX_VALUE);
    }

    /** Creates a booking from the fields of the API and returns its id. */
    public String book(Map<String, Object> fields) {
        return String.valueOf(stores.bookings().create(Body.of(fields)).get("id"));
    }

    public List<Map<String, Object>> bookings() {
        return stores.bookings().rows();
    }

    /** Returns the id. @param syncEnabled whether a mail that a contact sends to this address becomes a reply */
    public String addSendingAccount(String name, String fromName, String fromEmail, boolean syncEnabled) {
        return stores.accounts().add(name, fromName, fromEmail, "smtp.sandbox.example", syncEnabled);
    }

    /** Sequences that send by it fall back to the platform default sender. */
    public void removeSendingAccount(String accountId) {
        stores.accounts().remove(accountId);
    }

    /** "Using tagIds or listIds requires the Audience module to be enabled": off in a workspace without seed data. */
    public void audienceModule(boolean enabled) {
        stores.audience().enabled(enabled);
    }

    /** Returns the id. */
    public String addTag(String tagName, String... contactIds) {
        return stores.audience().add(Audience.Kind.TAG, tagName, List.of(contactIds));
    }

    /** Returns the id. */
    public String addList(String listName, String... contactIds) {
        return stores.audience().add(Audience.Kind.LIST, listName, List.of(contactIds));
    }

    /** What ids look like from now on; those that were given stay as they are. */
    public void idStyle(IdStyle style) {
        recordIds.style(style);
        ids.style(style);
    }

    /** The order of {@code GET /api/agent/contacts}; oldest first unless set. */
    public void contactOrder(ContactOrder order) {
        contactOrder = Objects.requireNonNull(order, "order");
    }

    /**
     * How many requests so far had this workspace's key, revoked or not, and a path (without the query) that starts so;
     * a request counts when it arrives, whatever it is answered.
     */
    public long requests(String pathPrefix) {
        return requests.count(pathPrefix);
    }

    /** Those with this method alone. */
    public long requests(String method, String pathPrefix) {
        return requests.count(method, pathPrefix);
    }

    Requests requests() {
        return requests;
    }

    Records records() {
        return records;
    }

    Ids ids() {
        return ids;
    }

    ContactOrder contactOrder() {
        return contactOrder;
    }

    Stores stores() {
        return stores;
    }
}
