package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.FaultFilter;
import io.crmbridge.sandbox.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Locations, whose list is the agency's alone, and their custom fields. */
final class LocationsApi {
    private static final String READ = "locations.read";

    private final String agencyId;

    LocationsApi(String agencyId) {
        this.agencyId = agencyId;
    }

    void addTo(Endpoints endpoints) {
        endpoints.get("/locations/search", READ, this::search);
        endpoints.get(
                "/locations/{id}", READ, call -> call.record(200, "location", row(call.location(call.path("id")))));
        endpoints.get("/locations/{id}/customFields", READ, call -> {
            Slice fields = call.read(call.location(call.path("id")), Ask.of(Resource.CUSTOM_FIELDS));
            call.list("customFields", fields.fields(), Map.of());
        });
    }

    private void search(Call call) {
        if (!call.access().isAgency()) {
            throw new Problem(403, "Only the agency's token lists locations.");
        }
        String companyId = call.query("companyId");
        if (companyId != null && !companyId.equals(agencyId)) {
            throw new Problem(403, "This token does not have access to the company '%s'.".formatted(companyId));
        }
        int limit = FaultFilter.listChange(call.context()).cappedAt(call.limit(10, 100));
        List<Map<String, Object>> rows = call.locations().all().stream()
                .skip(call.number("skip", 0))
                .limit(limit)
                .map(this::row)
                .toList();
        call.list("locations", rows, Map.of("total", call.locations().all().size()));
    }

    private Map<String, Object> row(Location location) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", location.id());
        row.put("companyId", agencyId);
        row.put("name", location.name());
        row.put("email", location.id().replace('_', '-') + "@example.com");
        row.put("timezone", "UTC");
        return row;
    }
}
