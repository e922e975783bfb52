/** A bundle's routes tried out: on a scratch store, with a recorder in the place of what is outside. */
package io.crmbridge.bundle.rehearse;
