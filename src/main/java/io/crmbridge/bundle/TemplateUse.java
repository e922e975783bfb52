package io.crmbridge.bundle;

import java.util.Set;

/**
 * A {@code template:} step whose body is known to be a feed's record, or a list of them.
 *
 * @param type of the connection, for example {@code impactiveai}
 * @param connection its name, or an asterisk
 * @param set names of headers and properties that the route sets
 */
public record TemplateUse(String template, String type, String connection, String feed, Set<String> set) {}
