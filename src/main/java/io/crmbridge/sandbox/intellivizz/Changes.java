package io.crmbridge.sandbox.intellivizz;

/** A list by since, limit and cursor, oldest change first. */
final class Changes {
    private Changes() {}

    static void since(Call call, Resource resource, String member) {
        Slice slice = call.read(
                call.locationInQuery(),
                Ask.of(resource)
                        .filter(Call.from(call.stamp("since")))
                        .order(Order.UPDATED_ASC)
                        .after(Position.of(call.query("cursor")))
                        .limit(call.limit(20, 100)));
        call.cursored(member, slice);
    }
}
