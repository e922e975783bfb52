/**
 * A stand-in of the Intellivizz CRM over real HTTP: its resources, limits, OAuth and webhooks. Its paths are assumptions, as those of
 * the bridge are; they were written from the same list, and by another hand.
 */
package io.crmbridge.sandbox.intellivizz;
