package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Processor;
import org.apache.camel.ServiceStatus;
import org.apache.camel.StatefulService;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Suspended, stopped, removed or without its target, a route loses nothing and repeats nothing. */
@Timeout(60)
class FeedRouteLifeTest extends FeedRoutes {
    @Test
    void a_suspended_route_gets_nothing_and_after_it_resumes_everything_once() throws Exception {
        create("deals", Map.of("name", "before"));
        awaitDelivered("deals", 1);
        context.getRouteController().suspendRoute("deals");
        assertThat(context.getRouteController().getRouteStatus("deals")).isEqualTo(ServiceStatus.Suspended);

        String id = create("deals", Map.of("name", "meanwhile 1"));
        workspace.update("deals", id, Map.of("name", "meanwhile 2"));
        poll("deals");
        awaitDelivered("stages", 3);
        assertThat(names("mock:deals")).containsExactly("before");

        context.getRouteController().resumeRoute("deals");
        create("deals", Map.of("name", "after"));
        awaitDelivered("deals", 4);

        assertThat(names("mock:deals")).containsExactly("before", "meanwhile 1", "meanwhile 2", "after");
        assertThat(context.getRouteController().getRouteStatus("deals")).isEqualTo(ServiceStatus.Started);
    }

    @Test
    void a_suspended_route_that_is_stopped_and_started_is_subscribed_once() throws Exception {
        context.getRouteController().suspendRoute("deals");
        create("deals", Map.of("name", "meanwhile"));
        context.getRouteController().stopRoute("deals");
        context.getRouteController().startRoute("deals");

        create("deals", Map.of("name", "after"));
        awaitDelivered("deals", 2);

        assertThat(names("mock:deals")).containsExactly("meanwhile", "after");
    }

    @Test
    void a_stop_waits_for_what_is_with_the_route_and_repeats_nothing() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        getMockEndpoint("mock:deals").whenAnyExchangeReceived(exchange -> {
            begun.countDown();
            mayEnd.await();
        });
        workspace.create("deals", Map.of("name", "first"));
        workspace.create("deals", Map.of("name", "second"));
        poll("deals");
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> stopRoute("deals"), threads);
        StatefulService source = (StatefulService) context.getRoute("deals").getConsumer();
        await().until(() -> !source.isStarted());
        mayEnd.countDown();
        stop.get(20, TimeUnit.SECONDS);
        create("deals", Map.of("name", "third"));
        context.getRouteController().startRoute("deals");
        awaitDelivered("deals", 3);

        assertThat(names("mock:deals")).containsExactly("first", "second", "third");
    }

    @Test
    void a_route_that_is_removed_and_returns_goes_on_where_it_was() throws Exception {
        create("deals", Map.of("name", "before"));
        awaitDelivered("deals", 1);
        stopRoute("deals");
        assertThat(context.removeRoute("deals")).isTrue();

        create("deals", Map.of("name", "meanwhile"));
        RouteBuilder.addRoutes(
                context,
                builder -> builder.from("impactiveai:deals?delay=2h")
                        .routeId("deals")
                        .to("mock:returned"));
        create("deals", Map.of("name", "after"));
        awaitDelivered("deals", 3);

        assertThat(names("mock:returned")).containsExactly("meanwhile", "after");
    }

    @Test
    void a_target_that_is_down_shows_in_camels_health_until_it_is_back() throws Exception {
        HealthCheckRegistry.get(context)
                .register(HealthCheckRegistry.get(context).resolveById("consumers"));
        AtomicBoolean down = new AtomicBoolean(true);
        Processor target = exchange -> {
            if (down.get()) {
                throw new ConnectException("down");
            }
        };
        getMockEndpoint("mock:deals").whenAnyExchangeReceived(target);
        assertThat(health("deals")).isEqualTo(HealthCheck.State.UP);

        for (int i = 0; i < 5; i++) {
            workspace.create("deals", Map.of("name", "deal " + i));
        }
        poll("deals");
        await().atMost(Duration.ofSeconds(15)).until(() -> health("deals") == HealthCheck.State.DOWN);
        assertThat(health("stages")).isEqualTo(HealthCheck.State.UP);

        down.set(false);
        awaitDelivered("deals", 5);
        await().atMost(Duration.ofSeconds(15)).until(() -> health("deals") == HealthCheck.State.UP);
    }

    private HealthCheck.State health(String route) {
        return HealthCheckHelper.invoke(context, "full").stream()
                .filter(result -> result.getCheck().getId().equals("consumer:" + route))
                .map(HealthCheck.Result::getState)
                .findFirst()
                .orElseThrow();
    }

    private void stopRoute(String id) {
        try {
            context.getRouteController().stopRoute(id);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
