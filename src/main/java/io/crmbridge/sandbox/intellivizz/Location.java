package io.crmbridge.sandbox.intellivizz;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * One location (sub-account) with its key and its records, in memory.
 *
 * <p>A resource is a word of the bridge's catalogue that names records: contacts, notes, custom-fields, conversations, messages,
 * calendars, appointments, opportunities, pipelines, workflows, workflow-runs, forms, form-submissions, surveys,
 * survey-submissions, invoices, transactions, members, courses, course-progress; any other is an IllegalArgumentException. A row is a
 * map as it stands in the API's JSON. Stamps are ISO 8601 in UTC with milliseconds, from the sandbox's clock. A new location has a
 * pipeline, calendars, workflows, forms, a survey, courses and custom fields, and no people. Thread-safe.
 */
public final class Location {
    private final String id;
    private final String name;
    private final Keys keys;
    private final Records records;
    private volatile String key;
    private volatile boolean refusesDuplicates;

    Location(String id, String name, Keys keys, Records records) {
        this.id = id;
        this.name = name;
        this.keys = keys;
        this.records = records;
        key = keys.give(id);
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    /** The newest static key, also when it was revoked. */
    public String key() {
        return key;
    }

    /** The old key is refused from the next request on; returns the new one. */
    public synchronized String regenerateKey() {
        keys.revoke(key);
        key = keys.give(id);
        return key;
    }

    /** 401 from the next request on. */
    public void revokeKey() {
        keys.revoke(key);
    }

    /** The key has these scopes alone from now on. */
    public void restrictKey(String... scopes) {
        keys.restrict(key, Set.of(scopes));
    }

    /** Creates a record, as the CRM does where a field is left out, and returns its id. Stamps and id may be among the fields. */
    public String create(String resource, Map<String, Object> fields) {
        Resource of = Resource.of(resource);
        return (String) records.create(of, Defaults.of(of, fields, records)).get("id");
    }

    /** Merges these fields into a record and, unless it is among them, stamps the change; NoSuchElementException for an unknown id. */
    public void update(String resource, String recordId, Map<String, Object> fields) {
        records.update(Resource.of(resource), recordId, fields);
    }

    /**
     * Stores a row as it is given, to stage bad input or late and equal stamps: it replaces the row with the same id, is served
     * unchanged, and no webhook tells of it. Its place in a list is that of its stamps or, where one is missing or unreadable, of now.
     */
    public void put(String resource, Map<String, Object> row) {
        records.put(Resource.of(resource), row);
    }

    /** A contact's notes go with it. Throws NoSuchElementException for an unknown id. */
    public void remove(String resource, String recordId) {
        records.remove(Resource.of(resource), recordId);
    }

    /** Or null where there is none. */
    public Map<String, Object> get(String resource, String recordId) {
        Row row = records.get(Resource.of(resource), recordId);
        return row == null ? null : row.fields();
    }

    /** Every record in the order of creation. */
    public List<Map<String, Object>> all(String resource) {
        return records.where(Resource.of(resource), row -> true).stream()
                .map(Row::fields)
                .toList();
    }

    /** The id of the first record with this name; throws NoSuchElementException where there is none. */
    public String idOf(String resource, String recordName) {
        return records.where(Resource.of(resource), row -> recordName.equals(row.text("name"))).stream()
                .findFirst()
                .map(Row::id)
                .orElseThrow(() -> new NoSuchElementException(
                        "None of the %s of location %s is called '%s'.".formatted(resource, id, recordName)));
    }

    /** The id of the stage with this name, in whichever pipeline; throws NoSuchElementException where there is none. */
    public String stage(String stageName) {
        return records.where(Resource.PIPELINES, pipeline -> true).stream()
                .flatMap(pipeline -> Stages.of(pipeline).entrySet().stream())
                .filter(stage -> stage.getValue().equals(stageName))
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseThrow(() -> new NoSuchElementException(
                        "No pipeline of location %s has a stage '%s'.".formatted(id, stageName)));
    }

    /** How the list of this resource misbehaves. */
    public Listing listing(String resource) {
        return records.listing(Resource.of(resource));
    }

    /** The setting "allow duplicate contacts", on unless set: off, a second contact with an address is refused with 400. */
    public void allowDuplicates(boolean allowed) {
        refusesDuplicates = !allowed;
    }

    boolean refusesDuplicates() {
        return refusesDuplicates;
    }

    Records records() {
        return records;
    }
}
