package io.crmbridge.sandbox.intellivizz;

import io.crmbridge.sandbox.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes a location look alive: people come, change, book and buy by themselves, in the same order in every run with one seed. */
final class LocationActivity implements AutoCloseable {
    private static final int MOST_PEOPLE = 1_000;

    private final Records records;
    private final Random random;
    private final Ticker ticker = new Ticker("sandbox-intellivizz-activity", this::tick);

    LocationActivity(Records records, long seed) {
        this.records = records;
        random = new Random(seed);
    }

    void start(double changesPerSecond) {
        ticker.start(changesPerSecond);
    }

    /** One thing that happens: four in ten to a contact, three to an opportunity, the others are bookings and forms. */
    void tick() {
        List<Row> people = records.where(Resource.CONTACTS, contact -> true);
        int dice = random.nextInt(10);
        if (people.isEmpty() || dice == 0 && people.size() < MOST_PEOPLE) {
            SeedData.create(records, Resource.CONTACTS, SeedData.contact(people.size() + 1));
            return;
        }
        String contactId = oneOf(people).id();
        switch (dice) {
            case 0, 1, 2, 3 ->
                records.update(Resource.CONTACTS, contactId, Map.of("companyName", "Example " + random.nextInt(1_000)));
            case 4, 5, 6 -> opportunity(contactId);
            case 7 ->
                SeedData.create(
                        records,
                        Resource.APPOINTMENTS,
                        SeedData.appointment(contactId, records.now().plus(Duration.ofHours(1L + random.nextInt(99)))));
            default ->
                SeedData.create(
                        records,
                        Resource.FORM_SUBMISSIONS,
                        SeedData.submission(records, 1 + random.nextInt(MOST_PEOPLE), contactId));
        }
    }

    @Override
    public void close() {
        ticker.close();
    }

    /** Moved on by one of its stages; won, one in three, where it stands in the last. */
    private void opportunity(String contactId) {
        List<Row> open = records.where(Resource.OPPORTUNITIES, row -> "open".equals(row.text("status")));
        if (open.isEmpty()) {
            int number = records.where(Resource.OPPORTUNITIES, row -> true).size() + 1;
            SeedData.create(records, Resource.OPPORTUNITIES, SeedData.opportunity(number, contactId));
            return;
        }
        Row row = oneOf(open);
        Row pipeline = records.get(Resource.PIPELINES, row.text("pipelineId"));
        List<String> stages =
                pipeline == null ? List.of() : List.copyOf(Stages.of(pipeline).keySet());
        int next = stages.indexOf(row.text("pipelineStageId")) + 1;
        Map<String, Object> change = new LinkedHashMap<>();
        if (next < stages.size()) {
            change.put("pipelineStageId", stages.get(next));
        } else {
            change.put("status", random.nextInt(3) == 0 ? "won" : "lost");
        }
        records.update(Resource.OPPORTUNITIES, row.id(), change);
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
