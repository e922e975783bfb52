/** Leads: who may be enrolled into a sequence, and who must not. */
package io.crmbridge.lead;
