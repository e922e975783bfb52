/**
 * The feed core: polling that proves continuity, and delivery that loses nothing.
 *
 * <p>A poll ends at the change log in one transaction; every route reads the log at its own pace. This room knows no
 * Camel: a route is a {@link io.crmbridge.feed.Delivery} that answers with an {@link io.crmbridge.feed.Outcome}.
 * Time comes from a Clock, waits sit on a {@link io.crmbridge.feed.Timer}, so a test can drive both by hand.
 */
package io.crmbridge.feed;
