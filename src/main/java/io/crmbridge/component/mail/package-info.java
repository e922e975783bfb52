/** What makes Camel's own {@code smtp:} and {@code smtps:} safe: keys, outcomes, time-outs, encryption. */
package io.crmbridge.component.mail;
