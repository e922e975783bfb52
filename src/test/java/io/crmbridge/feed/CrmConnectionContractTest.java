package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.CrmStandIn;
import io.crmbridge.crm.FeedContract;
import io.crmbridge.feed.Dispatching.Route;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription.StartFrom;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All feeds of one connector together: what one of them is told of the key holds for each, over real HTTP. */
@Timeout(60)
abstract class CrmConnectionContractTest {
    private static final Duration DELAY = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock("2026-05-01T12:00:00.250Z");
    private final ManualTimer timer = new ManualTimer(clock);
    private final ManualExecutor executor = new ManualExecutor();
    private final Map<FeedContract, Route> routes = new LinkedHashMap<>();
    private CrmStandIn standIn;
    private Crm crm;
    private Store store;
    private FeedRuntime runtime;

    abstract CrmStandIn standIn(Clock clock);

    @BeforeEach
    void start() {
        standIn = standIn(clock);
        crm = standIn.connect(standIn.key(), CrmHttp.Limits.DEFAULT);
        store = Store.open(folder, clock);
        runtime = new FeedRuntime(
                store, List.of(crm), FeedSettings.DEFAULT, clock, timer, executor, executor, new Random(1));
        for (FeedContract feed : standIn.records(crm)) {
            Route route = new Route();
            routes.put(feed, route);
            runtime.subscribe(spec(feed), route).start();
        }
        run();
    }

    @AfterEach
    void stop() {
        runtime.close();
        store.close();
        standIn.close();
    }

    @Test
    void one_auth_test_is_enough_for_all_feeds() {
        after(DELAY);

        assertThat(standIn.requests(standIn.authPath())).isEqualTo(1);
        assertThat(source().state()).isEqualTo(Source.State.OK);
        assertThat(source().workspaceId()).contains(standIn.workspace().id());
    }

    @Test
    void what_changes_reaches_the_route_of_its_feed() {
        writeToEach("a");

        after(DELAY);

        routes.forEach((feed, route) -> assertThat(route.got).containsExactly(feed.name() + "-a"));
    }

    @Test
    void a_retry_after_holds_for_every_feed_of_the_key() {
        FeedContract first = crm.feeds().iterator().next();
        standIn.on(first.path())
                .times(1)
                .status(429)
                .header("Retry-After", "600")
                .arm();
        runtime.poll("default", first.name());
        writeToEach("a");
        long before = allRequests();

        for (int minute = 1; minute < 10; minute++) {
            after(DELAY);
        }
        assertThat(allRequests()).as("within the ten minutes").isEqualTo(before);

        after(DELAY.multipliedBy(2));
        routes.forEach((feed, route) -> assertThat(route.got).containsExactly(feed.name() + "-a"));
    }

    @Test
    void a_refused_key_stops_every_feed_and_an_accepted_one_loses_nothing() {
        standIn.revokeKey();
        after(DELAY);
        assertThat(source().state()).isEqualTo(Source.State.REFUSED);
        assertThat(store.sources().feeds())
                .extracting(FeedState::error)
                .anySatisfy(error -> assertThat(error.orElse(""))
                        .contains("does not accept this key")
                        .doesNotContain(standIn.key()));
        long calls = feedRequests();
        long tests = standIn.requests(standIn.authPath());
        writeToEach("a");

        for (int minute = 1; minute <= 60; minute++) {
            after(DELAY);
        }
        assertThat(feedRequests()).as("calls of feeds while the key is refused").isEqualTo(calls);
        assertThat(standIn.requests(standIn.authPath()) - tests)
                .as("auth tests within the hour")
                .isBetween(3L, 8L);

        standIn.acceptKeyAgain();
        for (int minute = 1; minute <= 62; minute++) {
            after(DELAY);
        }
        assertThat(source().state()).isEqualTo(Source.State.OK);
        routes.forEach((feed, route) -> assertThat(route.got).containsExactly(feed.name() + "-a"));
        assertThat(store.sources().gaps(true)).isEmpty();
    }

    private void writeToEach(String name) {
        clock.advance(Duration.ofMillis(1));
        routes.keySet().forEach(feed -> standIn.put(feed, feed.name() + "-" + name, clock.instant()));
    }

    private void after(Duration time) {
        clock.advance(time);
        run();
    }

    private void run() {
        while (executor.runOne(0) || timer.runOneDue()) {
            Thread.onSpinWait();
        }
    }

    private Source source() {
        return store.sources().sources().get(0);
    }

    private long feedRequests() {
        return routes.keySet().stream()
                .mapToLong(feed -> standIn.requests(feed.path()))
                .sum();
    }

    private long allRequests() {
        return feedRequests() + standIn.requests(standIn.authPath());
    }

    private static SubscriptionSpec spec(FeedContract feed) {
        return new SubscriptionSpec(
                "bundle",
                feed.name(),
                feed.name(),
                "default",
                feed.name(),
                StartFrom.NOW,
                DELAY,
                Optional.empty(),
                1,
                1,
                RetryPolicy.DEFAULT,
                Optional.empty());
    }
}
