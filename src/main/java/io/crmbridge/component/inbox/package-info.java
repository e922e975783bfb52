/** {@code inbox:<name>}: entries from outside, durable before they are acknowledged, as a source and as a target; and over HTTP. */
package io.crmbridge.component.inbox;
