package io.crmbridge.component;

import io.crmbridge.feed.Choice;
import java.util.Optional;

/**
 * Which feed, or feeds, of a connection an endpoint is on.
 *
 * @param resource as routes write it, in the header CamelCrmFeed
 * @param key of the one feed of a resource that has several; empty where it has one, or where a choice tells
 * @param choice which of the feeds that a resource has for each record of a listing
 */
public record FeedAddress(String resource, Optional<String> key, Optional<Choice> choice) {

    public static FeedAddress of(String resource) {
        return new FeedAddress(resource, Optional.empty(), Optional.empty());
    }

    public static FeedAddress ofKey(String resource, String key) {
        return new FeedAddress(resource, Optional.of(key), Optional.empty());
    }

    /** @param chosen id or name of a record of the listing, or {@code *} */
    public static FeedAddress ofEach(String resource, String listing, String chosen) {
        return new FeedAddress(resource, Optional.empty(), Optional.of(new Choice(listing, chosen, NearestWord::hint)));
    }

    /** As the store names it, where one is meant. */
    String feed() {
        return key.map(k -> resource + "/" + k).orElse(resource);
    }
}
