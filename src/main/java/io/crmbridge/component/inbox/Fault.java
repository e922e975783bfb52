package io.crmbridge.component.inbox;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with an entry, for its sender: it names the field and never quotes its value.
 *
 * @param entry number of the entry from 1 on; 0: all of what came
 * @param field JSON pointer; empty: the whole entry
 */
record Fault(int entry, String field, String what) {
    private static final int TOLD = 5;

    /** As one sentence, for a log: what is more than a few is counted. */
    static String sentence(List<Fault> faults) {
        String told = faults.stream().limit(TOLD).map(Fault::toString).collect(Collectors.joining("; "));
        return faults.size() > TOLD ? "%s; and %d more".formatted(told, faults.size() - TOLD) : told;
    }

    @Override
    public String toString() {
        String of = entry == 0 ? "" : "entry " + entry + (field.isEmpty() ? "" : ", " + field) + ": ";
        return of + what;
    }
}
