package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeedAndActivityTest {
    private final SettableClock clock = new SettableClock();

    private Records records(long seed) {
        Records records = new Records("loc", clock, seed, (resource, location, before, after) -> {});
        SeedData.settings(records);
        return records;
    }

    private static Map<Resource, List<Row>> all(Records records) {
        Map<Resource, List<Row>> all = new TreeMap<>();
        for (Resource resource : Resource.values()) {
            all.put(resource, records.where(resource, row -> true));
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOTES", "WORKFLOW_RUNS"})
    void every_resource_has_seed_data_of_people_who_do_not_exist(Resource resource) {
        Records records = records(1);
        SeedData.people(records, 6);
        List<Row> rows = records.where(resource, row -> true);
        assertThat(rows).isNotEmpty();
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.fields().getOrDefault("email", "a@example.com"))
                        .asString()
                        .endsWith("@example.com"));
        if (resource.updated() != null && resource != Resource.WORKFLOWS) {
            assertThat(rows).allSatisfy(row -> assertThat(row.stamp()).isBefore(clock.instant()));
        }
    }

    @Test
    void the_same_seed_gives_the_same_records_and_the_same_activity() {
        Records first = records(7);
        Records second = records(7);
        for (Records records : List.of(first, second)) {
            SeedData.people(records, 5);
            try (LocationActivity activity = new LocationActivity(records, 3)) {
                for (int i = 0; i < 200; i++) {
                    activity.tick();
                }
            }
        }
        assertThat(all(first)).isEqualTo(all(second));
    }

    @Test
    void activity_changes_people_moves_and_wins_opportunities_books_and_submits() {
        Records records = records(1);
        try (LocationActivity activity = new LocationActivity(records, 1)) {
            for (int i = 0; i < 400; i++) {
                activity.tick();
            }
        }
        assertThat(records.where(Resource.CONTACTS, row -> row.text("companyName") != null))
                .isNotEmpty();
        assertThat(records.where(Resource.OPPORTUNITIES, row -> "won".equals(row.text("status"))))
                .isNotEmpty();
        assertThat(records.where(Resource.APPOINTMENTS, row -> true)).isNotEmpty();
        assertThat(records.where(Resource.FORM_SUBMISSIONS, row -> true)).isNotEmpty();
    }

    @Test
    void it_runs_by_itself_once_it_is_started() {
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults().withSeedRecords(2))) {
            IntellivizzSandbox crm = sandbox.intellivizz();
            assertThat(crm.location().all("contacts")).hasSize(2);
            assertThat(crm.addLocation("loc_b", "B").all("opportunities")).hasSize(2);
            crm.startActivity(500);
            await().untilAsserted(() ->
                    assertThat(crm.location().all("form-submissions")).hasSizeGreaterThan(3));
        }
    }
}
