package io.crmbridge.component;

import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.ChangeLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which records of a feed's mirror have a value in a field, as of when it was read on. Thread-safe. */
public final class MirrorIndex {
    private final ChangeLog log;
    private final long feedId;
    private final String field;
    private final Map<String, Set<String>> idsByValue = new HashMap<>();
    private final Map<String, String> valuesById = new HashMap<>();
    private long readTo;

    public MirrorIndex(ChangeLog log, long feedId, String field) {
        this.log = log;
        this.feedId = feedId;
        this.field = field;
    }

    /** Without case and blanks around it; empty for what is no text or number. */
    public static String plain(Object value) {
        return value instanceof String || value instanceof Number
                ? value.toString().strip().toLowerCase(Locale.ROOT)
                : "";
    }

    /** @param value {@link #plain} */
    public synchronized Set<String> ids(String value) {
        return Set.copyOf(idsByValue.getOrDefault(value, Set.of()));
    }

    /** Whether a record may have the value: it has, or the mirror does not know the record. */
    public synchronized boolean mayHave(String id, String value) {
        return valuesById.getOrDefault(id, value).equals(value);
    }

    /** Takes in what the mirror has learnt. */
    public synchronized void readOn() {
        readTo = log.snapshot(feedId, readTo, this::add);
    }

    private void add(Change change) {
        String id = change.recordId();
        String before = valuesById.remove(id);
        if (before != null && !before.isEmpty()) {
            idsByValue.get(before).remove(id);
        }
        if (change.kind() == ChangeKind.GONE) {
            return;
        }
        try {
            CrmRecord record = CrmRecord.ofJson(change.body());
            String value = plain(record.get(field));
            if (record.containsKey(field)) {
                valuesById.put(id, value);
            }
            if (!value.isEmpty()) {
                idsByValue.computeIfAbsent(value, key -> new TreeSet<>()).add(id);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a body in the log is no JSON object", e);
        }
    }
}
