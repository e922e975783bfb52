package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.feed.Dispatching.Route;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A feed is polled for whoever reads its mirror, also where no route is on it. */
@Timeout(60)
class MirrorReadingTest {
    @TempDir
    Path folder;

    private Dispatching bridge;

    @BeforeEach
    void open() {
        bridge = new Dispatching(folder);
    }

    @AfterEach
    void close() {
        bridge.close();
    }

    private void keepPolled(Duration delay) {
        bridge.runtime.keepPolled("default", "deals", delay);
        bridge.run();
    }

    /** A poll may take two calls. */
    private long pollsAfter(Duration time) {
        long before = bridge.runtime.known("default", "deals").polls();
        bridge.after(time);
        return bridge.runtime.known("default", "deals").polls() - before;
    }

    @Test
    void a_feed_without_a_route_is_polled_at_once_and_then_at_the_delay() {
        keepPolled(Duration.ofMinutes(7));

        assertThat(bridge.runtime.known("default", "deals").freshAt()).contains(bridge.clock.instant());
        assertThat(pollsAfter(Duration.ofMinutes(7).minusMillis(1))).isZero();
        assertThat(pollsAfter(Duration.ofMillis(1))).isEqualTo(1);
    }

    @Test
    void the_shortest_delay_of_readers_and_routes_holds_in_whatever_order_they_come() {
        keepPolled(Duration.ofMinutes(7));
        keepPolled(Duration.ofMinutes(2));
        keepPolled(Duration.ofMinutes(9));
        assertThat(pollsAfter(Duration.ofMinutes(2))).isEqualTo(1);

        // The route asks for a poll every five minutes.
        SubscriptionHandle handle = bridge.start(new Route());
        assertThat(pollsAfter(Duration.ofMinutes(2))).isEqualTo(1);

        keepPolled(Duration.ofMinutes(1));
        assertThat(pollsAfter(Duration.ofMinutes(1))).isEqualTo(1);
        handle.close();
        assertThat(pollsAfter(Duration.ofMinutes(1))).isEqualTo(1);
    }

    @Test
    void the_first_look_makes_the_poll_that_was_not_made_yet_and_later_ones_make_none() {
        bridge.runtime.keepPolled("default", "deals", Duration.ofMinutes(5));
        assertThat(bridge.crm.calls).isZero();

        assertThat(bridge.runtime.known("default", "deals").freshAt()).isPresent();
        assertThat(bridge.crm.calls).isEqualTo(1);

        bridge.runtime.known("default", "deals");
        assertThat(bridge.crm.calls).isEqualTo(1);
    }

    @Test
    void a_look_after_a_restart_waits_for_a_fresh_poll() {
        keepPolled(Duration.ofMinutes(5));
        bridge.restart();
        bridge.clock.advance(Duration.ofHours(9));
        bridge.runtime.keepPolled("default", "deals", Duration.ofMinutes(5));

        assertThat(bridge.runtime.known("default", "deals").freshAt()).contains(bridge.clock.instant());
    }

    @Test
    void while_the_crm_is_down_looks_do_not_call_it_more_often() {
        bridge.crm.faults.add(FakeCrm.Fault.SERVER_ERROR);
        keepPolled(Duration.ofMinutes(5));
        int calls = bridge.crm.calls;

        assertThat(bridge.runtime.known("default", "deals").freshAt()).isEmpty();
        assertThat(bridge.runtime.known("default", "deals").error()).isPresent();
        assertThat(bridge.crm.calls).isEqualTo(calls);

        bridge.after(Duration.ofMinutes(1));
        assertThat(bridge.runtime.known("default", "deals").freshAt()).isPresent();
    }

    @Test
    void a_feed_that_does_not_exist_is_refused() {
        assertThatThrownBy(() -> bridge.runtime.keepPolled("default", "dealz", Duration.ofMinutes(5)))
                .hasMessageContaining("no feed \"dealz\"");
        assertThatThrownBy(() -> bridge.runtime.keepPolled("other", "deals", Duration.ofMinutes(5)))
                .hasMessageContaining("no connection \"other\"");
    }
}
