package io.crmbridge.bundle;

import java.util.Set;

/**
 * What a route is made of, to tell whether another version of its bundle changes it.
 *
 * @param hash over its definition and all that it uses of the bundle
 * @param channels {@code direct:} and {@code seda:} endpoints that it reads or writes: routes that share one live in one context
 */
record RouteMakeUp(String hash, Set<String> channels) {
    /** Whether a channel is one of these; an asterisk, for a name that is made for each exchange, is all of its scheme. */
    static boolean meets(String channel, Set<String> others) {
        String all = channel.substring(0, channel.indexOf(':')) + ":*";
        return others.contains(channel)
                || others.contains(all)
                || channel.equals(all)
                        && others.stream()
                                .anyMatch(other -> other.startsWith(channel.substring(0, channel.length() - 1)));
    }
}
