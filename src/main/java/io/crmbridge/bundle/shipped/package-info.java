/**
 * The patterns of routes/ once more, in Java, shown side by side in docs/java.md. None runs until bridge.routes.java names its
 * class; an id ends in {@code -in-java}, and so do the files' folders, for both may run at a time.
 */
package io.crmbridge.bundle.shipped;
