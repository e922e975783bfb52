/** Deploying a packed bundle to a data folder, whether a bridge runs there or not, and rolling back. */
package io.crmbridge.bundle.deploy;
