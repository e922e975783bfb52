/**
 * Stand-ins of the outside world over real HTTP and SMTP, for the demo and the tests: the ImpactiveAI CRM, the Intellivizz CRM
 * (in a room of its own), a webhook receiver, a mail server.
 * Shares no code with the other rooms, so that one misreading of an API cannot pass on both sides.
 */
package io.crmbridge.sandbox;
