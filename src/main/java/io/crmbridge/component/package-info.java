/**
 * Camel glue: sources and targets of routes. A Camel failure becomes an {@link io.crmbridge.feed.Outcome} here, and
 * endpoints delegate to the rooms below.
 */
package io.crmbridge.component;
