package io.crmbridge.feed;

/** Where the changes of one feed come from, and who is woken by them. */
interface Feeding {
    long feedId();

    void add(SubscriptionRunner runner);

    void remove(SubscriptionRunner runner);

    /** Begins to ask for changes, if it is not at it already. */
    void start();
}
