/**
 * Routes with nothing outside: what they send is recorded in the place of being sent, and all else is real. What a real step does
 * before it sends (a mail's making, an enrolment's checks, the look for a contact) is done here too.
 */
package io.crmbridge.component.rehearse;
