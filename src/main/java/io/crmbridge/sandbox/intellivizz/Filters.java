package io.crmbridge.sandbox.intellivizz;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.sandbox.Problem;
import io.crmbridge.sandbox.Stamps;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** The filters in the body of a search: all of them must hold. */
final class Filters {
    private Filters() {}

    static Predicate<Row> of(JsonNode filters) {
        Predicate<Row> all = row -> true;
        if (filters.isMissingNode() || filters.isNull()) {
            return all;
        }
        if (!filters.isArray()) {
            throw new Problem(400, "filters must be an array.");
        }
        for (JsonNode filter : filters) {
            all = all.and(one(filter));
        }
        return all;
    }

    private static Predicate<Row> one(JsonNode filter) {
        String field = filter.path("field").asText();
        String operator = filter.path("operator").asText();
        JsonNode value = filter.path("value");
        if (field.isEmpty()) {
            throw new Problem(400, "A filter must name its field.");
        }
        return switch (operator) {
            case "eq" -> row -> same(row, field, value);
            case "not_eq" -> row -> !same(row, field, value);
            case "contains" -> row -> text(row, field).contains(value.asText().toLowerCase(Locale.ROOT));
            case "exists" -> row -> row.fields().get(field) != null;
            case "not_exists" -> row -> row.fields().get(field) == null;
            case "range" -> range(field, value);
            default ->
                throw new Problem(
                        400,
                        "operator '%s' is none of eq, not_eq, contains, exists, not_exists and range."
                                .formatted(operator));
        };
    }

    /** A bound that is left out bounds nothing. */
    private static Predicate<Row> range(String field, JsonNode value) {
        Instant gte = bound(value, "gte");
        Instant gt = bound(value, "gt");
        Instant lte = bound(value, "lte");
        Instant lt = bound(value, "lt");
        return row -> {
            Optional<Instant> at = at(row, field);
            return at.isPresent()
                    && (gte == null || !at.get().isBefore(gte))
                    && (gt == null || at.get().isAfter(gt))
                    && (lte == null || !at.get().isAfter(lte))
                    && (lt == null || at.get().isBefore(lt));
        };
    }

    /** Those by which rows are sorted are read already. */
    private static Optional<Instant> at(Row row, String field) {
        return switch (field) {
            case "dateUpdated" -> Optional.of(row.stamp());
            case "dateAdded" -> Optional.of(row.added());
            default -> Stamps.parse(row.fields().get(field));
        };
    }

    private static Instant bound(JsonNode value, String name) {
        JsonNode bound = value.path(name);
        if (bound.isMissingNode() || bound.isNull()) {
            return null;
        }
        return bound.isIntegralNumber()
                ? Instant.ofEpochMilli(bound.longValue())
                : Stamps.parse(bound.asText())
                        .orElseThrow(() -> new Problem(
                                400,
                                "%s of a range must be an ISO 8601 date and time, and is '%s'."
                                        .formatted(name, bound.asText())));
    }

    private static boolean same(Row row, String field, JsonNode value) {
        return text(row, field).equals(value.asText().toLowerCase(Locale.ROOT));
    }

    private static String text(Row row, String field) {
        Object value = row.fields().get(field);
        return value == null ? "" : String.valueOf(value).toLowerCase(Locale.ROOT);
    }
}
