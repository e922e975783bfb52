package io.crmbridge.component.schedule;

import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.Effect;
import io.crmbridge.component.FireTimes;
import io.crmbridge.component.Outcomes;
import io.crmbridge.crm.BackOff;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Schedules.Schedule;
import io.crmbridge.state.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fires of one route, each known by the time it was due. */
final class ScheduledRoute extends RoutePolicySupport {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledRoute.class);
    private static final String DUE = "scheduledFireTime";
    private static final String NEXT = "nextFireTime";
    private static final String FIRE = "crmFire";
    private static final BackOff AGAIN = new BackOff(Duration.ofMinutes(1), Duration.ofMinutes(30));
    private static final int ATTEMPTS = 8;

    private final ScheduledRoutes all;
    private final String routeId;
    private final Map<Instant, Fire> failed = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    /** @param effects keys of what has succeeded, which a further try does not repeat */
    private record Fire(Instant due, int attempt, Set<String> effects) {}

    ScheduledRoute(ScheduledRoutes all, String routeId) {
        this.all = all;
        this.routeId = routeId;
    }

    @Override
    public void onStart(Route route) {
        stopped = false;
        try {
            Instant now = all.clock().instant();
            Optional<FireTimes> times = times(route, now);
            Schedule known = all.schedules().plan(all.bundle(), routeId, times.flatMap(t -> t.next(now)));
            if (all.catchUp()) {
                missed(known, times, now).ifPresent(due -> {
                    boolean begun = known.due().equals(Optional.of(due));
                    LOG.info(
                            "route {}: the fire that was due at {} {}; it runs now",
                            routeId,
                            due,
                            begun ? "has not come to its end" : "was missed");
                    if (begun) {
                        failed.put(due, new Fire(due, known.attempts() + 1, keys(known.effects())));
                    }
                    all.runs().execute(() -> run(route, due));
                });
            }
        } catch (StoreException e) {
            LOG.error("route {}: its schedule could not be noted: {}", routeId, e.getMessage());
        }
    }

    @Override
    public void onStop(Route route) {
        stopped = true;
    }

    private static Set<String> keys(String saved) {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        if (!saved.isEmpty()) {
            keys.addAll(List.of(saved.split(" ")));
        }
        return keys;
    }

    private static Optional<FireTimes> times(Route route, Instant now) {
        return route.getEndpoint() instanceof QuartzEndpoint quartz && quartz.getCron() != null
                ? Optional.of(new FireTimes(
                        quartz.getCron(),
                        Optional.ofNullable(quartz.getTriggerParameters())
                                .map(parameters -> parameters.get("timeZone"))
                                .map(Object::toString),
                        now))
                : Optional.empty();
    }

    /** The last fire that was due and did not run, or did not come to its end before the bridge did. */
    private static Optional<Instant> missed(Schedule known, Optional<FireTimes> times, Instant now) {
        Instant after = known.due().orElse(known.since());
        return times.flatMap(t -> t.last(after, now))
                .or(() -> known.ended().isEmpty() ? known.due() : Optional.empty());
    }

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        Instant due = instant(exchange, DUE).orElseGet(all.clock()::instant);
        Fire before = failed.remove(due);
        Fire fire = before == null ? new Fire(due, 1, ConcurrentHashMap.newKeySet()) : before;
        exchange.setProperty(FIRE, fire);
        exchange.getMessage().setHeader(CrmConstants.DUE, due.toString());
        exchange.getMessage()
                .setHeader(
                        CrmConstants.IDEMPOTENCY_KEY,
                        Effect.begin(exchange, all.bundle(), routeId, due.toString(), fire.effects()));
        try {
            Optional<Instant> next = instant(exchange, NEXT)
                    .or(() -> times(route, all.clock().instant())
                            .flatMap(t -> t.next(all.clock().instant())));
            all.schedules().fired(all.bundle(), routeId, due, next);
        } catch (StoreException e) {
            LOG.error("route {}: its fire could not be noted: {}", routeId, e.getMessage());
        }
    }

    private static Optional<Instant> instant(Exchange exchange, String header) {
        return exchange.getMessage().getHeader(header) instanceof Date date
                ? Optional.of(date.toInstant())
                : Optional.empty();
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        Fire fire = exchange.getProperty(FIRE, Fire.class);
        Optional<Outcome> failure = Optional.ofNullable(exchange.getException()).map(Outcomes.DEFAULT::of);
        // It is told here, without the text of the exception, which may quote a record; Camel's job would tell it with.
        exchange.setException(null);
        try {
            if (failure.filter(outcome -> passes(outcome) && fire.attempt() < ATTEMPTS)
                    .isPresent()) {
                again(route, fire, failure.get().reason());
            } else {
                failure.ifPresent(outcome ->
                        LOG.error("route {}: the fire due at {} failed: {}", routeId, fire.due(), outcome.reason()));
                all.schedules().ended(all.bundle(), routeId, fire.due(), failure.map(Outcome::reason));
            }
        } catch (StoreException e) {
            LOG.error("route {}: the end of its fire could not be noted: {}", routeId, e.getMessage());
        }
    }

    private static boolean passes(Outcome outcome) {
        return outcome instanceof Outcome.Passing || outcome instanceof Outcome.TargetDown;
    }

    private void again(Route route, Fire fire, String reason) {
        Duration wait = AGAIN.after(fire.attempt(), all.random());
        LOG.warn(
                "route {}: the fire due at {} failed: {}; next try in {} s",
                routeId,
                fire.due(),
                reason,
                wait.toSeconds());
        failed.put(fire.due(), new Fire(fire.due(), fire.attempt() + 1, fire.effects()));
        all.timer()
                .schedule(
                        wait,
                        () -> all.runs().execute(() -> {
                            // Unless the route was started anew meanwhile, which runs it too.
                            if (failed.containsKey(fire.due())) {
                                run(route, fire.due());
                            }
                        }));
        all.schedules()
                .postponed(
                        all.bundle(),
                        routeId,
                        fire.due(),
                        reason + "; it is tried again",
                        String.join(" ", fire.effects()));
    }

    private void run(Route route, Instant due) {
        if (stopped) {
            return;
        }
        DefaultConsumer consumer = (DefaultConsumer) route.getConsumer();
        Exchange exchange = consumer.createExchange(false);
        exchange.getMessage().setHeader(DUE, Date.from(due));
        try {
            consumer.getProcessor().process(exchange);
        } catch (Exception e) {
            LOG.error(
                    "route {}: the fire due at {} could not run: {}",
                    routeId,
                    due,
                    e.getClass().getSimpleName());
        }
    }
}
