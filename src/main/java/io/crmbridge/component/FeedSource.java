package io.crmbridge.component;

/** An endpoint that may be on a feed, as a route's source. */
public interface FeedSource {
    /** @throws IllegalArgumentException when it cannot be a source as it is; the message names the endpoint */
    void checkSource();
}
