package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Stamps;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the CRM fills in where a new record leaves it out. */
final class Defaults {
    private static final Duration APPOINTMENT = Duration.ofMinutes(30);

    private Defaults() {}

    static Map<String, Object> of(Resource resource, Map<String, Object> given, Records records) {
        Map<String, Object> row = new LinkedHashMap<>(given);
        switch (resource) {
            case CONTACTS -> {
                row.putIfAbsent("type", "lead");
                row.putIfAbsent("tags", List.of());
                row.putIfAbsent("customFields", List.of());
                row.putIfAbsent("dnd", false);
            }
            case OPPORTUNITIES -> opportunity(row, records);
            case APPOINTMENTS -> appointment(row, records);
            case CONVERSATIONS -> row.putIfAbsent("unreadCount", 0);
            case MESSAGES -> {
                row.putIfAbsent("direction", "outbound");
                row.putIfAbsent("status", "sent");
            }
            case WORKFLOW_RUNS -> row.putIfAbsent("status", "running");
            case INVOICES -> {
                row.putIfAbsent("status", "draft");
                row.putIfAbsent("currency", "USD");
            }
            case TRANSACTIONS -> {
                row.putIfAbsent("status", "succeeded");
                row.putIfAbsent("currency", "USD");
            }
            case CALENDARS -> row.putIfAbsent("isActive", true);
            case WORKFLOWS -> row.putIfAbsent("status", "published");
            case COURSE_PROGRESS -> row.putIfAbsent("percent", 0);
            case NOTES,
                    CUSTOM_FIELDS,
                    PIPELINES,
                    FORMS,
                    FORM_SUBMISSIONS,
                    SURVEYS,
                    SURVEY_SUBMISSIONS,
                    MEMBERS,
                    COURSES -> {}
        }
        return row;
    }

    private static void opportunity(Map<String, Object> row, Records records) {
        row.putIfAbsent("status", "open");
        List<Row> pipelines = records.where(Resource.PIPELINES, pipeline -> true);
        if (!pipelines.isEmpty()) {
            row.putIfAbsent("pipelineId", pipelines.get(0).id());
        }
        Row pipeline = row.get("pipelineId") instanceof String id ? records.get(Resource.PIPELINES, id) : null;
        if (pipeline != null && !Stages.of(pipeline).isEmpty()) {
            row.putIfAbsent(
                    "pipelineStageId", Stages.of(pipeline).keySet().iterator().next());
        }
        String now = Stamps.iso(records.now());
        row.putIfAbsent("lastStageChangeAt", now);
        row.putIfAbsent("lastStatusChangeAt", now);
        contact(row, records);
    }

    private static void appointment(Map<String, Object> row, Records records) {
        row.putIfAbsent("appointmentStatus", "confirmed");
        Stamps.parse(row.get("startTime"))
                .ifPresent(start -> row.putIfAbsent("endTime", Stamps.iso(start.plus(APPOINTMENT))));
        List<Row> calendars = records.where(Resource.CALENDARS, calendar -> true);
        if (!calendars.isEmpty()) {
            row.putIfAbsent("calendarId", calendars.get(0).id());
        }
    }

    /** An opportunity shows whom it is with. */
    private static void contact(Map<String, Object> row, Records records) {
        Row contact = row.get("contactId") instanceof String id ? records.get(Resource.CONTACTS, id) : null;
        if (contact == null) {
            return;
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("id", contact.id());
        for (String field : List.of("firstName", "lastName", "email", "phone", "tags")) {
            summary.put(field, contact.fields().get(field));
        }
        row.putIfAbsent("contact", summary);
    }
}
