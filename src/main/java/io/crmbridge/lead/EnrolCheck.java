package io.crmbridge.lead;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.Writes.Answer;
import io.crmbridge.crm.Writes.Asked;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks, right before somebody is enrolled, whether they may be: who is suppressed and who is on the sequence is left out, and
 * who would be one too many waits at the flood gate. Thread-safe.
 */
public final class EnrolCheck {
    private final SuppressionCheck suppressed;
    private final FloodGate gate;

    EnrolCheck(SuppressionCheck suppressed, FloodGate gate) {
        this.suppressed = suppressed;
        this.gate = gate;
    }

    /**
     * @param address of a contact, where it is known better than by the mirror
     * @throws io.crmbridge.crm.CrmException when the CRM cannot be asked who is on a sequence
     */
    public synchronized List<Answer> of(List<Asked> writes, Function<String, Optional<String>> address) {
        Set<String> read = new HashSet<>();
        List<Answer> answers = new ArrayList<>();
        for (Asked asked : writes) {
            String sequence = sequence(asked.call());
            if (read.add(sequence)) {
                suppressed.refresh(sequence);
            }
            answers.add(of(asked, sequence, address));
        }
        return answers;
    }

    static String sequence(Call enrol) {
        return enrol.ids().get("sequence");
    }

    private Answer of(Asked asked, String sequence, Function<String, Optional<String>> address) {
        JsonNode body = asked.call().body().orElseThrow();
        if (body.has("tagIds") || body.has("listIds")) {
            // "Using tagIds or listIds requires the Audience module to be enabled for the workspace."
            return Answer.hesitate(
                    "how many its tagIds and listIds mean is not known; they are ids, not names, and need the"
                            + " Audience module, which may be off for this workspace");
        }
        String contact = body.path("contactIds").path(0).asText();
        List<String> subjects = new ArrayList<>(List.of(SuppressionCheck.contact(contact)));
        address.apply(contact)
                .or(() -> suppressed.address(contact))
                .map(SuppressionCheck::email)
                .ifPresent(subjects::add);
        Optional<String> why = suppressed.of(sequence, subjects);
        if (why.isPresent()) {
            return EnrolReport.leftOut(contact, "suppressed", why.get());
        }
        if (suppressed.isOn(sequence, contact)) {
            return EnrolReport.leftOut(contact, "already_enrolled", "is on the sequence");
        }
        return asked.intent().isReleased() || gate.lets(sequence, asked.intent().id())
                ? Answer.SEND
                : Answer.hesitate(gate.reason());
    }
}
