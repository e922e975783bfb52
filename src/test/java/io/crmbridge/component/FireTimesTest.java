package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FireTimesTest {
    private static final Instant NOW = Instant.parse("2026-03-27T12:00:00Z");

    private static FireTimes times(String cron, String zone) {
        return new FireTimes(cron, Optional.ofNullable(zone), NOW);
    }

    @Test
    void six_in_the_morning_is_that_of_the_zone_also_when_summer_time_begins() {
        FireTimes six = times("0 0 6 * * ?", "Europe/Berlin");

        assertThat(six.next(NOW)).contains(Instant.parse("2026-03-28T05:00:00Z"));
        assertThat(six.next(Instant.parse("2026-03-28T12:00:00Z"))).contains(Instant.parse("2026-03-29T04:00:00Z"));
    }

    @Test
    void the_last_fire_that_was_due_is_found_over_a_week_end() {
        FireTimes weekdays = times("0 0 6 ? * MON-FRI", "UTC");

        assertThat(weekdays.last(Instant.parse("2026-03-23T06:00:00Z"), Instant.parse("2026-03-29T12:00:00Z")))
                .contains(Instant.parse("2026-03-27T06:00:00Z"));
        assertThat(weekdays.last(Instant.parse("2026-03-27T06:00:00Z"), Instant.parse("2026-03-29T12:00:00Z")))
                .isEmpty();
    }

    @Test
    void the_last_fire_of_one_that_fires_each_second_is_found_after_a_year() {
        assertThat(times("* * * * * ?", "UTC").last(NOW.minusSeconds(366L * 24 * 3600), NOW))
                .contains(NOW);
    }

    @Test
    void what_is_wrong_is_told_with_what_to_write() {
        assertThatThrownBy(() -> times("0 0 6 * * *", null))
                .hasMessageContainingAll("no Quartz expression", "write for example");
        assertThatThrownBy(() -> times("0 0 0 30 2 ?", null)).hasMessageContaining("never fires");
        assertThatThrownBy(() -> times("0 0 0 1 1 ? 2020", null)).hasMessageContaining("never fires");
        assertThatThrownBy(() -> times("0 0 6 * * ?", "Europe/Berlni"))
                .hasMessageContainingAll("no time zone \"Europe/Berlni\"", "did you mean \"Europe/Berlin\"?");
    }
}
