package io.crmbridge.feed;

import io.crmbridge.state.Subscription.StartFrom;
import java.time.Duration;
import java.util.Optional;
import org.quartz.CronExpression;

/**
 * What a route asks of a feed.
 *
 * @param name identity of the place, by default the route's id
 * @param delay the feed is polled at the shortest delay of its routes
 * @param cron with its time zone: the route is fed, after a fresh poll, when it fires; the delay still polls
 * @param parallel lanes; changes of one record stay in order
 * @param batchSize most changes in one exchange; 1: one change is one exchange
 * @param note shown in status beside the route, for example that it is not durable
 */
public record SubscriptionSpec(
        String bundle,
        String name,
        String routeId,
        String connection,
        String feed,
        StartFrom startFrom,
        Duration delay,
        Optional<CronExpression> cron,
        int parallel,
        int batchSize,
        RetryPolicy retry,
        Optional<String> note) {

    /** The same on another feed. */
    SubscriptionSpec on(String otherFeed, StartFrom from) {
        return new SubscriptionSpec(
                bundle, name, routeId, connection, otherFeed, from, delay, cron, parallel, batchSize, retry, note);
    }

    public SubscriptionSpec {
        if (parallel < 1 || parallel > 256) {
            throw new IllegalArgumentException("parallel must be 1 to 256, not " + parallel);
        }
        if (batchSize < 1 || batchSize > 10_000) {
            throw new IllegalArgumentException("batchSize must be 1 to 10000, not " + batchSize);
        }
    }
}
