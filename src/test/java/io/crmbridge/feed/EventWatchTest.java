package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.Change;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.Quotas.Slowed;
import io.crmbridge.state.Quotas.Usage;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventWatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock("2026-03-01T10:00:00Z");
    private Store store;
    private LocalFeed feed;
    private EventWatch watch;
    private Source source;

    @BeforeEach
    void open() {
        store = Store.open(folder, clock);
        source = store.sources().source("default", "impactiveai");
        watch(Map.of());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void watch(Map<String, Duration> expected) {
        feed = new LocalFeed(store, EventWatch.FEED, clock, new ManualTimer(clock), Runnable::run);
        watch = new EventWatch(store, feed, () -> expected, DAY, clock);
    }

    private void after(Duration time) {
        clock.advance(time);
        watch.look();
    }

    private void refuse() {
        store.sources().mark(source.id(), Source.State.REFUSED, Optional.of("GET /auth answered 401"));
    }

    private List<JsonNode> events() {
        return store.log().read(feed.feedId(), 0, 0, 100).stream()
                .map(EventWatchTest::json)
                .toList();
    }

    private static JsonNode json(Change change) {
        try {
            return JSON.readTree(change.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> told() {
        return events().stream()
                .map(e -> e.path("state").asText() + " " + e.path("kind").asText() + " "
                        + e.path("subject").asText())
                .toList();
    }

    @Test
    void a_write_whose_outcome_is_unknown_is_told_until_a_person_has_decided() {
        long intent = store.intents()
                .plan(List.of(new Intent.Plan(source.id(), "k", "contacts", "create", "leads", "n", new byte[1])))
                .get(0)
                .id();
        after(Duration.ofSeconds(10));
        assertThat(told()).isEmpty();
        store.intents().happened(List.of(intent), IntentState.Event.HELD, Intent.Note.reason("two of them"));
        after(Duration.ofSeconds(10));
        assertThat(told()).containsExactly("new unknown-write default");
        store.intents().happened(List.of(intent), IntentState.Event.DROP, Intent.Note.NONE);
        after(Duration.ofSeconds(10));
        assertThat(told()).last().isEqualTo("over unknown-write default");
    }

    private void use(String limits, int calls, Optional<Slowed> slowed, Optional<Instant> spentAt) {
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        Usage usage = new Usage(
                limits, List.of(), new TreeMap<>(Map.of(minute, calls)), slowed, spentAt, clock.instant(), false);
        store.quotas().save(source.id(), usage, minute).toCompletableFuture().join();
    }

    @Test
    void a_spent_day_is_told_once_though_it_has_a_little_room_each_minute() {
        use("1000/1d", 999, Optional.empty(), Optional.empty());
        after(Duration.ofSeconds(10));
        assertThat(told()).isEmpty();
        use("1000/1d", 1000, Optional.empty(), Optional.of(clock.instant()));
        after(Duration.ofSeconds(10));
        use("1000/1d", 990, Optional.empty(), Optional.of(clock.instant()));
        after(Duration.ofSeconds(10));
        assertThat(told()).containsExactly("new quota default");
        assertThat(events().get(0).path("text").asText())
                .isEqualTo(
                        "connection default: daily quota spent, resumes at 2026-03-02T10:29:48Z; their support can raise it");
        after(Duration.ofHours(2));
        assertThat(told()).containsExactly("new quota default", "over quota default");
    }

    @Test
    void too_many_calls_by_the_crm_are_told_until_all_of_each_limit_is_used_again() {
        Instant now = clock.instant();
        use("100/1m", 1, Optional.of(new Slowed(80, 1, now, now.plusSeconds(10))), Optional.empty());
        after(Duration.ofSeconds(10));
        assertThat(told()).containsExactly("new quota default (slowed)");
        after(Duration.ofMinutes(10));
        assertThat(told()).last().isEqualTo("over quota default (slowed)");
    }

    @Test
    void a_write_that_cannot_be_looked_up_for_long_is_told() {
        long intent = store.intents()
                .plan(List.of(new Intent.Plan(source.id(), "k", "contacts", "create", "leads", "n", new byte[1])))
                .get(0)
                .id();
        store.intents().happened(List.of(intent), IntentState.Event.SEND, Intent.Note.NONE);
        after(Duration.ofMinutes(10));
        assertThat(told()).isEmpty();
        after(Duration.ofMinutes(10));

        assertThat(told()).containsExactly("new unknown-write default (open)");
    }

    @Test
    void a_cause_is_told_once_then_reminded_of_each_day_and_then_over() {
        watch.look();
        assertThat(told()).isEmpty();
        refuse();
        after(Duration.ofSeconds(10));
        after(Duration.ofHours(23));
        assertThat(told()).containsExactly("new key-refused default");
        assertThat(events().get(0).path("text").asText()).contains("connection default", "401");

        after(Duration.ofHours(2));
        after(Duration.ofHours(2));
        assertThat(told()).hasSize(2).last().isEqualTo("reminder key-refused default");
        assertThat(events().get(1).path("since").asText())
                .isEqualTo(events().get(0).path("since").asText());

        store.sources().bind(source.id(), "ws", "Workspace");
        after(Duration.ofSeconds(10));
        after(Duration.ofHours(48));
        assertThat(told()).hasSize(3).last().isEqualTo("over key-refused default");
    }

    @Test
    void a_restart_tells_nothing_twice_and_knows_what_was_open() {
        refuse();
        watch.look();
        store.close();
        store = Store.open(folder, clock);
        watch(Map.of());

        after(Duration.ofHours(1));
        assertThat(told()).hasSize(1);
        store.sources().bind(source.id(), "ws", "Workspace");
        after(Duration.ofHours(1));
        assertThat(told()).containsExactly("new key-refused default", "over key-refused default");

        refuse();
        after(Duration.ofHours(1));
        assertThat(told()).as("it comes back").hasSize(3).last().isEqualTo("new key-refused default");
    }

    @Test
    void a_poll_that_fails_is_told_when_it_has_failed_for_a_quarter_of_an_hour() {
        long deals = store.sources().lease(source.id(), "deals").id();
        store.sources().note(deals, Optional.of(clock.instant()), Optional.of(clock.instant()), 1, Optional.empty());
        store.sources().note(deals, Optional.of(clock.instant()), Optional.empty(), 2, Optional.of("HTML"));
        // Notes are written behind the caller's back.
        await().until(() -> store.sources().feed(deals).orElseThrow().error().isPresent());

        after(Duration.ofMinutes(14));
        assertThat(told()).isEmpty();
        after(Duration.ofMinutes(2));
        assertThat(told()).containsExactly("new feed-failing deals of default");
    }

    @Test
    void a_schedule_that_failed_is_told_until_it_succeeds() {
        store.subscriptions().routes("default", Map.of("report", Optional.empty()));
        store.schedules().fired("default", "report", clock.instant(), Optional.empty());
        store.schedules().ended("default", "report", clock.instant(), Optional.of("the mail server is down"));

        after(Duration.ofMinutes(16));
        assertThat(told()).containsExactly("new schedule-failed report");
        store.schedules().fired("default", "report", clock.instant(), Optional.empty());
        store.schedules().ended("default", "report", clock.instant(), Optional.empty());
        after(Duration.ofMinutes(1));
        assertThat(told()).last().isEqualTo("over schedule-failed report");
    }

    @Test
    void a_route_that_is_silent_longer_than_expected_is_stale_and_shown_so() {
        watch(Map.of("report", DAY));
        after(Duration.ofHours(23));
        assertThat(told()).isEmpty();

        after(Duration.ofHours(2));
        assertThat(told()).containsExactly("new stale report");
        assertThat(EventWatch.open(store, Cause.STALE))
                .singleElement()
                .asString()
                .contains("route report", "bridge.route.report.expect-every");

        store.schedules().fired("default", "report", clock.instant(), Optional.empty());
        store.schedules().ended("default", "report", clock.instant(), Optional.empty());
        after(Duration.ofMinutes(1));
        assertThat(told()).last().isEqualTo("over stale report");
        assertThat(EventWatch.open(store, Cause.STALE)).isEmpty();
    }
}
