package io.crmbridge.sandbox.intellivizz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the webhooks call a change of a record. */
final class RecordEvents {
    private RecordEvents() {}

    /** Of one change there may be several, or none where nobody is told. */
    static List<String> of(Resource resource, Map<String, Object> before, Map<String, Object> after) {
        return switch (resource) {
            case CONTACTS -> {
                List<String> types = new ArrayList<>(List.of("Contact" + verb(before, after)));
                if (before != null && after != null && differ("tags", before, after)) {
                    types.add("ContactTagUpdate");
                }
                yield types;
            }
            case OPPORTUNITIES -> {
                List<String> types = new ArrayList<>(List.of("Opportunity" + verb(before, after)));
                if (before != null && after != null) {
                    if (differ("pipelineStageId", before, after)) {
                        types.add("OpportunityStageUpdate");
                    }
                    if (differ("status", before, after)) {
                        types.add("OpportunityStatusUpdate");
                    }
                }
                yield types;
            }
            case APPOINTMENTS -> List.of("Appointment" + verb(before, after));
            case NOTES -> List.of("Note" + verb(before, after));
            case INVOICES -> List.of("Invoice" + verb(before, after));
            case MESSAGES ->
                before == null
                        ? List.of("inbound".equals(after.get("direction")) ? "InboundMessage" : "OutboundMessage")
                        : List.of();
            case FORM_SUBMISSIONS -> before == null ? List.of("FormSubmitted") : List.of();
            case SURVEY_SUBMISSIONS -> before == null ? List.of("SurveySubmitted") : List.of();
            case TRANSACTIONS -> before == null ? List.of("TransactionCreate") : List.of();
            case CONVERSATIONS,
                    CUSTOM_FIELDS,
                    CALENDARS,
                    PIPELINES,
                    WORKFLOWS,
                    WORKFLOW_RUNS,
                    FORMS,
                    SURVEYS,
                    MEMBERS,
                    COURSES,
                    COURSE_PROGRESS -> List.of();
        };
    }

    private static String verb(Map<String, Object> before, Map<String, Object> after) {
        if (before == null) {
            return "Create";
        }
        return after == null ? "Delete" : "Update";
    }

    private static boolean differ(String field, Map<String, Object> before, Map<String, Object> after) {
        return !Objects.equals(before.get(field), after.get(field));
    }
}
