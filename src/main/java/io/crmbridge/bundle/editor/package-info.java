/** JSON schemas by which an editor completes and checks what is written in a bundle. */
package io.crmbridge.bundle.editor;
