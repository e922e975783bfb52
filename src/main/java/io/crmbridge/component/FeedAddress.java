package io.crmbridge.component;

import io.crmbridge.feed.Choice;
import io.crmbridge.feed.Inbox;
import java.time.Duration;
import java.util.Optional;

/**
 * Which feed, or feeds, of a connection an endpoint is on.
 *
 * @param resource as routes write it, in the header CamelCrmFeed
 * @param key of the one feed of a resource that has several, or what stands before the key that a choice tells
 * @param choice which of the feeds that a resource has for each record of a listing
 * @param header that tells the key
 * @param within what stands before the resource in the name of its feed
 */
public record FeedAddress(
        String resource, Optional<String> key, Optional<Choice> choice, String within, String header) {

    public static FeedAddress of(String resource) {
        return new FeedAddress(resource, Optional.empty(), Optional.empty(), "", CrmConstants.SEQUENCE);
    }

    public static FeedAddress ofKey(String resource, String key) {
        return new FeedAddress(resource, Optional.of(key), Optional.empty(), "", CrmConstants.SEQUENCE);
    }

    public static FeedAddress ofInbox(String name) {
        return new FeedAddress(name, Optional.empty(), Optional.empty(), Inbox.FEEDS, CrmConstants.SEQUENCE);
    }

    /** @param chosen id or name of a record of the listing, or {@code *} @param header tells which one it is */
    public static FeedAddress ofEach(String resource, String listing, String chosen, String header) {
        return new FeedAddress(
                resource,
                Optional.empty(),
                Optional.of(new Choice(listing, chosen, Optional.empty(), NearestWord::hint)),
                "",
                header);
    }

    /** The feed of a sequence's former members, of one sequence or of each. */
    public static FeedAddress ofFormerMembers(String resource, String listing, String chosen, String sweepFor) {
        Duration time = FeedOptions.duration("sweepFor", sweepFor);
        return new FeedAddress(
                resource,
                Optional.of("sequence"),
                Optional.of(new Choice(listing, chosen, Optional.of(time), NearestWord::hint)),
                "",
                CrmConstants.SEQUENCE);
    }

    /** As the store names it, where one is meant. */
    public String feed() {
        return within + key.map(k -> resource + "/" + k).orElse(resource);
    }
}
