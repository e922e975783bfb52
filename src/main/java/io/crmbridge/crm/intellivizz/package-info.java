/**
 * Intellivizz. Its document shows no paths, so that its operations are data: a catalogue with what is assumed, over which a
 * customer lays what the CRM gave him.
 */
package io.crmbridge.crm.intellivizz;
