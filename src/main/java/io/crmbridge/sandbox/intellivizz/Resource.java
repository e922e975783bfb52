package io.crmbridge.sandbox.intellivizz;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What a location holds: each resource's name, and the fields of its rows that say when they changed and were made. */
enum Resource {
    CONTACTS("contacts", "dateUpdated", "dateAdded"),
    NOTES("notes", "dateAdded", "dateAdded"),
    CUSTOM_FIELDS("custom-fields", null, null),
    CONVERSATIONS("conversations", "dateUpdated", "dateAdded"),
    MESSAGES("messages", "dateAdded", "dateAdded"),
    CALENDARS("calendars", null, null),
    APPOINTMENTS("appointments", "dateUpdated", "dateAdded"),
    OPPORTUNITIES("opportunities", "updatedAt", "createdAt"),
    PIPELINES("pipelines", null, null),
    WORKFLOWS("workflows", "updatedAt", "createdAt"),
    WORKFLOW_RUNS("workflow-runs", "updatedAt", "createdAt"),
    FORMS("forms", null, null),
    FORM_SUBMISSIONS("form-submissions", "createdAt", "createdAt"),
    SURVEYS("surveys", null, null),
    SURVEY_SUBMISSIONS("survey-submissions", "createdAt", "createdAt"),
    INVOICES("invoices", "updatedAt", "createdAt"),
    TRANSACTIONS("transactions", "updatedAt", "createdAt"),
    MEMBERS("members", "updatedAt", "createdAt"),
    COURSES("courses", null, null),
    COURSE_PROGRESS("course-progress", "updatedAt", "createdAt");

    private final String word;
    private final String updated;
    private final String created;

    Resource(String word, String updated, String created) {
        this.word = word;
        this.updated = updated;
        this.created = created;
    }

    /** Throws IllegalArgumentException for a word that is none. */
    static Resource of(String word) {
        return Arrays.stream(values())
                .filter(resource -> resource.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no resource '%s': it is one of %s."
                        .formatted(
                                word,
                                Arrays.stream(values()).map(Resource::word).collect(Collectors.joining(", ")))));
    }

    String word() {
        return word;
    }

    /** The field of the last change, or null where rows carry none. */
    String updated() {
        return updated;
    }

    /** The field of the creation, or null where rows carry none. */
    String created() {
        return created;
    }
}
