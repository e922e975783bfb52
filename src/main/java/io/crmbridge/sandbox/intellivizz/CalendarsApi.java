package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Body;
import io.crmbridge.sandbox.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Calendars and their appointments. */
final class CalendarsApi {
    private static final String READ = "calendars.read";
    private static final String WRITE = "calendars.write";
    private static final List<String> STATUSES =
            List.of("new", "confirmed", "cancelled", "showed", "noshow", "invalid");

    void addTo(Endpoints endpoints) {
        endpoints.get("/calendars/", READ, call -> {
            Slice calendars = call.read(call.locationInQuery(), Ask.of(Resource.CALENDARS));
            call.list("calendars", calendars.fields(), Map.of());
        });
        endpoints.get("/calendars/events", READ, call -> {
            Slice events = call.read(
                    call.locationInQuery(),
                    Ask.of(Resource.APPOINTMENTS)
                            .filter(Call.from(call.millis("updatedFrom")))
                            .filter(Call.until(call.millis("updatedTo")))
                            .filter(Call.equal("calendarId", call.query("calendarId")))
                            .offset(call.number("offset", 0))
                            .limit(call.limit(20, 100)));
            call.list("events", events);
        });
        endpoints.post("/calendars/events/appointments", WRITE, CalendarsApi::create);
        endpoints.put("/calendars/events/appointments/{id}", WRITE, call -> {
            Call.Found found = call.find(Resource.APPOINTMENTS);
            Map<String, Object> fields = call.fields();
            check(call.body());
            call.bare(
                    200,
                    found.records().update(Resource.APPOINTMENTS, found.row().id(), fields));
        });
    }

    private static void create(Call call) {
        Body body = call.body();
        Location location = call.location(body.text("locationId"));
        Records records = location.records();
        own(records, Resource.CALENDARS, "calendarId", body.requiredText("calendarId"));
        own(records, Resource.CONTACTS, "contactId", body.requiredText("contactId"));
        body.requiredText("startTime");
        check(body);
        call.bare(
                201, records.create(Resource.APPOINTMENTS, Defaults.of(Resource.APPOINTMENTS, call.fields(), records)));
    }

    private static void check(Body body) {
        Instant start = body.stamp("startTime");
        Instant end = body.stamp("endTime");
        if (start != null && end != null && !end.isAfter(start)) {
            throw new Problem(400, "endTime must be after startTime.");
        }
        String status = body.text("appointmentStatus");
        if (status != null && !STATUSES.contains(status)) {
            throw new Problem(400, "appointmentStatus must be one of %s.".formatted(String.join(", ", STATUSES)));
        }
    }

    private static void own(Records records, Resource resource, String field, String id) {
        if (records.get(resource, id) == null) {
            throw new Problem(400, "%s '%s' does not belong to this location.".formatted(field, id));
        }
    }
}
