package io.crmbridge.sandbox;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * One CRM workspace, in memory: "API keys are scoped to a single workspace".
 *
 * <p>A resource is one of contacts, companies, deals, invoices, projects; any other word is an
 * {@link IllegalArgumentException}. A row is a map as it stands in the API's JSON. Stamps are ISO 8601 in UTC with
 * milliseconds, from the sandbox's clock. {@code stageName} in the fields of a deal or project is understood as the
 * stage of that name. Thread-safe; no method blocks for longer than a copy of what it returns.
 */
public final class Workspace {
    private final String id;
    private final String name;
    private final Records records;
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
    private volatile String apiKey;
    private volatile boolean revoked;

    Workspace(String id, String name, String apiKey, Clock clock, long seed) {
        this.id = id;
        this.name = name;
        this.apiKey = apiKey;
        records = new Records(id, clock, seed ^ id.hashCode());
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

    /** Throws NoSuchElementException for an unknown id. */
    public void remove(String resource, String id) {
        records.remove(Resource.of(resource), id);
    }

    /** The record as the Zapier list shows it, resolved names included, or null where there is none. */
    public Map<String, Object> get(String resource, String id) {
        return records.get(Resource.of(resource), id);
    }

    /** Every record as the Zapier list shows it, newest updatedAt first. */
    public List<Map<String, Object>> all(String resource) {
        return records.newest(Resource.of(resource), null, Integer.MAX_VALUE);
    }

    /**
     * How many requests so far had this workspace's key, revoked or not, and a path (without the query) that starts so;
     * a request counts when it arrives, whatever it is answered.
     */
    public long requests(String pathPrefix) {
        return requests.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(pathPrefix))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    void countRequest(String path) {
        requests.computeIfAbsent(path, unused -> new LongAdder()).increment();
    }

    Records records() {
        return records;
    }
}
