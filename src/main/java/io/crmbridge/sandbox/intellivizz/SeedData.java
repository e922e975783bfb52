package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Stamps;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Visibly synthetic records, the same in every run. */
final class SeedData {
    private static final Duration BETWEEN_RECORDS = Duration.ofMinutes(1);
    private static final List<String> FIRST_NAMES = List.of("Ada", "Ben", "Cem", "Dana", "Emil", "Fay", "Gus", "Hana");

    private SeedData() {}

    /** What somebody set up in the location before anybody came. */
    static void settings(Records records) {
        for (String pipeline : List.of("Sales", "Renewals")) {
            List<Map<String, Object>> stages = new ArrayList<>();
            for (String stage : List.of("New", "Qualified", "Proposal", "Closed")) {
                String name = pipeline.equals("Sales") ? stage : pipeline + " " + stage.toLowerCase(Locale.ROOT);
                stages.add(Map.of("id", records.nextId(), "name", name, "position", stages.size()));
            }
            create(records, Resource.PIPELINES, Map.of("name", pipeline, "stages", stages));
        }
        named(records, Resource.CALENDARS, "Consultation", "Demo");
        named(records, Resource.WORKFLOWS, "Welcome", "Follow-up");
        named(records, Resource.FORMS, "Contact us", "Newsletter");
        named(records, Resource.SURVEYS, "How did we do?");
        named(records, Resource.COURSES, "First steps", "Next steps");
        create(records, Resource.CUSTOM_FIELDS, field("Budget", "contact.budget", "NUMERICAL"));
        create(records, Resource.CUSTOM_FIELDS, field("Found us by", "contact.found_us_by", "TEXT"));
    }

    /** So many people, a minute apart, the newest a minute old, and what each of them did. */
    static void people(Records records, int count) {
        Instant end = records.now();
        for (int number = 1; number <= count; number++) {
            String stamp = Stamps.iso(end.minus(BETWEEN_RECORDS.multipliedBy(count - number + 1L)));
            Map<String, Object> contact = dated(Resource.CONTACTS, contact(number), stamp);
            String contactId = create(records, Resource.CONTACTS, contact);
            create(
                    records,
                    Resource.OPPORTUNITIES,
                    dated(Resource.OPPORTUNITIES, opportunity(number, contactId), stamp));
            Map<String, Object> booking = appointment(contactId, end.plus(Duration.ofHours(number)));
            create(records, Resource.APPOINTMENTS, dated(Resource.APPOINTMENTS, booking, stamp));
            create(
                    records,
                    Resource.FORM_SUBMISSIONS,
                    dated(Resource.FORM_SUBMISSIONS, submission(records, number, contactId), stamp));
            conversation(records, number, contactId, stamp);
            money(records, number, contactId, stamp);
            member(records, number, contactId, stamp);
        }
    }

    static Map<String, Object> contact(int number) {
        String firstName = FIRST_NAMES.get(number % FIRST_NAMES.size());
        return Map.of(
                "firstName",
                firstName,
                "lastName",
                "Example",
                "email",
                "%s.example%d@example.com".formatted(firstName.toLowerCase(Locale.ROOT), number),
                "phone",
                "+1 202 555 01%02d".formatted(number % 100),
                "source",
                "sandbox");
    }

    static Map<String, Object> opportunity(int number, String contactId) {
        return Map.of(
                "name",
                "Opportunity %04d".formatted(number),
                "monetaryValue",
                BigDecimal.valueOf(1_000L + number % 100 * 25L),
                "contactId",
                contactId);
    }

    static Map<String, Object> appointment(String contactId, Instant start) {
        return Map.of("contactId", contactId, "title", "A first talk", "startTime", Stamps.iso(start));
    }

    static Map<String, Object> submission(Records records, int number, String contactId) {
        List<Row> forms = records.where(Resource.FORMS, form -> true);
        Map<String, Object> person = contact(number);
        return Map.of(
                "formId",
                forms.get(number % forms.size()).id(),
                "contactId",
                contactId,
                "name",
                person.get("firstName") + " Example",
                "email",
                person.get("email"),
                "others",
                Map.of("message", "Please call me; mornings are best."));
    }

    private static void conversation(Records records, int number, String contactId, String stamp) {
        Map<String, Object> conversation = dated(
                Resource.CONVERSATIONS,
                Map.of("contactId", contactId, "lastMessageBody", "Hello", "lastMessageDate", stamp),
                stamp);
        String conversationId = create(records, Resource.CONVERSATIONS, conversation);
        Map<String, Object> message = Map.of(
                "conversationId",
                conversationId,
                "contactId",
                contactId,
                "messageType",
                number % 2 == 0 ? "TYPE_EMAIL" : "TYPE_SMS",
                "direction",
                "inbound",
                "body",
                "Hello");
        create(records, Resource.MESSAGES, dated(Resource.MESSAGES, message, stamp));
    }

    private static void money(Records records, int number, String contactId, String stamp) {
        BigDecimal total = BigDecimal.valueOf(50_000L + number % 100 * 1_000L, 2);
        Map<String, Object> invoice = Map.of(
                "name",
                "Invoice %04d".formatted(number),
                "invoiceNumber",
                "INV-%04d".formatted(number),
                "contactId",
                contactId,
                "total",
                total,
                "status",
                number % 2 == 0 ? "paid" : "sent");
        String invoiceId = create(records, Resource.INVOICES, dated(Resource.INVOICES, invoice, stamp));
        if (number % 2 == 0) {
            Map<String, Object> paid =
                    Map.of("entityType", "invoice", "entityId", invoiceId, "contactId", contactId, "amount", total);
            create(records, Resource.TRANSACTIONS, dated(Resource.TRANSACTIONS, paid, stamp));
        }
    }

    private static void member(Records records, int number, String contactId, String stamp) {
        String memberId = create(
                records,
                Resource.MEMBERS,
                dated(
                        Resource.MEMBERS,
                        Map.of("contactId", contactId, "email", contact(number).get("email")),
                        stamp));
        List<Row> courses = records.where(Resource.COURSES, course -> true);
        Map<String, Object> progress = Map.of(
                "memberId",
                memberId,
                "courseId",
                courses.get(number % courses.size()).id(),
                "percent",
                number * 10 % 100);
        create(records, Resource.COURSE_PROGRESS, dated(Resource.COURSE_PROGRESS, progress, stamp));
        create(
                records,
                Resource.SURVEY_SUBMISSIONS,
                dated(
                        Resource.SURVEY_SUBMISSIONS,
                        Map.of(
                                "surveyId",
                                records.where(Resource.SURVEYS, survey -> true)
                                        .get(0)
                                        .id(),
                                "contactId",
                                contactId,
                                "others",
                                Map.of("stars", 1 + number % 5)),
                        stamp));
    }

    static String create(Records records, Resource resource, Map<String, Object> fields) {
        return String.valueOf(
                records.create(resource, Defaults.of(resource, fields, records)).get("id"));
    }

    private static Map<String, Object> dated(Resource resource, Map<String, Object> fields, String stamp) {
        Map<String, Object> dated = new LinkedHashMap<>(fields);
        dated.put(resource.created(), stamp);
        dated.put(resource.updated(), stamp);
        return dated;
    }

    private static void named(Records records, Resource resource, String... names) {
        for (String name : names) {
            create(records, resource, Map.of("name", name));
        }
    }

    private static Map<String, Object> field(String name, String key, String type) {
        return Map.of("name", name, "fieldKey", key, "dataType", type, "model", "contact");
    }
}
