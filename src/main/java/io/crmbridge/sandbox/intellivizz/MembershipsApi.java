package io.crmbridge.sandbox.intellivizz;

/** Members, courses and how far each member is; no public page shows their calls. */
final class MembershipsApi {
    private static final String READ = "memberships.read";

    void addTo(Endpoints endpoints) {
        endpoints.get("/memberships/members", READ, call -> Changes.since(call, Resource.MEMBERS, "members"));
        endpoints.get("/memberships/progress", READ, call -> Changes.since(call, Resource.COURSE_PROGRESS, "progress"));
        endpoints.get("/memberships/courses", READ, call -> {
            int page = Math.max(1, call.number("page", 1));
            int limit = call.limit(20, 100);
            Slice courses = call.read(
                    call.locationInQuery(),
                    Ask.of(Resource.COURSES).offset((page - 1) * limit).limit(limit));
            call.list("courses", courses);
        });
    }
}
