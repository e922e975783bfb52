package io.crmbridge.sandbox.intellivizz;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Forms and surveys, and what people sent by them; without a time asked for, that of the last month. */
final class FormsApi {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration DAY = Duration.ofDays(1);

    void addTo(Endpoints endpoints) {
        add(endpoints, "forms", Resource.FORMS, Resource.FORM_SUBMISSIONS, "formId");
        add(endpoints, "surveys", Resource.SURVEYS, Resource.SURVEY_SUBMISSIONS, "surveyId");
    }

    private static void add(Endpoints endpoints, String word, Resource resource, Resource submissions, String idField) {
        String scope = word + ".read";
        endpoints.get("/" + word + "/", scope, call -> {
            Slice slice = call.read(
                    call.locationInQuery(),
                    Ask.of(resource).offset(call.number("skip", 0)).limit(call.limit(10, 50)));
            call.list(word, slice);
        });
        endpoints.get("/" + word + "/submissions", scope, call -> submissions(call, submissions, idField));
    }

    private static void submissions(Call call, Resource submissions, String idField) {
        Location location = call.locationInQuery();
        int page = Math.max(1, call.number("page", 1));
        int limit = call.limit(20, 100);
        Instant startAt = call.stamp("startAt");
        Slice slice = call.read(
                location,
                Ask.of(submissions)
                        .filter(Call.from(
                                startAt == null ? location.records().now().minus(MONTH) : startAt))
                        .filter(Call.until(end(call)))
                        .filter(Call.equal(idField, call.query(idField)))
                        .order(Order.ADDED_DESC)
                        .offset((page - 1) * limit)
                        .limit(limit));
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("total", slice.total());
        meta.put("currentPage", page);
        meta.put("nextPage", slice.more() ? page + 1 : null);
        meta.put("prevPage", page == 1 ? null : page - 1);
        call.list("submissions", slice.fields(), Map.of("meta", meta));
    }

    /** A date alone includes its day. */
    private static Instant end(Call call) {
        Instant end = call.stamp("endAt");
        return end != null && call.query("endAt").length() == 10 ? end.plus(DAY).minusMillis(1) : end;
    }
}
