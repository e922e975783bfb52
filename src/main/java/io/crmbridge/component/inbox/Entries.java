package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came in at once, as it is read.
 *
 * @param byNumber those that could be read, by their numbers from 1 on
 * @param text whether all values are text, because their form knows nothing else
 */
record Entries(SortedMap<Integer, ObjectNode> byNumber, List<Fault> faults, boolean text) {

    static Entries none(boolean text) {
        return new Entries(new TreeMap<>(), new ArrayList<>(), text);
    }

    void fault(int entry, String field, String what) {
        faults.add(new Fault(entry, field, what));
    }

    /** Whether it is so broken that nothing of it counts. */
    boolean isBroken() {
        return faults.stream().anyMatch(fault -> fault.entry() == 0);
    }

    /** Adds what breaks the schema. */
    void check(EntrySchema schema) {
        byNumber.forEach((number, entry) -> faults.addAll(schema.faults(number, entry, text)));
    }

    /** Leaves those out that have a fault. */
    void leaveFaultyOut() {
        faults.forEach(fault -> byNumber.remove(fault.entry()));
    }
}
