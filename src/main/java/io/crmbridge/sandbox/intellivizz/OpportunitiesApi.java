package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Body;
import io.crmbridge.sandbox.Problem;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Opportunities and their pipelines. */
final class OpportunitiesApi {
    private static final String READ = "opportunities.read";
    private static final String WRITE = "opportunities.write";
    private static final List<String> STATUSES = List.of("open", "won", "lost", "abandoned");

    void addTo(Endpoints endpoints) {
        endpoints.get("/opportunities/search", READ, OpportunitiesApi::search);
        endpoints.get("/opportunities/pipelines", READ, call -> {
            Slice pipelines = call.read(call.locationInQuery(), Ask.of(Resource.PIPELINES));
            call.list("pipelines", pipelines.fields(), Map.of());
        });
        endpoints.post("/opportunities/", WRITE, OpportunitiesApi::create);
        endpoints.get(
                "/opportunities/{id}",
                READ,
                call -> call.record(
                        200,
                        "opportunity",
                        call.find(Resource.OPPORTUNITIES).row().fields()));
        endpoints.put("/opportunities/{id}", WRITE, call -> {
            Call.Found found = call.find(Resource.OPPORTUNITIES);
            Map<String, Object> fields = call.fields();
            check(found.location(), fields, found.row().fields());
            call.record(
                    200,
                    "opportunity",
                    found.records().update(Resource.OPPORTUNITIES, found.row().id(), fields));
        });
        endpoints.delete("/opportunities/{id}", WRITE, call -> {
            Call.Found found = call.find(Resource.OPPORTUNITIES);
            found.records().remove(Resource.OPPORTUNITIES, found.row().id());
            call.succeeded();
        });
    }

    private static void search(Call call) {
        Instant after = call.stamp("updatedAfter");
        Slice slice = call.read(
                call.location(call.query("location_id")),
                Ask.of(Resource.OPPORTUNITIES)
                        .filter(row -> after == null || row.stamp().isAfter(after))
                        .filter(Call.equal("pipelineId", call.query("pipeline_id")))
                        .filter(Call.equal("contactId", call.query("contact_id")))
                        .filter(Call.equal("status", status(call.query("status"))))
                        .order(order(call.query("order")))
                        .after(call.startAfter("startAfter", "startAfterId"))
                        .limit(call.limit(20, 100)));
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("total", slice.total());
        meta.put("startAfter", slice.more() ? slice.last().millis() : null);
        meta.put("startAfterId", slice.more() ? slice.last().id() : null);
        call.list("opportunities", slice.fields(), Map.of("meta", meta, "aggregations", Map.of()));
    }

    private static String status(String asked) {
        return "all".equals(asked) ? null : asked;
    }

    private static Order order(String asked) {
        if (asked == null) {
            return Order.ADDED_DESC;
        }
        return switch (asked) {
            case "updated_asc" -> Order.UPDATED_ASC;
            case "updated_desc" -> Order.UPDATED_DESC;
            case "added_asc" -> Order.ADDED_ASC;
            case "added_desc" -> Order.ADDED_DESC;
            default ->
                throw new Problem(
                        400,
                        "order must be updated_asc, updated_desc, added_asc or added_desc, and is '%s'."
                                .formatted(asked));
        };
    }

    private static void create(Call call) {
        Body body = call.body();
        Location location = call.location(body.text("locationId"));
        for (String field : List.of("name", "pipelineId", "contactId")) {
            body.requiredText(field);
        }
        Map<String, Object> fields = call.fields();
        check(location, fields, Map.of());
        call.record(
                201,
                "opportunity",
                location.records()
                        .create(
                                Resource.OPPORTUNITIES,
                                Defaults.of(Resource.OPPORTUNITIES, fields, location.records())));
    }

    private static void check(Location location, Map<String, Object> fields, Map<String, Object> before) {
        if (fields.containsKey("status") && !STATUSES.contains(String.valueOf(fields.get("status")))) {
            throw new Problem(400, "status must be one of %s.".formatted(String.join(", ", STATUSES)));
        }
        own(location, Resource.CONTACTS, "contactId", fields);
        own(location, Resource.PIPELINES, "pipelineId", fields);
        Object stage = fields.get("pipelineStageId");
        Object pipelineId = fields.getOrDefault("pipelineId", before.get("pipelineId"));
        Row pipeline = location.records().get(Resource.PIPELINES, String.valueOf(pipelineId));
        if (stage != null && (pipeline == null || !Stages.of(pipeline).containsKey(String.valueOf(stage)))) {
            throw new Problem(400, "pipelineStageId '%s' is no stage of the pipeline.".formatted(stage));
        }
    }

    private static void own(Location location, Resource resource, String field, Map<String, Object> fields) {
        Object id = fields.get(field);
        if (id != null && location.records().get(resource, String.valueOf(id)) == null) {
            throw new Problem(400, "%s '%s' does not belong to this location.".formatted(field, id));
        }
    }
}
