package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.state.Quotas.Slowed;
import io.crmbridge.state.Quotas.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every backend's quotas do. */
abstract class QuotasContractTest extends StoreContract {
    private static final Instant MINUTE = Instant.parse("2026-03-01T10:00:00Z");

    private Usage usage(List<Instant> recent, Map<Instant, Integer> minutes, boolean clean) {
        return new Usage(
                "30/10s,100000/1d",
                recent,
                new TreeMap<>(minutes),
                Optional.empty(),
                Optional.empty(),
                clock.instant(),
                clean);
    }

    private void save(long sourceId, Usage usage, Instant minutesFrom) {
        store.quotas().save(sourceId, usage, minutesFrom).toCompletableFuture().join();
    }

    @Test
    void a_connection_that_has_called_nothing_has_no_usage() {
        assertThat(store.quotas().load(source.id())).isEmpty();
        assertThat(store.quotas().all()).isEmpty();
    }

    @Test
    void usage_is_read_back_as_it_was_saved_also_after_a_restart_and_by_another_process() {
        Instant now = clock.instant().plus(123_456, ChronoUnit.MICROS);
        Usage full = new Usage(
                "30/10s,100000/1d",
                List.of(now.minusSeconds(3), now.minusSeconds(1), now),
                new TreeMap<>(Map.of(MINUTE, 7, MINUTE.minusSeconds(60), 90)),
                Optional.of(new Slowed(64, 2, now.minusSeconds(2), now.plusSeconds(20))),
                Optional.of(now.minusSeconds(500)),
                now,
                true);
        save(source.id(), full, Instant.EPOCH);
        reopen();

        assertThat(store.quotas().load(source.id())).contains(full);
        try (Store other = attachStore()) {
            assertThat(other.quotas().all()).isEqualTo(Map.of(source.id(), full));
        }
    }

    @Test
    void the_last_save_counts_and_minutes_that_it_does_not_name_stay() {
        save(source.id(), usage(List.of(clock.instant()), Map.of(MINUTE, 3, MINUTE.plusSeconds(60), 5), false), MINUTE);
        clock.forward(Duration.ofSeconds(70));
        Usage second = usage(List.of(), Map.of(MINUTE.plusSeconds(60), 9), true);
        save(source.id(), second, MINUTE);

        Usage read = store.quotas().load(source.id()).orElseThrow();
        assertThat(read.recent()).isEmpty();
        assertThat(read.clean()).isTrue();
        assertThat(read.savedAt()).isEqualTo(clock.instant());
        assertThat(read.minutes()).isEqualTo(Map.of(MINUTE, 3, MINUTE.plusSeconds(60), 9));
    }

    @Test
    void minutes_before_the_longest_window_are_forgotten_and_those_of_other_connections_are_not() {
        long other = store.sources().source("other", "impactiveai").id();
        save(other, usage(List.of(), Map.of(MINUTE, 1), false), MINUTE);
        save(source.id(), usage(List.of(), Map.of(MINUTE, 1, MINUTE.plusSeconds(60), 2), false), MINUTE);
        save(source.id(), usage(List.of(), Map.of(), false), MINUTE.plusSeconds(60));

        assertThat(store.quotas().load(source.id()).orElseThrow().minutes())
                .isEqualTo(Map.of(MINUTE.plusSeconds(60), 2));
        assertThat(store.quotas().load(other).orElseThrow().minutes()).isEqualTo(Map.of(MINUTE, 1));
    }

    @Test
    void what_is_forgotten_of_one_connection_stays_of_the_others() {
        long other = store.sources().source("other", "impactiveai").id();
        save(other, usage(List.of(), Map.of(MINUTE, 1), false), MINUTE);
        save(source.id(), usage(List.of(), Map.of(MINUTE, 1), false), MINUTE);
        store.quotas().forget(source.id()).toCompletableFuture().join();
        assertThat(store.quotas().all()).containsOnlyKeys(other);

        save(source.id(), usage(List.of(), Map.of(), false), MINUTE);
        assertThat(store.quotas().load(source.id()).orElseThrow().minutes()).isEmpty();
    }

    @Test
    void what_was_handed_over_before_the_store_closed_is_saved() {
        for (int i = 1; i <= 20; i++) {
            store.quotas().save(source.id(), usage(List.of(), Map.of(MINUTE, i), false), MINUTE);
        }
        reopen();

        assertThat(store.quotas().load(source.id()).orElseThrow().minutes()).isEqualTo(Map.of(MINUTE, 20));
    }
}
