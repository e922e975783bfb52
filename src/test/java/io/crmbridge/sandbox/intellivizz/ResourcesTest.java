package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conversations, calendars, workflows, forms, surveys, payments, memberships, locations and exports. */
class ResourcesTest extends IntellivizzTest {

    /** Rows called r1, r2, ... a second apart, the first a second from now, with these fields. */
    private void rows(String resource, int count, Map<String, Object> fields) {
        for (int i = 1; i <= count; i++) {
            clock.advance(Duration.ofSeconds(1));
            Map<String, Object> row = new LinkedHashMap<>(fields);
            row.put("id", "r" + i);
            location.create(resource, row);
        }
    }

    private List<String> cursored(String path, String member, String next, String parameter) throws IOException {
        List<String> ids = new ArrayList<>();
        String cursor = null;
        do {
            var page = crm.get(path + (cursor == null ? "" : "&" + parameter + "=" + cursor));
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            ids.addAll(Caller.column(page, member, "id"));
            JsonNode following = Caller.json(page).path(next);
            cursor = following.isNull() ? null : following.asText();
        } while (cursor != null);
        return ids;
    }

    @ParameterizedTest
    @CsvSource({
        "workflow-runs,/workflows/runs,runs",
        "members,/memberships/members,members",
        "course-progress,/memberships/progress,progress"
    })
    void changes_are_read_by_since_and_cursor_oldest_first(String resource, String path, String member)
            throws IOException {
        rows(resource, 5, Map.of());
        location.update(resource, "r1", Map.of("status", "x"));
        String query = path + "?locationId=loc_sandbox&limit=2";
        assertThat(cursored(query, member, "nextCursor", "cursor")).containsExactly("r2", "r3", "r4", "r1", "r5");
        assertThat(cursored(query + "&since=2026-05-01T12:00:04.000Z", member, "nextCursor", "cursor"))
                .containsExactly("r4", "r1", "r5");
        assertThat(crm.get(query + "&cursor=made-up").statusCode()).isEqualTo(400);
        assertThat(crm.get(path + "?locationId=loc_sandbox&limit=101").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"form-submissions,forms", "survey-submissions,surveys"})
    void submissions_are_read_by_page_inside_a_time_that_is_a_month_unless_it_is_given(String resource, String word)
            throws IOException {
        rows(resource, 3, Map.of());
        location.put(resource, Map.of("id", "old", "createdAt", "2026-03-01T12:00:00.000Z"));
        String path = "/" + word + "/submissions?locationId=loc_sandbox";
        var first = crm.get(path + "&limit=2&page=1");
        assertThat(Caller.column(first, "submissions", "id")).containsExactly("r3", "r2");
        assertThat(Caller.json(first).at("/meta/total").asInt()).isEqualTo(3);
        assertThat(Caller.json(first).at("/meta/nextPage").asInt()).isEqualTo(2);
        var second = crm.get(path + "&limit=2&page=2");
        assertThat(Caller.column(second, "submissions", "id")).containsExactly("r1");
        assertThat(Caller.json(second).at("/meta/nextPage").isNull()).isTrue();
        assertThat(Caller.column(crm.get(path + "&startAt=2026-02-01&endAt=2026-03-01"), "submissions", "id"))
                .containsExactly("old");
        assertThat(Caller.column(
                        crm.get(path + "&startAt=2026-05-01T12:00:02.000Z&endAt=2026-05-01T12:00:02.000Z"),
                        "submissions",
                        "id"))
                .containsExactly("r2");
        assertThat(crm.get(path + "&limit=101").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "/forms/,forms,Contact us|Newsletter",
        "/surveys/,surveys,How did we do?",
        "/calendars/,calendars,Consultation|Demo",
        "/workflows/,workflows,Welcome|Follow-up",
        "/memberships/courses,courses,First steps|Next steps"
    })
    void what_a_location_is_set_up_with_is_listed(String path, String member, String names) throws IOException {
        var list = crm.get(path + "?locationId=loc_sandbox");
        assertThat(Caller.column(list, member, "name")).containsExactly(names.split("\\|"));
        assertThat(Caller.column(list, member, "id")).doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void forms_are_paged_by_skip_and_courses_by_page() throws IOException {
        assertThat(Caller.column(crm.get("/forms/?locationId=loc_sandbox&limit=1&skip=1"), "forms", "name"))
                .containsExactly("Newsletter");
        assertThat(crm.get("/forms/?locationId=loc_sandbox&limit=51").statusCode())
                .isEqualTo(400);
        assertThat(Caller.column(
                        crm.get("/memberships/courses?locationId=loc_sandbox&limit=1&page=2"), "courses", "name"))
                .containsExactly("Next steps");
        assertThat(Caller.column(crm.get("/locations/loc_sandbox/customFields"), "customFields", "fieldKey"))
                .containsExactly("contact.budget", "contact.found_us_by");
    }

    @Test
    void a_message_is_sent_in_the_contacts_conversation() throws IOException {
        String contact = contact("ada@example.com");
        Map<String, Object> sms = Map.of("type", "SMS", "contactId", contact, "message", "Hello");
        JsonNode first = Caller.json(crm.post("/conversations/messages", sms));
        clock.advance(Duration.ofSeconds(1));
        JsonNode second = Caller.json(crm.post("/conversations/messages", sms));
        assertThat(second.path("conversationId")).isEqualTo(first.path("conversationId"));
        assertThat(second.path("messageId")).isNotEqualTo(first.path("messageId"));
        String path = "/conversations/" + first.path("conversationId").asText();
        JsonNode conversation = Caller.json(crm.get(path));
        assertThat(conversation.path("lastMessageBody").asText()).isEqualTo("Hello");
        assertThat(conversation.path("dateUpdated").asText()).isEqualTo("2026-05-01T12:00:01.000Z");
        assertThat(cursored(path + "/messages?limit=1", "messages", "lastMessageId", "lastMessageId"))
                .containsExactly(
                        second.path("messageId").asText(),
                        first.path("messageId").asText());
        assertThat(crm.post("/conversations/messages", Map.of("type", "SMS", "contactId", contact))
                        .statusCode())
                .isEqualTo(400);
        assertThat(crm.post("/conversations/messages", Map.of("type", "SMS", "contactId", "x", "message", "y"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void conversations_and_exported_messages_are_read_oldest_change_first() throws IOException {
        rows("conversations", 3, Map.of());
        location.update("conversations", "r1", Map.of("unreadCount", 1));
        String path = "/conversations/search?locationId=loc_sandbox&limit=2&sortBy=last_message_date&sort=asc";
        assertThat(Caller.column(crm.get(path), "conversations", "id")).containsExactly("r2", "r1");
        long last = Instant.parse("2026-05-01T12:00:03Z").toEpochMilli();
        assertThat(Caller.column(crm.get(path + "&startAfterDate=" + last + "&id=r1"), "conversations", "id"))
                .containsExactly("r3");
        assertThat(Caller.column(crm.get(path + "&from=" + last), "conversations", "id"))
                .containsExactly("r1", "r3");
        rows("messages", 3, Map.of("conversationId", "r1"));
        assertThat(cursored(
                        "/conversations/messages/export?locationId=loc_sandbox&limit=2&sortBy=createdAt&sortOrder=asc"
                                + "&startDate=2026-05-01T12:00:04Z",
                        "messages",
                        "nextCursor",
                        "cursor"))
                .containsExactly("r1", "r2", "r3");
    }

    @Test
    void an_appointment_is_booked_moved_and_cancelled() throws IOException {
        Map<String, Object> booking = Map.of(
                "locationId",
                "loc_sandbox",
                "calendarId",
                location.idOf("calendars", "Demo"),
                "contactId",
                contact("ada@example.com"),
                "startTime",
                "2026-05-02T09:00:00Z");
        var booked = crm.post("/calendars/events/appointments", booking);
        assertThat(booked.statusCode()).isEqualTo(201);
        assertThat(Caller.json(booked).path("endTime").asText()).isEqualTo("2026-05-02T09:30:00.000Z");
        String path = "/calendars/events/appointments/"
                + Caller.json(booked).path("id").asText();
        clock.advance(Duration.ofSeconds(2));
        crm.put(path, Map.of("startTime", "2026-05-03T09:00:00Z", "endTime", "2026-05-03T10:00:00Z"));
        crm.put(path, Map.of("appointmentStatus", "cancelled"));
        assertThat(location.all("appointments"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("appointmentStatus", "cancelled")
                        .containsEntry("startTime", "2026-05-03T09:00:00Z")
                        .containsEntry("dateUpdated", "2026-05-01T12:00:02.000Z"));
        assertThat(crm.put(path, Map.of("appointmentStatus", "gone")).statusCode())
                .isEqualTo(400);
        assertThat(crm.put("/calendars/events/appointments/none", Map.of()).statusCode())
                .isEqualTo(404);
        assertThat(crm.post("/calendars/events/appointments", Map.of("locationId", "loc_sandbox"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void appointments_are_read_inside_a_time_by_offset() throws IOException {
        rows("appointments", 4, Map.of());
        long from = Instant.parse("2026-05-01T12:00:02Z").toEpochMilli();
        String path =
                "/calendars/events?locationId=loc_sandbox&limit=2&updatedFrom=" + from + "&updatedTo=" + (from + 2_000);
        assertThat(Caller.column(crm.get(path + "&offset=0"), "events", "id")).containsExactly("r2", "r3");
        assertThat(Caller.column(crm.get(path + "&offset=2"), "events", "id")).containsExactly("r4");
        assertThat(crm.get(path + "&offset=-1").statusCode()).isEqualTo(400);
        assertThat(crm.get("/calendars/events?locationId=loc_sandbox&updatedFrom=2026-05-01")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void a_workflow_that_is_triggered_runs() throws IOException {
        String contact = contact("ada@example.com");
        String workflow = location.idOf("workflows", "Welcome");
        assertThat(crm.post("/contacts/" + contact + "/workflow/" + workflow, Map.of())
                        .statusCode())
                .isEqualTo(200);
        assertThat(crm.post("/contacts/" + contact + "/workflow/none", Map.of()).statusCode())
                .isEqualTo(404);
        var runs = crm.get("/workflows/runs?locationId=loc_sandbox");
        assertThat(Caller.column(runs, "runs", "workflowId")).containsExactly(workflow);
        assertThat(Caller.column(runs, "runs", "contactId")).containsExactly(contact);
    }

    @Test
    void an_invoice_is_created_and_payments_are_read_newest_first_by_offset() throws IOException {
        Map<String, Object> invoice =
                Map.of("altId", "loc_sandbox", "altType", "location", "name", "Invoice", "invoiceNumber", "INV-1");
        var created = crm.post("/invoices/", invoice);
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(Caller.json(created).path("status").asText()).isEqualTo("draft");
        assertThat(location.all("invoices")).hasSize(1);
        rows("transactions", 3, Map.of("amount", 5));
        String path = "/payments/transactions?altType=location&altId=loc_sandbox&limit=2&startAt=2026-05-01T12:00:01Z";
        var page = crm.get(path + "&offset=0");
        assertThat(Caller.column(page, "data", "id")).containsExactly("r3", "r2");
        assertThat(Caller.json(page).path("totalCount").asInt()).isEqualTo(3);
        assertThat(Caller.column(crm.get(path + "&offset=2&endAt=2026-05-01T12:00:03Z"), "data", "id"))
                .containsExactly("r1");
        assertThat(Caller.column(
                        crm.get("/invoices/?altType=location&altId=loc_sandbox&updatedFrom=2026-05-01T12:00:00.001Z"),
                        "invoices",
                        "id"))
                .isEmpty();
    }

    @Test
    void a_bulk_export_shows_what_there_was_when_it_was_started_once_it_is_completed() throws IOException {
        contacts(5);
        sandbox.exportsTake(Duration.ofMinutes(1));
        var started = crm.post("/bulk/exports", Map.of("locationId", "loc_sandbox", "resource", "contacts"));
        assertThat(started.statusCode()).isEqualTo(201);
        String path = "/bulk/exports/" + Caller.json(started).path("id").asText();
        contact("later@example.com");
        assertThat(Caller.json(crm.get(path)).path("status").asText()).isEqualTo("running");
        assertThat(crm.get(path + "/rows").statusCode()).isEqualTo(409);
        clock.advance(Duration.ofMinutes(1));
        assertThat(Caller.json(crm.get(path)).path("status").asText()).isEqualTo("completed");
        assertThat(cursored(path + "/rows?limit=2", "rows", "nextCursor", "cursor"))
                .containsExactly("c1", "c2", "c3", "c4", "c5");
        assertThat(crm.get(path + "/rows?limit=501").statusCode()).isEqualTo(400);
        sandbox.addLocation("loc_other", "Other");
        assertThat(crm.get("/bulk/exports/none").statusCode()).isEqualTo(404);
        assertThat(crm.post("/bulk/exports", Map.of("locationId", "loc_sandbox", "resource", "people"))
                        .statusCode())
                .isEqualTo(400);
    }
}
