package io.crmbridge.sandbox.intellivizz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LimitsTest extends IntellivizzTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private int call() throws IOException {
        return crm.get("/locations/loc_sandbox").statusCode();
    }

    @Test
    void the_documented_limits_hold_unless_others_are_set() throws IOException {
        sandbox.timeRequestsByClock();
        sandbox.limits(RateLimit.DOCUMENTED.toArray(RateLimit[]::new));
        for (int i = 0; i < 30; i++) {
            assertThat(call()).isEqualTo(200);
        }
        var refused = crm.get("/locations/loc_sandbox");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("10");
        assertThat(refused.headers().firstValue("Date")).isPresent();
        assertThat(Caller.message(refused)).contains("Too many requests");
        assertThat(sandbox.requests(location.key())).isEqualTo(31);
        assertThat(sandbox.refusedByLimit(location.key())).isEqualTo(1);
        assertThat(sandbox.requests(sandbox.agencyKey())).isZero();
    }

    @Test
    void a_burst_over_the_edge_of_a_window_is_refused() throws IOException {
        sandbox.timeRequestsByClock();
        sandbox.limits(new RateLimit(4, TEN_SECONDS));
        for (int second : new int[] {9, 0, 0, 2}) {
            clock.advance(Duration.ofSeconds(second));
            assertThat(call()).isEqualTo(200);
        }
        assertThat(call()).isEqualTo(429);
        // The refused one counts: two of the first three must leave the window.
        clock.advance(Duration.ofSeconds(8).minusMillis(1));
        assertThat(call()).isEqualTo(429);
        clock.advance(TEN_SECONDS);
        assertThat(call()).isEqualTo(200);
        assertThat(sandbox.refusedByLimit(location.key())).isEqualTo(2);
    }

    @Test
    void who_waits_as_asked_is_let_in() throws IOException {
        sandbox.timeRequestsByClock();
        sandbox.limits(new RateLimit(3, TEN_SECONDS), new RateLimit(5, Duration.ofMinutes(1)));
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            var answer = crm.get("/locations/loc_sandbox");
            if (answer.statusCode() == 429) {
                refused++;
                clock.advance(Duration.ofSeconds(Long.parseLong(
                        answer.headers().firstValue("Retry-After").orElseThrow())));
                assertThat(call()).as("call %d", i).isEqualTo(200);
            }
            clock.advance(Duration.ofMillis(700));
        }
        assertThat(refused).isPositive();
        assertThat(sandbox.mostInWindow(location.key(), TEN_SECONDS)).isEqualTo(4);
    }

    @Test
    void the_most_in_any_window_is_exact() throws IOException {
        sandbox.timeRequestsByClock();
        Random random = new Random(7);
        long[] times = new long[60];
        long now = 0;
        for (int i = 0; i < times.length; i++) {
            long step = random.nextInt(4) * 500L;
            now += step;
            times[i] = now;
            clock.advance(Duration.ofMillis(step));
            call();
        }
        for (Duration window : List.of(Duration.ofMillis(1), Duration.ofSeconds(1), TEN_SECONDS)) {
            int most = 0;
            for (long first : times) {
                int inside = 0;
                for (long time : times) {
                    inside += time >= first && time < first + window.toMillis() ? 1 : 0;
                }
                most = Math.max(most, inside);
            }
            assertThat(sandbox.mostInWindow(location.key(), window))
                    .as("%s", window)
                    .isEqualTo(most);
        }
        assertThat(sandbox.mostInWindow(location.key(), Duration.ofDays(1))).isEqualTo(60);
    }

    @Test
    void every_request_counts_whatever_it_is_answered() throws IOException {
        crm.get("/nothing");
        crm.get("/contacts/unknown");
        crm.post("/contacts/", "no object");
        sandbox.faults().on("GET", "/forms").status(500).arm();
        crm.get("/forms/?locationId=loc_sandbox");
        String old = location.key();
        location.revokeKey();
        assertThat(call()).isEqualTo(401);
        assertThat(sandbox.requests(old)).isEqualTo(5);
        assertThat(sandbox.requests("GET", "/")).isEqualTo(4);
        assertThat(sandbox.requests("POST", "/contacts")).isEqualTo(1);
        assertThatThrownBy(() -> sandbox.requests("ivz_unknown"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("ivz_unknown");
    }

    @Test
    void the_machines_own_time_counts_where_nothing_else_is_said() throws IOException {
        sandbox.limits(new RateLimit(2, Duration.ofHours(1)));
        call();
        call();
        clock.advance(Duration.ofDays(2));
        assertThat(call()).isEqualTo(429);
    }
}
