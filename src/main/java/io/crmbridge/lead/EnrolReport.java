package io.crmbridge.lead;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.crm.Writes.Answer;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What became of enrolling one contact.
 *
 * @param outcome enrolled, skipped or failed
 * @param reason why it was skipped: already_enrolled, not_found, suppressed or held; empty for the other outcomes
 * @param detail for people, without a record's data
 */
public record EnrolReport(String outcome, String reason, String detail) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SKIPPED = "skipped";

    /** As the CRM tells it: "skipped rows include a reason (already_enrolled or not_found)". */
    static Answer leftOut(String contact, String reason, String detail) {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.putArray("enrolled");
        report.putArray(SKIPPED)
                .addObject()
                .put("contactId", contact)
                .put("reason", reason)
                .put("detail", detail);
        return Answer.skip(contact, report, "left out: " + detail);
    }

    public static EnrolReport skipped(String reason, String detail) {
        return new EnrolReport(SKIPPED, reason, detail);
    }

    public static EnrolReport of(Intent intent, String contact) {
        String detail = intent.reason().orElse("");
        if (intent.state() == IntentState.WAITING) {
            return skipped("held", detail + "; intent %d waits for `leads release`".formatted(intent.id()));
        }
        if (intent.state() != IntentState.CONFIRMED) {
            return new EnrolReport("failed", "", detail);
        }
        return intent.answer()
                .map(EnrolReport::tree)
                .map(answer -> skip(answer.path(SKIPPED), contact))
                .filter(row -> !row.isMissingNode())
                .map(row -> skipped(
                        row.path("reason").asText("not told"),
                        row.path("detail").asText("the CRM has left it out")))
                .orElse(new EnrolReport("enrolled", "", detail));
    }

    /** Its shape is not documented: rows with the contact's id, or ids alone, or ids under their reason. */
    private static JsonNode skip(JsonNode skipped, String contact) {
        if (skipped.isObject()) {
            for (var reason : skipped.properties()) {
                if (!skip(reason.getValue(), contact).isMissingNode()) {
                    return JsonNodeFactory.instance.objectNode().put("reason", reason.getKey());
                }
            }
        }
        for (JsonNode row : skipped) {
            if (row.path("contactId")
                    .asText(row.path("id").asText(row.asText()))
                    .equals(contact)) {
                return row;
            }
        }
        return JsonNodeFactory.instance.missingNode();
    }

    static JsonNode tree(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("an answer on record is no JSON", e);
        }
    }
}
