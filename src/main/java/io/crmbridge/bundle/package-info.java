/** A bundle: its configuration, its routes, what is wrong with them, and running them in a Camel context. */
package io.crmbridge.bundle;
