package io.crmbridge.component.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.Effect;
import io.crmbridge.state.Schedules.Schedule;
import io.crmbridge.state.Store;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduledRouteTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));

    @TempDir
    private Path folder;

    private final List<Runnable> timed = new ArrayList<>();
    private final List<Exchange> fired = new CopyOnWriteArrayList<>();
    private Processor step = exchange -> {};
    private Store store;
    private CamelContext camel;

    @BeforeEach
    void open() {
        store = Store.open(folder, Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        stop();
        store.close();
    }

    private void stop() throws Exception {
        if (camel != null) {
            camel.close();
        }
    }

    /** Fires once a year, an hour ago. */
    private static String hourAgo() {
        ZonedDateTime at = HOUR_AGO.atZone(ZoneId.systemDefault());
        return "%d %d %d %d %d ?"
                .formatted(at.getSecond(), at.getMinute(), at.getHour(), at.getDayOfMonth(), at.getMonthValue());
    }

    private void start(String cron, boolean catchUp, Clock clock) throws Exception {
        camel = new DefaultCamelContext();
        camel.addRoutePolicyFactory(new ScheduledRoutes(
                store.schedules(),
                "default",
                catchUp,
                clock,
                (wait, task) -> timed.add(task),
                Runnable::run,
                new Random(1)));
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("quartz:report?cron=" + cron.replace(' ', '+'))
                        .routeId("report")
                        .process(fired::add)
                        .process(exchange -> step.process(exchange));
            }
        });
        camel.start();
    }

    private void start(String cron) throws Exception {
        start(cron, true, Clock.systemUTC());
    }

    private Schedule schedule() {
        return store.schedules().all().get(0);
    }

    private static String key(Exchange exchange) {
        return exchange.getMessage().getHeader(CrmConstants.IDEMPOTENCY_KEY, String.class);
    }

    private static String due(Exchange exchange) {
        return exchange.getMessage().getHeader(CrmConstants.DUE, String.class);
    }

    @Test
    void each_fire_is_on_record_with_the_next_and_has_a_key_of_its_own() throws Exception {
        start("0/1 * * * * ?");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> fired.size() >= 2 && schedule().succeeded().isPresent());

        assertThat(due(fired.get(0))).isNotEqualTo(due(fired.get(1)));
        assertThat(key(fired.get(0))).isNotEqualTo(key(fired.get(1)));
        assertThat(schedule().next()).isPresent();
        assertThat(schedule().failure()).isEmpty();
    }

    @Test
    void a_fire_that_was_missed_while_no_bridge_ran_runs_once_at_the_next_start() throws Exception {
        start(hourAgo(), true, Clock.offset(Clock.systemUTC(), Duration.ofHours(-2)));
        assertThat(fired).as("the first start has missed nothing").isEmpty();
        stop();
        store.schedules().plan("default", "report", Optional.empty());

        moveSinceBack();
        start(hourAgo());
        assertThat(fired).extracting(ScheduledRouteTest::due).containsExactly(HOUR_AGO.toString());
        assertThat(schedule().succeeded()).isPresent();
        stop();

        start(hourAgo());
        assertThat(fired).as("it is made up for").hasSize(1);
    }

    /** As if the schedule had first been seen two hours ago: a fire that ended then says the same. */
    private void moveSinceBack() {
        Instant before = NOW.minus(Duration.ofHours(2));
        store.schedules().fired("default", "report", before, Optional.empty());
        store.schedules().ended("default", "report", before, Optional.empty());
    }

    @Test
    void a_missed_fire_is_skipped_where_that_is_wished() throws Exception {
        moveSinceBack();

        start(hourAgo(), false, Clock.systemUTC());

        assertThat(fired).isEmpty();
    }

    @Test
    void a_fire_that_the_bridges_end_interrupted_runs_again_with_the_same_key() throws Exception {
        store.schedules().fired("default", "report", HOUR_AGO, Optional.empty());

        start(hourAgo());
        assertThat(fired).hasSize(1);
        assertThat(due(fired.get(0))).isEqualTo(HOUR_AGO.toString());
        stop();
        store.schedules().fired("default", "report", HOUR_AGO, Optional.empty());
        start(hourAgo());

        assertThat(fired).hasSize(2);
        assertThat(key(fired.get(1))).isEqualTo(key(fired.get(0)));
    }

    @Test
    void a_fire_that_fails_passingly_is_tried_again_without_what_has_succeeded() throws Exception {
        List<Boolean> doneBefore = new ArrayList<>();
        step = exchange -> {
            Effect effect = Effect.of(exchange, "smtp:example").orElseThrow();
            doneBefore.add(effect.isDone());
            effect.done();
            if (fired.size() == 1) {
                throw new ConnectException("secret@example.com");
            }
        };
        moveSinceBack();

        start(hourAgo());
        assertThat(schedule().failure())
                .hasValueSatisfying(failure -> assertThat(failure)
                        .contains("ConnectException", "tried again")
                        .doesNotContain("secret"));
        assertThat(timed).hasSize(1);
        timed.remove(0).run();

        assertThat(fired).hasSize(2);
        assertThat(key(fired.get(1))).isEqualTo(key(fired.get(0)));
        assertThat(doneBefore).containsExactly(false, true);
        assertThat(schedule().failure()).isEmpty();
        assertThat(schedule().succeeded()).isPresent();
        assertThat(timed).isEmpty();
    }

    @Test
    void a_fire_that_is_to_be_tried_again_is_after_a_restart_too_without_what_has_succeeded() throws Exception {
        List<Boolean> doneBefore = new ArrayList<>();
        step = exchange -> {
            Effect effect = Effect.of(exchange, "smtp:example").orElseThrow();
            doneBefore.add(effect.isDone());
            effect.done();
            if (fired.size() == 1) {
                throw new ConnectException();
            }
        };
        moveSinceBack();
        start(hourAgo());
        assertThat(schedule().ended()).as("it waits for its next try").isEmpty();
        stop();

        start(hourAgo());

        assertThat(fired).hasSize(2);
        assertThat(key(fired.get(1))).isEqualTo(key(fired.get(0)));
        assertThat(doneBefore).containsExactly(false, true);
        assertThat(schedule().succeeded()).isPresent();
        assertThat(schedule().attempts()).isEqualTo(2);
        timed.remove(0).run();
        assertThat(fired).as("the try that the stopped route had planned").hasSize(2);
    }

    @Test
    void a_fire_that_always_interrupts_the_bridge_is_given_up() throws Exception {
        for (int count = 0; count < 8; count++) {
            store.schedules().fired("default", "report", HOUR_AGO, Optional.empty());
        }
        step = exchange -> {
            throw new ConnectException();
        };

        start(hourAgo());

        assertThat(timed).isEmpty();
        assertThat(schedule().ended()).isPresent();
    }

    @Test
    void a_fire_that_fails_for_good_is_not_tried_again() throws Exception {
        step = exchange -> {
            throw new IllegalStateException("secret@example.com");
        };
        moveSinceBack();

        start(hourAgo());

        assertThat(fired).hasSize(1);
        assertThat(timed).isEmpty();
        assertThat(schedule().failure()).contains("IllegalStateException");
        assertThat(schedule().succeeded()).as("the one before").isPresent();
    }

    @Test
    void a_fire_gives_up_after_eight_tries() throws Exception {
        step = exchange -> {
            throw new ConnectException();
        };
        moveSinceBack();

        start(hourAgo());
        while (!timed.isEmpty()) {
            timed.remove(0).run();
        }

        assertThat(fired).hasSize(8);
        assertThat(schedule().failure()).contains("ConnectException");
    }
}
