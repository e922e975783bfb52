/** Shipped routes once more, in Java: bridge.routes.java=io.crmbridge.bundle.shipped.DealsInJava. */
package io.crmbridge.bundle.shipped;
