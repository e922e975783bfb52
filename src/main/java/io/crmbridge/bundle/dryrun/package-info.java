/** What a bundle's routes would do with records of the real CRM, without doing it. */
package io.crmbridge.bundle.dryrun;
