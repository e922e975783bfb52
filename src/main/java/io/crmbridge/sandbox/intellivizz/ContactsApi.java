package io.crmbridge.sandbox.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.sandbox.Body;
import io.crmbridge.sandbox.FaultFilter;
import io.crmbridge.sandbox.Json;
import io.crmbridge.sandbox.Problem;
import io.crmbridge.sandbox.WebServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Contacts: create, read, change, upsert, delete and search. */
final class ContactsApi {
    private static final String READ = "contacts.read";
    private static final String WRITE = "contacts.write";
    private static final int USUAL_PAGE = 20;
    private static final int LARGEST_PAGE = 100;

    void addTo(Endpoints endpoints) {
        endpoints.post("/contacts/search", READ, ContactsApi::search);
        endpoints.post("/contacts/upsert", WRITE, ContactsApi::upsert);
        endpoints.post("/contacts/", WRITE, ContactsApi::create);
        endpoints.get(
                "/contacts/{id}",
                READ,
                call -> call.record(
                        200, "contact", call.find(Resource.CONTACTS).row().fields()));
        endpoints.put("/contacts/{id}", WRITE, call -> {
            Call.Found found = call.find(Resource.CONTACTS);
            call.record(
                    200,
                    "contact",
                    found.records().update(Resource.CONTACTS, found.row().id(), call.fields()));
        });
        endpoints.delete("/contacts/{id}", WRITE, call -> {
            Call.Found found = call.find(Resource.CONTACTS);
            found.records().remove(Resource.CONTACTS, found.row().id());
            call.succeeded();
        });
    }

    private static void search(Call call) {
        Body body = call.body();
        Location location = call.location(body.text("locationId"));
        int limit = body.has("pageLimit") ? body.wholeNumber("pageLimit", 1, LARGEST_PAGE) : USUAL_PAGE;
        Ask ask = Ask.of(Resource.CONTACTS)
                .filter(Filters.of(body.node().path("filters")))
                .order(order(body.node().path("sort")))
                .limit(limit);
        if (body.has("page")) {
            ask = ask.offset((body.wholeNumber("page", 1, Integer.MAX_VALUE / LARGEST_PAGE) - 1) * limit);
        }
        Slice slice = call.read(location, ask.after(searchAfter(body.node().path("searchAfter"))));
        List<Map<String, Object>> rows = slice.rows().stream()
                .map(row -> {
                    Map<String, Object> shown = new LinkedHashMap<>(row.fields());
                    Position position = slice.order().of(row);
                    shown.put("searchAfter", List.of(position.millis(), position.id()));
                    return shown;
                })
                .toList();
        call.list("contacts", rows, Map.of("total", slice.total()));
    }

    private static Order order(JsonNode sort) {
        if (sort.isMissingNode() || sort.isEmpty()) {
            return Order.ADDED_DESC;
        }
        JsonNode first = sort.path(0);
        String by = first.path("field").asText() + " " + first.path("direction").asText();
        return switch (by) {
            case "dateUpdated asc" -> Order.UPDATED_ASC;
            case "dateUpdated desc" -> Order.UPDATED_DESC;
            case "dateAdded asc" -> Order.ADDED_ASC;
            case "dateAdded desc" -> Order.ADDED_DESC;
            default ->
                throw new Problem(
                        400,
                        "sort must be an array whose first member has dateUpdated or dateAdded as its field and asc or desc as its direction.");
        };
    }

    private static Position searchAfter(JsonNode after) {
        if (after.isMissingNode() || after.isNull() || after.isArray() && after.isEmpty()) {
            return null;
        }
        if (!after.isArray() || after.size() != 2 || !after.get(0).isIntegralNumber()) {
            throw new Problem(400, "searchAfter must be what a row of the page before has as its searchAfter.");
        }
        return new Position(after.get(0).longValue(), after.get(1).asText());
    }

    private static void create(Call call) {
        Location location = call.location(call.body().text("locationId"));
        Map<String, Object> fields = identified(call.fields());
        synchronized (location.records()) {
            Optional<Row> twin = location.refusesDuplicates() ? sameAddress(location, fields) : Optional.empty();
            if (twin.isPresent()) {
                throw new Problem(
                        400,
                        "This location does not allow duplicate contacts: %s has this address."
                                .formatted(twin.get().id()));
            }
            call.record(201, "contact", created(location, fields));
        }
    }

    private static void upsert(Call call) {
        Location location = call.location(call.body().text("locationId"));
        Map<String, Object> fields = identified(call.fields());
        Map<String, Object> answer = new LinkedHashMap<>();
        synchronized (location.records()) {
            Optional<Row> known = sameAddress(location, fields);
            answer.put("new", known.isEmpty());
            answer.put(
                    "contact",
                    known.isPresent()
                            ? location.records()
                                    .update(Resource.CONTACTS, known.get().id(), fields)
                            : created(location, fields));
        }
        FaultFilter.rowsAreIn(call.context(), "contact");
        WebServer.json(call.context(), known(answer) ? 200 : 201, Json.write(answer));
    }

    private static boolean known(Map<String, Object> answer) {
        return Boolean.FALSE.equals(answer.get("new"));
    }

    private static Map<String, Object> created(Location location, Map<String, Object> fields) {
        return location.records().create(Resource.CONTACTS, Defaults.of(Resource.CONTACTS, fields, location.records()));
    }

    private static Map<String, Object> identified(Map<String, Object> fields) {
        boolean somebody = List.of("email", "phone", "firstName", "lastName", "name").stream()
                .anyMatch(field -> fields.get(field) instanceof String text && !text.isBlank());
        if (!somebody) {
            throw new Problem(400, "A contact needs an email, a phone or a name.");
        }
        return fields;
    }

    private static Optional<Row> sameAddress(Location location, Map<String, Object> fields) {
        return fields.get("email") instanceof String email
                ? location
                        .records()
                        .where(Resource.CONTACTS, row -> email.trim().equalsIgnoreCase(row.text("email")))
                        .stream()
                        .findFirst()
                : Optional.empty();
    }
}
