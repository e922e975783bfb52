package io.crmbridge.lead;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Writes.Answer;
import io.crmbridge.crm.Writes.Asked;
import io.crmbridge.state.Intent;
import io.crmbridge.state.Suppressions;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Looks, right before somebody is enrolled, whether they may be: who is suppressed and who is on the sequence is left out, and
 * who would be one too many waits at the flood gate. Thread-safe.
 */
public final class EnrolCheck {
    private static final String ADDRESSES = "addresses";

    private final SuppressionCheck suppressed;
    private final FloodGate gate;

    EnrolCheck(SuppressionCheck suppressed, FloodGate gate) {
        this.suppressed = suppressed;
        this.gate = gate;
    }

    /**
     * @param addresses of a contact, besides that of the mirror
     * @throws io.crmbridge.crm.CrmException when the CRM cannot be asked who is on a sequence
     */
    public synchronized List<Answer> of(List<Asked> writes, Function<String, Set<String>> addresses) {
        Map<String, String> mirrored = suppressed.addresses(writes.stream()
                .filter(asked -> !isOfAudience(asked))
                .map(EnrolCheck::contact)
                .toList());
        Map<String, Map<Asked, List<String>>> bySequence = new LinkedHashMap<>();
        for (Asked asked : writes) {
            bySequence
                    .computeIfAbsent(sequence(asked.call()), none -> new IdentityHashMap<>())
                    .put(asked, subjects(asked, addresses, mirrored));
        }
        Map<Asked, Answer> answers = new IdentityHashMap<>();
        bySequence.forEach((sequence, subjects) -> {
            suppressed.refresh(sequence);
            Map<String, Suppressions.Entry> out = suppressed.of(
                    sequence, subjects.values().stream().flatMap(List::stream).toList());
            for (Asked asked : writes) {
                if (subjects.containsKey(asked)) {
                    answers.put(asked, of(asked, sequence, subjects.get(asked), out));
                }
            }
        });
        return writes.stream().map(answers::get).toList();
    }

    static String sequence(Call enrol) {
        return enrol.ids().get("sequence");
    }

    private static boolean isOfAudience(Asked asked) {
        JsonNode body = asked.call().body().orElseThrow();
        return body.has("tagIds") || body.has("listIds");
    }

    private static String contact(Asked asked) {
        return asked.call().body().orElseThrow().path("contactIds").path(0).asText();
    }

    private static List<String> subjects(
            Asked asked, Function<String, Set<String>> addresses, Map<String, String> mirrored) {
        if (isOfAudience(asked)) {
            return List.of();
        }
        List<String> subjects = new ArrayList<>(List.of(SuppressionCheck.contact(contact(asked))));
        Set<String> known = new TreeSet<>(addresses.apply(contact(asked)));
        known.addAll(noted(asked.intent()));
        Optional.ofNullable(mirrored.get(contact(asked))).ifPresent(known::add);
        known.stream().map(SuppressionCheck::email).forEach(subjects::add);
        return subjects;
    }

    /** Addresses that were known when it came to the gate, for nobody may know them when it is let through. */
    private static List<String> noted(Intent intent) {
        List<String> addresses = new ArrayList<>();
        intent.answer()
                .map(EnrolReport::tree)
                .ifPresent(answer -> answer.path(ADDRESSES).forEach(address -> addresses.add(address.asText())));
        return addresses;
    }

    private static Answer hesitate(String reason, List<String> subjects) {
        ObjectNode note = JsonNodeFactory.instance.objectNode();
        ArrayNode addresses = note.putArray(ADDRESSES);
        subjects.stream()
                .flatMap(subject -> SuppressionCheck.addressOf(subject).stream())
                .forEach(addresses::add);
        return Answer.hesitate(reason, note);
    }

    private Answer of(
            Asked asked, String sequence, List<String> subjects, Map<String, Suppressions.Entry> suppressedOnes) {
        if (isOfAudience(asked)) {
            // "Using tagIds or listIds requires the Audience module to be enabled for the workspace."
            return hesitate(
                    "how many its tagIds and listIds mean is not known; they are ids, not names, and need the"
                            + " Audience module, which may be off for this workspace",
                    subjects);
        }
        Optional<Suppressions.Entry> why = subjects.stream()
                .map(suppressedOnes::get)
                .filter(Objects::nonNull)
                .findFirst();
        if (why.isPresent()) {
            return EnrolReport.leftOut(contact(asked), "suppressed", why.get().reason());
        }
        if (suppressed.isOn(sequence, contact(asked))) {
            return EnrolReport.leftOut(contact(asked), "already_enrolled", "is on the sequence");
        }
        return asked.intent().isReleased() || gate.lets(sequence, asked.intent().id())
                ? Answer.SEND
                : hesitate(gate.reason(), subjects);
    }
}
