/** {@code lead:<name>}: what came in becomes a lead, by leads/&lt;name&gt;.yaml. */
package io.crmbridge.component.lead;
