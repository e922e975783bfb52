/** ImpactiveAI: the Zapier API and, where it is needed, the Agent API. */
package io.crmbridge.crm.impactiveai;
