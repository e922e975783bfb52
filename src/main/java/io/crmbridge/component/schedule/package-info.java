/**
 * Routes on {@code quartz:}. Camel fires them and forgets; here each fire is on record, one that was missed while no bridge
 * ran is made up for once, one that failed passingly is tried again, and its effects have keys that stay the same.
 */
package io.crmbridge.component.schedule;
