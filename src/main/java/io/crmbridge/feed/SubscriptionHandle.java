package io.crmbridge.feed;

/** A route's hold on its subscription. */
public interface SubscriptionHandle extends AutoCloseable {
    /** Begins to poll and to deliver; returns at once. */
    void start();

    /** Name of a {@link io.crmbridge.state.Subscription.State}. */
    String state();

    /** Hands out nothing more, waits a little for what is with the route, and keeps the place. */
    @Override
    void close();
}
