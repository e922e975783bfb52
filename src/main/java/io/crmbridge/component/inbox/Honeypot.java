package io.crmbridge.component.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A field that people do not see: who fills it in is a machine. */
record Honeypot(Optional<String> field) {

    /** Takes the field out of every entry. @return numbers of the entries that filled it in, which are taken out too */
    Set<Integer> empty(Entries entries) {
        Set<Integer> caught = new TreeSet<>();
        field.ifPresent(name -> entries.byNumber().forEach((number, entry) -> {
            if (isFilled(entry, name)) {
                caught.add(number);
            }
            entry.remove(name);
        }));
        caught.forEach(entries.byNumber()::remove);
        entries.faults().removeIf(fault -> caught.contains(fault.entry()));
        return caught;
    }

    private static boolean isFilled(ObjectNode entry, String name) {
        JsonNode value = entry.path(name);
        return !value.isMissingNode()
                && !value.isNull()
                && !(value.isTextual() && value.textValue().isEmpty());
    }
}
